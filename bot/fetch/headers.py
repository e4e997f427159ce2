"""Reads and writes the headers that matter to a poll; nothing a server sends makes it raise."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from multidict import CIMultiDictProxy

from bot.errors import FetchError

LONGEST_WAIT_S = 30 * 86400.0
"""What a server asks for beyond this is taken as this."""
LONGEST_VALIDATOR = 1000

_SECONDS = re.compile(r"[0-9]+")
_MAX_AGE = re.compile(r"""(?:^|[,\s])max-age\s*=\s*"?([0-9]+)""")
_UNCACHED = re.compile(r"(?:^|[,\s])no-(?:cache|store)\s*(?:,|$)")
_HEADER = re.compile(r"([\w!#$%&'*+.^`|~-]+): +(\S.*)")
_SCHEME = re.compile(r"(?:Bearer|Basic|Token) \S.*", re.IGNORECASE)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date, as seconds from now (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return _seconds(value)
    until = http_date(value)
    return _bounded((until - now).total_seconds()) if until else None


def max_age_s(headers: Mapping[str, str] | CIMultiDictProxy[str], now: datetime) -> float | None:
    """Say how long an answer stays fresh (RFC 9111, 4.2); 0 when it must not be kept, None when nothing is said."""
    control = headers.get("Cache-Control")
    if control is not None:
        if isinstance(headers, CIMultiDictProxy):
            control = ",".join(headers.getall("Cache-Control"))
        control = control.lower()
        if "no-" in control and _UNCACHED.search(control):
            return 0.0
        if stated := _MAX_AGE.search(control):
            age = headers.get("Age", "").strip()
            return _bounded(_seconds(stated[1]) - (_seconds(age) if _SECONDS.fullmatch(age) else 0.0))
    expires = headers.get("Expires")
    if expires is None:
        return None
    until = http_date(expires)
    since = http_date(headers.get("Date", "")) or now
    return _bounded((until - since).total_seconds()) if until else 0.0


def http_date(value: str) -> datetime | None:
    """Read an HTTP date; None when it is none."""
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def validator(value: str | None) -> str | None:
    """Return an ETag or Last-Modified that can be sent back as it is; None for what no header could carry."""
    if not value or len(value) > LONGEST_VALIDATOR:
        return None
    value = value.strip(" \t")
    return value if value and value.isascii() and value.isprintable() else None


def credential(secret: str, name: str) -> tuple[str, str]:
    """Make the header of a secret: `user:password`, `Bearer …` or `Header: value`; raise FetchError."""
    secret = secret.strip()
    if secret.isprintable():
        if secret.isascii() and (stated := _HEADER.fullmatch(secret)):
            return stated[1], stated[2]
        if secret.isascii() and _SCHEME.fullmatch(secret):
            return "Authorization", secret
        if ":" in secret and ": " not in secret:
            return "Authorization", "Basic " + base64.b64encode(secret.encode()).decode()
    raise FetchError(
        f"the credential “{name}” cannot be used: write it as user:password, Bearer TOKEN or Header: value"
    )


def _seconds(digits: str) -> float:
    return _bounded(float(digits.strip()[:12]))


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT_S)
