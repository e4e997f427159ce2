"""Whether an address could ever be asked: told to whoever adds it, before anything is dialled."""

from __future__ import annotations

from ipaddress import ip_address

from bot.errors import AddressError, FetchError
from bot.fetch.guard import Guard
from bot.fetch.links import Links
from bot.fetch.rules import FetchRules


def admit(url: str, rules: FetchRules) -> None:
    """Raise AddressError for a port that is not allowed or an address that is not public.

    A host name may still lead to such an address: the guard sees that at every dial.
    """
    try:
        host = Links(rules.ports).read(url).host or ""
    except FetchError as error:
        raise AddressError(f"This address cannot be used: {error.reason}.") from error
    if host == "localhost" or _is_literal(host):
        reason = Guard(rules).refuse_reason("127.0.0.1" if host == "localhost" else host)
        if reason:
            raise AddressError(
                f"This address cannot be used: {reason}. If it is meant, put its network into polling.allow_networks."
            )


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
