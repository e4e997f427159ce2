"""Web addresses: what a reader clicks, what is compared, and what is polled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from bot.domain.hosts import read_authority
from bot.domain.tracking import without_tracking
from bot.domain.unwrapping import wrapped
from bot.errors import AddressError

MAX_LENGTH = 4096
"""Characters; a longer link is no link to click."""
MAX_KEY_LENGTH = 500
"""Characters; the end of a longer key is replaced by its hash, so that every database can index it."""
MAX_WRAPPINGS = 4

_ABSOLUTE = re.compile(
    r"(https?):[/\\]*([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]|%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SAME_SITE = ("www.", "m.", "mobile.", "amp.")
_INDEX = re.compile(r"/(?:index\.(?:html?|php|aspx?)|default\.aspx?)")
_AMP_PARAMETERS = frozenset({"amp", "amp=", "amp=1", "amp=true", "_amp=true", "_amp=1", "outputtype=amp"})


@dataclass(frozen=True, slots=True)
class _Parts:
    """A web address taken apart; everything is ASCII, scheme and host are lower-case."""

    scheme: str
    host: str
    port: str
    """With its colon; empty for the scheme's own."""
    path: str
    query: str
    fragment: str

    def with_query(self, query: str) -> str:
        """Return the address with another query and without its fragment."""
        return f"{self.scheme}://{self.host}{self.port}{self.path}{query and '?'}{query}"

    @property
    def address(self) -> str:
        """The address without its fragment."""
        return self.with_query(self.query)

    @property
    def route(self) -> str:
        """The fragment where it names a page of a program in the page, else nothing."""
        return f"#{self.fragment}" if self.fragment.startswith(("!", "/")) else ""


# ---------------------------------------------------------------- what others call


def clean_url(text: str, base: str) -> str | None:
    """Return the http(s) address that a reader should click, or None when there is none.

    Absolute, unwrapped, ASCII, without user name, tracking parameters and any fragment that only points
    into the page.
    """
    link = clean_link(text, base)
    return link[0] if link else None


def clean_link(text: str, base: str, *, keep_fragment: bool = False) -> tuple[str, str] | None:
    """Return `clean_url` (with its fragment, where that is to be kept) and its `url_key` in one go."""
    parts = _split(text, base)
    if parts is None:
        return None
    parts = _unwrap(parts)
    query = without_tracking(parts.query)
    fragment = f"#{parts.fragment}" if keep_fragment and parts.fragment else parts.route
    url = parts.with_query(query) + fragment
    return (url, _key(parts, query)) if len(url) <= MAX_LENGTH else None


def absolute_url(text: str, base: str) -> str | None:
    """Return an absolute http(s) address with everything that it was published with, or None; for images."""
    parts = _split(text, base)
    url = parts.address if parts else ""
    return url if 0 < len(url) <= MAX_LENGTH else None


def url_key(url: str) -> str:
    """Return a web address in the form in which addresses are compared; empty when it is none.

    No scheme, no `www.`, no mobile or AMP variant, no tracking, no fragment; parameters in order.
    """
    parts = _split(url if _has_scheme(url) else f"https://{url}", "")
    if parts is None:
        return ""
    parts = _unwrap(parts)
    return _key(parts, without_tracking(parts.query))


def host_name(url: str) -> str:
    """Return the host as a reader knows it, without `www.`; an international one stays in its ASCII form.

    That form cannot pose as another site by look-alike letters.
    """
    parts = _split(url, "")
    return parts.host.removeprefix("www.") if parts else ""


def feed_url(text: str) -> str:
    """Return the address to poll, in canonical form; raise AddressError when it cannot be polled."""
    address = _without_feed_scheme(text.strip())
    if "@" in _authority_of(address):
        raise AddressError(
            "This address holds a user name or password, which would end up in lists and logs. "
            "Leave out what stands before the @, and name a secret in the feed's `credentials` instead."
        )
    if not _has_scheme(address):
        address = f"https://{address.lstrip('/')}"
    elif not address.lower().startswith(("http:", "https:")):
        raise AddressError(f"Feeds are read over http and https only, not {address.partition(':')[0][:20]}:.")
    parts = _split(address, "")
    if parts is None or len(parts.address) > MAX_LENGTH:
        raise AddressError(f"“{text.strip()[:80]}” is not a web address. Write https://host/path.")
    return parts.address


# ---------------------------------------------------------------- taking apart


