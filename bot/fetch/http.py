"""Asks web servers for feeds: conditionally, politely, and within every limit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import ConfigError, FetchError
from bot.fetch import headers, reasons
from bot.fetch.guard import Guard
from bot.fetch.links import Links
from bot.fetch.names import Names
from bot.fetch.politeness import Politeness
from bot.fetch.rules import FetchRules
from bot.ports import Clock, Request, Response

Credentials = Callable[[str], Awaitable[str | None]]
"""Returns a secret by its name: `user:password`, `Bearer TOKEN` or `Header: value`."""

KEEP_ALIVE_S = 4.0
"""Below the 5 s after which common servers hang up, so that a request rarely meets a closing connection."""
LONGEST_HEADER = 32_768
"""Some news sites send security policies of 10 kB."""
LONGEST_CONTENT_TYPE = 200
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}
DOCUMENTS = frozenset({200, 203})
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class _Step:
    """One request of a fetch, and what led to it."""

    url: URL
    headers: Mapping[str, str]
    secret: tuple[str, str] | None
    left_s: float
    came_by: tuple[URL, ...] = ()
    moved: bool = True
    """Whether every redirect so far was permanent."""

    @property
    def host(self) -> str:
        return self.url.host or ""

    @property
    def conditional(self) -> bool:
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


class HttpFetcher:
    """Satisfies the Fetcher port; enter it, inside the running loop, before fetching."""

    def __init__(
        self,
        rules: FetchRules,
        clock: Clock,
        credentials: Credentials | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._credentials = credentials
        self._resolver = resolver
        self._links = Links(rules.ports)
        self._politeness = Politeness(clock, rules.per_host_gap_s, rules.per_host_in_flight)
        self._open = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = self._resolver or Names()
        self._open.push_async_callback(resolver.close)
        self._session = await self._open.enter_async_context(self._client(resolver))
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._session = None
        await self._open.aclose()

    async def fetch(self, request: Request) -> Response:
        """Ask once, politely and within every limit; raise FetchError for anything but a document or 304."""
        outcome: Response | _Step = await self._first(request)
        while isinstance(outcome, _Step):
            async with self._politeness.turn(outcome.host.rstrip(".")):
                outcome = await self._ask(outcome)
        return outcome

    async def _first(self, request: Request) -> _Step:
        url = self._links.read(request.url)
        sent = {"Accept": request.accept}
        if etag := headers.validator(request.etag):
            sent["If-None-Match"] = etag
        if last_modified := headers.validator(request.last_modified):
            sent["If-Modified-Since"] = last_modified
        return _Step(url, sent, await self._secret(request.credentials), self._rules.timeout_s)

    async def _secret(self, name: str | None) -> tuple[str, str] | None:
        if name is None:
            return None
        try:
            secret = await self._credentials(name) if self._credentials else None
        except ConfigError as error:  # the feed fails until an operator has seen to it, and says why
            raise FetchError(str(error)) from None
        if not secret:
            raise FetchError(f"there is no credential “{name}”; give newsbot the secret under that name")
        return headers.credential(secret, name)

    async def _ask(self, step: _Step) -> Response | _Step:
        if self._session is None:
            raise RuntimeError("enter the fetcher before fetching")
        sent = {**step.headers, step.secret[0]: step.secret[1]} if step.secret else step.headers
        started = asyncio.get_running_loop().time()
        try:
            async with (
                asyncio.timeout(step.left_s),
                self._session.get(step.url, headers=sent, allow_redirects=False) as answer,
            ):
                if answer.status in REDIRECTS and (location := answer.headers.get("Location")):
                    spent = asyncio.get_running_loop().time() - started
                    return self._next(step, location, answer.status in PERMANENT, spent)
                return await self._response(step, answer)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = reasons.of_failure(error, step.host, self._rules.timeout_s)
        # Raised here, it does not carry the client's exception along, whose text holds the whole address.
        raise failure

    def _next(self, step: _Step, location: str, permanent: bool, spent_s: float) -> _Step:
        came_by = (*step.came_by, step.url)
        if len(came_by) > self._rules.max_redirects:
            raise FetchError(f"{came_by[0].host} redirects more than {self._rules.max_redirects} times")
        url = self._links.follow(step.url, location)
        if url in came_by:
            raise FetchError(f"{came_by[0].host} redirects in a circle")
        return _Step(
            url,
            step.headers,
            step.secret if _same_place(came_by[0], url) else None,
            step.left_s - spent_s,
            came_by,
            step.moved and permanent,
        )

    async def _response(self, step: _Step, answer: aiohttp.ClientResponse) -> Response:
        told, now = answer.headers, self._clock.now()
        unchanged = answer.status == NOT_MODIFIED and step.conditional
        if not unchanged and answer.status not in DOCUMENTS:
            wait_s = headers.retry_after_s(told.get("Retry-After"), now)
            raise reasons.of_status(answer.status, step.host, wait_s)
        kept = step.headers if unchanged else {}
        return Response(
            url=str(step.url),
            not_modified=unchanged,
            body=b"" if unchanged else await self._body(step, answer),
            content_type=told.get("Content-Type", "")[:LONGEST_CONTENT_TYPE],
            etag=headers.validator(told.get("ETag", kept.get("If-None-Match"))),
            last_modified=headers.validator(told.get("Last-Modified", kept.get("If-Modified-Since"))),
            max_age_s=headers.max_age_s(told, now),
            moved_to=str(step.url) if step.came_by and step.moved else None,
        )

    async def _body(self, step: _Step, answer: aiohttp.ClientResponse) -> bytes:
        """Read at most `max_bytes` after decompression; `answer.read()` would read without end."""
        limit = self._rules.max_bytes
        size = answer.content_length or 0
        chunks: list[bytes] = []
        if size <= limit:
            size = 0
            async for chunk in answer.content.iter_any():
                size += len(chunk)
                if size > limit:
                    break
                chunks.append(chunk)
        if size > limit:
            raise reasons.too_large(step.host, limit)
        return b"".join(chunks)

    def _client(self, resolver: AbstractResolver) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=resolver,
            socket_factory=Guard(self._rules).socket,
            keepalive_timeout=KEEP_ALIVE_S,
            limit=0,  # whoever waits for a connection would wait on its own 20 s
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._rules.user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),  # one clock for all redirects together: see _ask
            trust_env=False,
            max_field_size=LONGEST_HEADER,
            middlewares=(_once,),
        )


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking again at once when a connection breaks: that would not be polite."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        failure = FetchError(f"{request.url.host} closed the connection without an answer")
    raise failure


def _same_place(feed: URL, to: URL) -> bool:
    """Say whether a feed's secret may go to an address: the feed's own origin, or its https twin."""
    return _origin(to) in {_origin(feed), ("https", feed.host, 443)}


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.host, url.port
