"""Refuses addresses that no feed should lead to, at the moment of dialling.

Only the address that is dialled is judged, never a name or an earlier DNS answer: a name may be answered differently
the second time. What passes is global unicast; the tables name the ranges that Python's `ipaddress` calls global
although they reach something else, and give the others a word that an operator knows.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import AddrInfoType

from bot.fetch.rules import FetchRules

REFUSED = "address not allowed: "

# https://www.iana.org/assignments/iana-ipv4-special-registry
_RESERVED_V4: Mapping[str, str] = {
    "0.0.0.0/8": "means this machine",
    "10.0.0.0/8": "is private",
    "100.64.0.0/10": "is shared by a provider's customers",
    "127.0.0.0/8": "is loopback",
    "168.63.129.16/32": "is a cloud's own service",  # Azure
    "169.254.0.0/16": "is link-local, where clouds keep their secrets",
    "172.16.0.0/12": "is private",
    "192.0.0.0/24": "is reserved for protocols",
    "192.0.2.0/24": "is for documentation",
    "192.88.99.0/24": "is a 6to4 relay",
    "192.168.0.0/16": "is private",
    "198.18.0.0/15": "is for benchmarks",
    "198.51.100.0/24": "is for documentation",
    "203.0.113.0/24": "is for documentation",
    "224.0.0.0/4": "is multicast",
    "240.0.0.0/4": "is reserved",
}
# https://www.iana.org/assignments/iana-ipv6-special-registry
_RESERVED_V6: Mapping[str, str] = {
    "::/128": "means this machine",
    "::1/128": "is loopback",
    "::/96": "hides an IPv4 address",  # IPv4-compatible
    "64:ff9b::/96": "hides an IPv4 address (NAT64)",
    "64:ff9b:1::/48": "hides an IPv4 address (NAT64)",
    "2001::/32": "hides an IPv4 address (Teredo)",
    "2001::/23": "is reserved for protocols",
    "2001:db8::/32": "is for documentation",
    "2002::/16": "hides an IPv4 address (6to4)",
    "3fff::/20": "is for documentation",
    "fc00::/7": "is private",
    "fe80::/10": "is link-local",
    "fec0::/10": "is private",
    "ff00::/8": "is multicast",
}
_GLOBAL_V6 = "2000::/3"
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The third 32 bits of an IPv6 address that tunnels to the IPv4 address in the last 32 (RFC 5214)."""


class AddressRefused(OSError):
    """Raised instead of dialling; the text is fit for an operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EACCES, REFUSED + reason)

    def __str__(self) -> str:
        return str(self.strerror)


class Guard:
    """Makes the sockets of an HTTP client, or refuses to. Pass `socket` to it as its socket factory."""

    def __init__(self, rules: FetchRules) -> None:
        self._ports = rules.ports
        self._allowed = tuple(ip_network(text, strict=False) for text in rules.allowed_networks)
        self._reserved = [
            (ip_network(text), words) for text, words in (*_RESERVED_V4.items(), *_RESERVED_V6.items())
        ]

    def socket(self, addr_info: AddrInfoType) -> socket.socket:
        """Make the socket for one dial; raise AddressRefused."""
        family, kind, protocol, _, address = addr_info
        if reason := self.refuse_reason(str(address[0])):
            raise AddressRefused(reason)
        if address[1] not in self._ports:
            raise AddressRefused(f"port {address[1]} is not among the allowed ones")
        return socket.socket(family=family, type=kind, proto=protocol)

    def refuse_reason(self, address: str) -> str | None:
        """Say why a literal address is not dialled; None when it is."""
        try:
            ip: IPv4Address | IPv6Address = ip_address(address)
        except ValueError:
            return f"{address} is not an address"
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped  # the kernel dials exactly that
        if any(ip in network for network in self._allowed):
            return None
        words = next((words for network, words in self._reserved if ip in network), None) or _otherwise(ip)
        return f"{address} {words}" if words else None


def _otherwise(ip: IPv4Address | IPv6Address) -> str | None:
    if isinstance(ip, IPv6Address):
        if ip not in IPv6Network(_GLOBAL_V6):
            return "is not a public address"
        if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
            return "hides an IPv4 address (ISATAP)"
    return None if ip.is_global else "is not a public address"