def _split(text: str, base: str) -> _Parts | None:
    """Read an address as a browser would, relative to `base`; None for anything but http and https."""
    text = text.strip()
    if len(text) > 4 * MAX_LENGTH:
        return None
    if not (text.isascii() and text.isprintable()):
        text = _CONTROL.sub("", text)
    if "&" in text:  # escaped twice by whoever made the feed
        text = text.replace("&amp;", "&").replace("&#038;", "&").replace("&#38;", "&")
    found = _ABSOLUTE.fullmatch(text) or _ABSOLUTE.fullmatch(_resolve(text, base))
    if found is None:
        return None
    scheme = found[1].lower()
    authority = read_authority(found[2], "80" if scheme == "http" else "443")
    if authority is None:
        return None
    path = _path(found[3])
    return _Parts(scheme, *authority, path, _encoded(found[4] or ""), _encoded(found[5] or ""))


def _resolve(text: str, base: str) -> str:
    """Make a relative reference absolute; empty when that cannot be done."""
    if text.lower().startswith("www."):
        return f"https://{text}"
    found = _ABSOLUTE.fullmatch(base)
    if not text or _SCHEME.match(text) or found is None:
        return ""
    scheme, authority, path, query = found.group(1, 2, 3, 4)
    start = text.replace("\\", "/", 2)[:2]
    if start == "//":
        return f"{scheme}:{text}"
    kept = {
        "/": "",
        "?": path,
        "#": f"{path}?{query}" if query else path,
    }.get(start[:1], path[: path.rfind("/") + 1] or "/")
    return f"{scheme}://{authority}{kept}{text}"


def _path(path: str) -> str:
    """Return a path with slashes only, without dot segments, percent-encoded where it must be."""
    path = _encoded(path.replace("\\", "/"))
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if segments[-1] in {".", ".."} and kept else "")


def _encoded(text: str) -> str:
    return _UNSAFE.sub(_percent, text)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def _unwrap(parts: _Parts) -> _Parts:
    """Follow links within links as far as the bytes tell the target."""
    for _ in range(MAX_WRAPPINGS):
        target = wrapped(parts.host, parts.path, parts.query)
        inner = _split(target, "") if target else None
        if inner is None:
            break
        parts = inner
    return parts


# ---------------------------------------------------------------- feed addresses


def _has_scheme(address: str) -> bool:
    """Tell `mailto:x` from `example.org:8080`."""
    found = _SCHEME.match(address)
    return found is not None and not address[found.end() : found.end() + 1].isdigit()


def _without_feed_scheme(address: str) -> str:
    if address[:5].lower() != "feed:":
        return address
    rest = address[5:]
    return f"http:{rest}" if rest.startswith("//") else rest


def _authority_of(address: str) -> str:
    """Return what stands where the host should, however the address begins."""
    rest = address.partition("://")[2] or address
    return re.split(r"[/\\?#]", rest.lstrip("/\\"), maxsplit=1)[0]


# ---------------------------------------------------------------- keys


def _key(parts: _Parts, query: str) -> str:
    query = _key_query(query, parts.path)
    key = f"{_key_host(parts.host)}{parts.port}{_key_path(parts.path)}{query and '?'}{query}{parts.route}"
    if len(key) <= MAX_KEY_LENGTH:
        return key
    return f"{key[:MAX_KEY_LENGTH]}~{blake2b(key.encode(), digest_size=16).hexdigest()}"


def _key_host(host: str) -> str:
    """Drop what only chooses a variant of the site: `www.`, `m.`, `mobile.`, `amp.`, also as in `en.m.wikipedia.org`."""
    while host.startswith(_SAME_SITE) and host.count(".") > 1:
        host = host.partition(".")[2]
    return host.replace(".m.", ".", 1)


def _key_path(path: str) -> str:
    if "%" in path:
        path = _ESCAPE.sub(_canonical_escape, path)
    while "//" in path:
        path = path.replace("//", "/")
    path = path.removesuffix("/")
    head, slash, last = path.rpartition("/")
    if _INDEX.fullmatch(f"{slash}{last}".lower()):
        path = head
    return _without_amp(path) if "amp" in path else path


def _without_amp(path: str) -> str:
    segments = path.split("/")
    if len(segments) > 2:
        segments = segments[:-1] if segments[-1] == "amp" else segments
        segments = [segments[0], *segments[2:]] if segments[1] == "amp" and len(segments) > 2 else segments
    last = segments[-1]
    if last.endswith((".amp", ".amp.html")):
        segments[-1] = last.replace(".amp", "")
    return "/".join(segments)


def _canonical_escape(found: re.Match[str]) -> str:
    char = chr(int(found[0][1:], 16))
    return char if char in _UNRESERVED else found[0].upper()


def _key_query(query: str, path: str) -> str:
    if not query:
        return query
    query = _ESCAPE.sub(_canonical_escape, query).replace("+", "%20")
    kept = [
        part.removesuffix("=") for part in query.split("&") if part and part.lower() not in _AMP_PARAMETERS
    ]
    if path.endswith(".html"):  # Blogger's mobile variant
        kept = [part for part in kept if part not in {"m=0", "m=1"}]
    return "&".join(sorted(kept))
