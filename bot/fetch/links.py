"""Reads the addresses of feeds and redirects; what cannot be asked for is refused before anything is dialled."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yarl import URL

from bot.errors import FetchError

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
"""Read differently by different programs, so that what is checked would not be what is asked."""
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")


@dataclass(frozen=True, slots=True)
class Links:
    """Reads addresses; `ports` are those that may be asked."""

    ports: frozenset[int]

    def read(self, text: str) -> URL:
        """Read a feed's address; raise FetchError."""
        url = _parsed(text)
        if fault := self._fault(url):
            raise FetchError(fault, permanent=True)
        return url.with_fragment(None) if url.raw_fragment else url

    def follow(self, url: URL, location: str) -> URL:
        """Read where a server redirects to; raise FetchError."""
        target = _parsed(location.strip().replace(" ", "%20"))
        target = url.join(target) if target else target
        if fault := self._fault(target):
            raise FetchError(f"{url.host} redirects to an address that cannot be used: {fault}")
        return target.with_fragment(None)

    def _fault(self, url: URL) -> str | None:
        if not url.scheme:
            return "it is not a web address"
        if url.scheme not in {"http", "https"}:
            return f"only http and https are asked, not “{url.scheme[:20]}”"
        if not url.raw_host or not _HOST.fullmatch(url.raw_host):
            return "the address names no host"
        if url.user is not None or url.password is not None:
            return "the address holds a user name or a password; name a credential for the feed instead"
        if url.port not in self.ports:
            return f"port {url.port} of {url.host} is not among the allowed ones"
        return None


def _parsed(text: str) -> URL:
    """Read an address; an empty one stands for what cannot be read, as the exception would quote it."""
    try:
        return URL() if _UNSAFE.search(text) else URL(text)
    except ValueError:
        return URL()
