"""Host names in the one form in which they can be compared: lower-case ASCII."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_BRACKETED = re.compile(r"\[([0-9a-f:.]+)\](?::(.*))?", re.IGNORECASE)


def read_authority(text: str, default_port: str) -> tuple[str, str] | None:
    """Split `user@host:port` into the host and `:port` (empty for the default one); None when it is no host."""
    text = text.rpartition("@")[2]
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        host, port = _ipv6(bracketed[1]), bracketed[2] or ""
    else:
        name, _, port = text.partition(":")
        host = _name(name)
    number = _port(port) if port else default_port
    if not host or not number:
        return None
    return host, "" if number == default_port else f":{number}"


def _port(port: str) -> str:
    """Return a port without leading zeros; empty when it is none."""
    if len(port) > 8 or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return ""
    return port.lstrip("0")


def _name(host: str) -> str:
    """Return a host name in lower-case ASCII; empty when it is none."""
    if len(host) > 254:
        return ""
    host = host.lower() if host.isascii() else _idna(host)
    host = host.removesuffix(".")
    if not _HOST.fullmatch(host):
        return ""
    last = host[host.rfind(".") + 1 :]
    # Browsers read such a host as a number: 2130706433 is 127.0.0.1.
    return _ipv4(host) if last.isdigit() or last.startswith("0x") else host


def _idna(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _ipv4(host: str) -> str:
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        return ""


def _ipv6(host: str) -> str:
    try:
        return f"[{IPv6Address(host)}]"
    except AddressValueError:
        return ""
