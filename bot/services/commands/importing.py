"""`import`: sources from OPML, subscriptions from a table; what is not understood is said line by line."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.commands.exchange import Call, Caller, Line, Look, Reply, Submission, Upload, Value, line
from bot.domain.commands.forms import import_form
from bot.domain.message import Run
from bot.domain.model import Origin
from bot.domain.opml import Outline, read_opml
from bot.domain.urls import feed_url
from bot.domain.wishes import Fault, read_wishes
from bot.domain.wording import count, listed
from bot.errors import NewsbotError, UserError
from bot.ports import FeedRow
from bot.services.commands.context import Context
from bot.services.commands.fetching import KIND
from bot.services.commands.rights import may_edit
from bot.services.commands.wishing import Wishing

MOST_FAULTS = 15
_BEFORE = b" \t\r\n\0" + codecs.BOM_UTF8 + codecs.BOM_UTF16
"""Bytes that may stand before the first character, or be a part of it."""


async def import_file(context: Context, call: Call) -> Reply:
    """Take the file that came with a command, or ask for one."""
    given = call.arguments.get("file")
    if given is None:
        await may_edit(context, call.caller)
        return Reply(form=import_form())
    return await _take(context, call.caller, given)


async def import_filled(context: Context, submission: Submission) -> Reply:
    """Take the file that came with a form."""
    return await _take(context, submission.caller, submission.values.get("file"))


async def _take(context: Context, caller: Caller, given: Value | None) -> Reply:
    await may_edit(context, caller)
    if not isinstance(given, Upload):
        raise UserError("There was no file with that. Choose an OPML, CSV, JSON or TOML file.")
    if given.content.lstrip(_BEFORE)[:1] == b"<":
        outlines = await asyncio.to_thread(read_opml, given.content)
        return await _sources(context, caller, outlines)
    wishes, faults = await asyncio.to_thread(read_wishes, given.content)
    wishing = Wishing(context, caller, faults=list(faults))
    await wishing.take(wishes)
    lines = [line(wishing.told(), Look.TITLE), *told_faults(wishing.faults)]
    if not wishing.added:
        return Reply(tuple(lines))
    channels = tuple(dict.fromkeys(wishing.added))
    said = f"{caller.person.name} imported {count(len(wishing.added), 'subscription')}"
    return Reply(tuple(lines), announcement=(Run(said),), announced_in=channels)


def told_faults(faults: Sequence[Fault]) -> Sequence[Line]:
    """Show what was not understood, line by line."""
    if not faults:
        return []
    shown = "\n".join(f"{one.place}: {one.reason}" for one in faults[:MOST_FAULTS])
    more = len(faults) - MOST_FAULTS
    rest = [line(f"And {more:,} more.", Look.DIM)] if more > 0 else []
    again = line(
        "Correct these and import the file again: what is there already is not added twice.", Look.DIM
    )
    return [line("Not taken:"), line(shown, Look.CODE), *rest, again]


# ---------------------------------------------------------------- sources


@dataclass(slots=True)
class _Sources:
    """What becomes of the feeds of a list."""

    wanted: dict[str, Outline] = field(default_factory=dict)
    """Those that are new, by address."""
    known: int = 0
    added: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def sort(self, outlines: Sequence[Outline], followed: set[str]) -> None:
        for number, outline in enumerate(outlines, 1):
            try:
                url = feed_url(outline.url)
            except UserError as error:
                self.faults.append(Fault(f"feed {number} ({outline.name[:40]})", str(error)))
                continue
            if url in followed or url in self.wanted:
                self.known += 1
            else:
                self.wanted[url] = outline

    def told(self) -> str:
        known = (
            f" {count(self.known, 'source')} {'is' if self.known == 1 else 'are'} read already."
            if self.known
            else ""
        )
        return f"Added {count(len(self.added), 'source')}.{known}"


async def _sources(context: Context, caller: Caller, outlines: Sequence[Outline]) -> Reply:
    if not outlines:
        raise UserError("This OPML file lists no feed: nothing in it has an xmlUrl.")
    here = await context.workspace(caller.channel)
    found = _Sources()
    found.sort(outlines, {one.feed.url for one in await context.store.registry.feeds(here.id)})
    used, limit = (await context.store.frontdesk.usage(here.id)).feeds, context.quotas.feeds
    if used + len(found.wanted) > limit:
        raise UserError(
            f"The limit here is {count(limit, 'source')}, {used} {'is' if used == 1 else 'are'} in use, and this file has"
            f" {len(found.wanted)} new ones. Nothing was taken. Shorten the file, or ask whoever runs newsbot for more."
        )
    place = (caller.channel.platform, caller.channel.workspace)
    for url in found.wanted:
        row = FeedRow(KIND, url, Origin.CHAT, workspaces=(place,), added_by=caller.person.name)
        try:
            await context.store.registry.follow(row, context.now, limit)
        except NewsbotError as error:
            found.faults.append(Fault(url, str(error)))
        else:
            found.added.append(url)
    lines = (line(found.told(), Look.TITLE), *told_faults(found.faults))
    if not found.added:
        return Reply(lines)
    named = [found.wanted[url].name[:60] or url for url in found.added]
    hint = line(
        f"They are read within minutes; {context.command} sources health shows how they fare.", Look.DIM
    )
    said = f"{caller.person.name} imported {count(len(named), 'source')}: {listed(named, 5)}"
    return Reply((*lines, hint), announcement=(Run(said),))
