"""`sources add` and `sources test`: read an address, say what it would bring, and read it from now on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands.exchange import (
    Action,
    Button,
    Call,
    Caller,
    Line,
    Look,
    Press,
    Reply,
    Tone,
    line,
    say,
)
from bot.domain.commands.telling import quoted
from bot.domain.message import Run
from bot.domain.model import Draft, DraftId, Entry, Origin, ParsedFeed
from bot.domain.urls import feed_url, host_name
from bot.domain.wording import ago, count
from bot.errors import LimitError, NotFound, UserError
from bot.ports import FeedRow, FollowedFeed
from bot.services.commands.arguments import source_title
from bot.services.commands.context import Context
from bot.services.commands.fetching import KIND, Looked, look, outlook
from bot.services.commands.rights import may_edit

SAMPLES = 3
MOST_IN_LABEL = 60


async def add(context: Context, call: Call) -> Reply:
    """Read another source, or offer the feeds of a page."""
    return await _add(context, call.caller, feed_url(call.text("url")))


async def add_offered(context: Context, press: Press) -> Reply:
    """Read a source that was offered as a button."""
    id, _, number = "/".join(press.action.parts).partition("/")
    here = await context.workspace(press.caller.channel)
    draft = await context.store.frontdesk.draft(DraftId(id), here.id, context.now)
    if not (number.isascii() and number.isdecimal() and len(number) < 3 and int(number) < len(draft.feeds)):
        raise NotFound("That source is not on offer. Give the command again.")
    return await _add(context, press.caller, feed_url(draft.feeds[int(number)]))


async def try_out(context: Context, call: Call) -> Reply:
    """Read an address once, and show what it has."""
    looked = await look(context, feed_url(call.text("url")))
    if looked.parsed is None:
        return await _offered(context, call.caller, looked)
    expected = await outlook(context, call.caller, looked)
    lines = (
        line(f"{quoted(looked.title)} can be read.", Look.TITLE),
        line(f"{_contents(context, looked.parsed)} {expected}"),
        *(_sample(context, entry) for entry in _newest(looked.parsed)),
        *(line(f"Note: {note}", Look.DIM) for note in _doubts(looked.parsed)),
    )
    if await _followed(context, call.caller, looked.url):
        return Reply((*lines, line("It is read here already.", Look.DIM)))
    [button] = await _offers(context, call.caller, [(looked.url, "Read it from now on")])
    return Reply(lines, (button,))


# ---------------------------------------------------------------- adding


async def _add(context: Context, caller: Caller, url: str) -> Reply:
    await may_edit(context, caller)
    if known := await _followed(context, caller, url):
        return say(f"{quoted(source_title(known))} is read here already.")
    await _room(context, caller)
    looked = await look(context, url)
    if looked.parsed is None:
        return await _offered(context, caller, looked)
    expected = await outlook(context, caller, looked)
    place = (caller.channel.platform, caller.channel.workspace)
    row = FeedRow(KIND, url, Origin.CHAT, workspaces=(place,), added_by=caller.person.name)
    try:
        id = await context.store.registry.follow(row, context.now, context.quotas.feeds)
    except LimitError as error:  # others were faster
        raise _full(context, error.used) from error
    lines = (
        line(f"Reading {quoted(looked.title)} from now on. {expected}"),
        line(f"{_contents(context, looked.parsed)} Nothing published before now will be posted.", Look.DIM),
    )
    told = (Run(f"{caller.person.name} added the source "), Run(looked.title, marked=True))
    return Reply(lines, (Button("Undo", Action("dropsource", (str(id),))),), announcement=told)


async def _followed(context: Context, caller: Caller, url: str) -> FollowedFeed | None:
    here = await context.workspace(caller.channel)
    feeds = await context.store.registry.feeds(here.id)
    return next((one for one in feeds if one.feed.url == url), None)


async def _room(context: Context, caller: Caller) -> None:
    """Raise UserError when a workspace has as many sources as it may have."""
    here = await context.workspace(caller.channel)
    used = (await context.store.frontdesk.usage(here.id)).feeds
    if used >= context.quotas.feeds:
        raise _full(context, used)


def _full(context: Context, used: int) -> UserError:
    limit = count(context.quotas.feeds, "source")
    return UserError(
        f"The limit here is {limit}, and {used} {'is' if used == 1 else 'are'} in use. Remove one first"
        f" ({context.command} sources remove), or ask whoever runs newsbot for more."
    )


# ---------------------------------------------------------------- offering


async def _offered(context: Context, caller: Caller, looked: Looked) -> Reply:
    """Show the feeds of a page as buttons."""
    wanted = [(offer.url, offer.title or host_name(offer.url)) for offer in looked.offers]
    lines = [line(f"{looked.title} is a web page; it offers {count(len(wanted), 'feed')}. Read which?")]
    lines += [line(f"{number}. {title} · {url}", Look.DIM) for number, (url, title) in enumerate(wanted, 1)]
    labels = [(url, f"{number}. {title}"[:MOST_IN_LABEL]) for number, (url, title) in enumerate(wanted, 1)]
    return Reply(tuple(lines), await _offers(context, caller, labels))


async def _offers(context: Context, caller: Caller, wanted: Sequence[tuple[str, str]]) -> tuple[Button, ...]:
    """Keep addresses for a day, and return a button for each."""
    here = await context.workspace(caller.channel)
    addresses = tuple(url for url, _ in wanted)
    draft = Draft((caller.channel,), "", caller.person, context.now, addresses)
    id = await context.store.frontdesk.save_draft(draft, here.id)
    return tuple(
        Button(label, Action("addsource", (id, str(number))), Tone.PRIMARY)
        for number, (_, label) in enumerate(wanted)
    )


# ---------------------------------------------------------------- telling


def _contents(context: Context, parsed: ParsedFeed) -> str:
    listed = count(len(parsed.listed), "article")
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    newest = f", the newest {ago(max(dates), context.now)}" if dates else ""
    return f"It lists {listed}{newest}."


def _newest(parsed: ParsedFeed) -> Sequence[Entry]:
    dated = [one for one in parsed.entries if one.published_at]
    dated.sort(key=lambda one: -one.published_at.timestamp() if one.published_at else 0.0)
    return (dated or parsed.entries)[:SAMPLES]


def _sample(context: Context, entry: Entry) -> Line:
    age = f" · {ago(entry.published_at, context.now)}" if entry.published_at else ""
    return line(f"{entry.title or entry.body[:100]}{age}", url=entry.url)


def _doubts(parsed: ParsedFeed) -> Sequence[str]:
    """Say what about a feed may surprise whoever adds it."""
    doubts = []
    if parsed.entries and not any(entry.published_at for entry in parsed.entries):
        doubts.append("it does not say when its articles were published; they count from when they are seen.")
    if parsed.entries and not any(entry.body for entry in parsed.entries):
        doubts.append("it has headlines only, so words in the text of its articles are not found.")
    if parsed.cut:
        doubts.append("it lists more articles than are read of any source; the last ones are left out.")
    return doubts
