"""Says in an operator's words why there is no document. Only hosts are named: the rest of an address may be secret."""

from __future__ import annotations

import os
from http import HTTPStatus

import aiohttp

from bot.errors import FetchError
from bot.fetch.guard import REFUSED


def of_status(status: int, host: str, retry_after_s: float | None) -> FetchError:
    """Explain an answer that is neither a document nor 304."""
    return FetchError(
        f"{host} answered {status}{_phrase(status)}",
        permanent=status == HTTPStatus.GONE,
        retry_after_s=retry_after_s,
        status=status,
    )


def of_failure(error: Exception, host: str, timeout_s: float) -> FetchError:
    """Explain what the HTTP client raised."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            fault = getattr(error.certificate_error, "verify_message", "") or "no details"
            words = f"the certificate of {host} is not valid ({fault})"
        case aiohttp.ClientSSLError():
            words = f"{host} makes no secure connection that can be used"
        case aiohttp.ClientConnectorDNSError() | UnicodeError():
            words = f"no address for {host}"
        case aiohttp.ClientConnectorError():
            words = _unconnected(error.os_error, host)
        case TimeoutError():
            words = f"{host} took longer than {timeout_s:g} s"
        case aiohttp.InvalidURL():
            words = f"address not allowed: {host} is no usual way to write one"
        case aiohttp.ClientPayloadError():
            words = f"the answer of {host} is damaged or broke off"
        case aiohttp.ClientResponseError():
            words = f"{host} does not answer in readable HTTP"
        case OSError():
            words = _unconnected(error, host)
        case _:
            words = f"{host} could not be asked ({type(error).__name__})"
    return FetchError(words)


def too_large(host: str, max_bytes: int) -> FetchError:
    """Explain a body beyond the limit."""
    size = f"{max_bytes / 1e6:g} MB" if max_bytes >= 1e6 else f"{max_bytes / 1e3:g} kB"
    return FetchError(f"the document of {host} is larger than {size}")


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return ""


def _unconnected(error: OSError, host: str) -> str:
    # Of several addresses dialled in vain the texts come joined, each preceded by its number.
    _, refused, rest = str(error).partition(REFUSED)
    if refused:
        return refused + rest.partition(", ")[0]
    if isinstance(error, ConnectionRefusedError):
        return f"{host} refuses connections"
    if isinstance(error, ConnectionError):
        return f"{host} closed the connection without an answer"
    cause = os.strerror(error.errno) if error.errno else "none of its addresses answers"
    return f"{host} cannot be reached ({cause.lower()})"
