"""The limits that every request is held to."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_PORTS = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True)
class FetchRules:
    """How newsbot asks servers for feeds, and what it puts up with."""

    user_agent: str = "newsbot"
    max_bytes: int = 5_000_000
    """Of a body after decompression."""
    timeout_s: float = 20.0
    """For one fetch with all its redirects; waiting for a host's turn is not counted."""
    max_redirects: int = 5
    per_host_gap_s: float = 1.0
    """From the end of one request to a host to the start of the next."""
    per_host_in_flight: int = 1
    allowed_networks: tuple[str, ...] = ()
    """Networks that may be dialled although they are not public, such as 127.0.0.0/8."""
    extra_ports: tuple[int, ...] = ()
    """Ports that may be dialled besides 80, 443, 8080 and 8443."""

    @property
    def ports(self) -> frozenset[int]:
        return DEFAULT_PORTS | frozenset(self.extra_ports)
