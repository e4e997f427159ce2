"""`export`: the sources as OPML, or the subscriptions as a table."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.commands.exchange import Action, Button, Call, Caller, Press, Reply, Upload, line, say
from bot.domain.model import Mention, Origin, Subscription
from bot.domain.opml import Outline, write_opml
from bot.domain.wishes import Told, Wish, write_wishes
from bot.domain.wording import count
from bot.errors import UserError
from bot.ports import FollowedFeed
from bot.services.commands.arguments import source_title
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched
from bot.services.commands.rights import edits
from bot.telemetry import redact


async def export(context: Context, call: Call) -> Reply:
    """Hand out a file, or ask which."""
    return await _export(context, call.caller, call.text("what").lower())


async def export_pressed(context: Context, press: Press) -> Reply:
    """Hand out the file that was chosen."""
    return await _export(context, press.caller, "/".join(press.action.parts))


async def _export(context: Context, caller: Caller, what: str) -> Reply:
    match what:
        case "sources":
            return await _sources(context, caller)
        case "subscriptions":
            return await _subscriptions(context, caller)
        case "":
            buttons = tuple(
                Button(name.capitalize(), Action("export", (name,))) for name in ("sources", "subscriptions")
            )
            return Reply((line("Export which?"),), buttons)
        case _:
            raise UserError(f"newsbot exports sources or subscriptions, not “{what[:80]}”.")


async def _sources(context: Context, caller: Caller) -> Reply:
    here = await context.workspace(caller.channel)
    feeds = await context.store.registry.feeds(here.id)
    editor = await edits(context, caller)
    open_to_all = [one for one in feeds if not _secret(one, editor=editor)]
    outlines = {one.feed.url: Outline(one.feed.url, one.feed.title, source_title(one)) for one in open_to_all}
    if not outlines:
        return say("There are no sources here to export.")
    told = f"{count(len(outlines), 'source')} as OPML, which feed readers and newsbot import."
    if kept := len(feeds) - len(open_to_all):
        told += f" Left out: {kept:,} whose addresses hold a secret."
    file = Upload("newsbot-sources.opml", write_opml(outlines.values(), "newsbot", context.now))
    return Reply((line(told),), file=file)


def _secret(followed: FollowedFeed, *, editor: bool) -> bool:
    """Say whether an address is for whoever runs newsbot only, or for those who may add sources here."""
    theirs = editor and followed.origin is Origin.CHAT
    return not theirs and redact(followed.feed.url) != followed.feed.url


async def _subscriptions(context: Context, caller: Caller) -> Reply:
    found = await watched(context, caller)
    if not found:
        return say("Nothing is watched in the channels that you can see.")
    here = await context.workspace(caller.channel)
    feeds = await context.store.registry.feeds(here.id)
    editor = await edits(context, caller)
    secret = {one.feed.url: source_title(one) for one in feeds if _secret(one, editor=editor)}
    rows = [_row(one, secret) for one in found]
    told = f"{count(len(found), 'subscription')} of the channels that you can see."
    return Reply((line(told),), file=Upload("newsbot-subscriptions.csv", write_wishes(rows)))


def _row(one: Subscription, secret: Mapping[str, str]) -> tuple[Wish, Told]:
    feeds = tuple(secret.get(name, name) for name in one.feeds_named)
    wish = Wish("", one.query, str(one.channel.address), feeds, _mention(one.mention))
    return wish, Told(one.created_by, f"{one.created_at:%Y-%m-%d}", "yes" if one.pause else "")


def _mention(mention: Mention | None) -> str:
    return f"{mention.kind}:{mention.id}:{mention.name}" if mention else ""
