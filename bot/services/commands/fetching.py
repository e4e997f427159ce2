"""Reading an address once, for somebody who waits: what it lists, or which feeds its page offers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from bot.domain.commands.exchange import Caller
from bot.domain.discovery import Offer, feeds_on_page
from bot.domain.expectation import Expectation, expectation
from bot.domain.model import Feed, FeedId, FeedState, ParsedFeed
from bot.domain.urls import host_name
from bot.errors import FetchError, OutsideError, ParseError, UserError
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched

KIND = "feed"
_REFUSED = re.compile(r"\bnot allowed\b|\ballowed ones\b")
"""What is said of an address that newsbot must not ask: trying again does not help."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands at an address: a feed, or a page that offers some."""

    url: str
    parsed: ParsedFeed | None = None
    offers: tuple[Offer, ...] = ()

    @property
    def title(self) -> str:
        """Return how people know it."""
        return (self.parsed.title if self.parsed else "") or host_name(self.url)


async def look(context: Context, url: str) -> Looked:
    """Read an address; raise UserError, with what to do, when it is neither a feed nor a page that offers one."""
    feed = Feed(FeedId(0), KIND, url, FeedState(context.now))
    try:
        response = await context.fetcher.fetch(context.sources[KIND].request(feed))
    except OutsideError as error:
        raise UserError(_told(error)) from error
    try:
        return Looked(url, await context.parser.parse(KIND, response, frozenset()))
    except ParseError as error:
        offers = await asyncio.to_thread(feeds_on_page, response.body, response.content_type, response.url)
        if not offers:
            raise UserError(error.reason) from error
        return Looked(url, offers=offers)


async def outlook(context: Context, caller: Caller, looked: Looked) -> Expectation:
    """Say how many alerts a feed would bring to the channels that somebody can see."""
    entries = looked.parsed.entries if looked.parsed else ()
    subscriptions = await watched(context, caller)
    return await asyncio.to_thread(expectation, entries, looked.title, subscriptions, context.now)


def _told(error: OutsideError) -> str:
    status = error.status if isinstance(error, FetchError) else None
    reason = f"{error.reason[:1].upper()}{error.reason[1:].rstrip('.')}."
    if status in {401, 403}:
        return f"{reason} The publisher refuses. Ask whoever runs newsbot whether there is a login for it."
    if status in {404, 410}:
        return f"{reason} Look on the publisher’s site for the address of its feed."
    if _REFUSED.search(reason):
        return f"{reason} newsbot reads public addresses only, unless whoever runs it allows more."
    return f"{reason} Check the address, or try again later."
