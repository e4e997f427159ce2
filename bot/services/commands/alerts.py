"""The buttons and menu of an alert: mute its story, and why it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.commands.exchange import Action, Button, Line, Look, Press, Reply, line, say
from bot.domain.commands.on_alerts import MENU
from bot.domain.commands.telling import added, place, quoted, stands
from bot.domain.compose import compose
from bot.domain.message import Run
from bot.domain.model import AlertMatch, Article, DeliveryId, DeliveryState, PostedAlert
from bot.domain.urls import host_name
from bot.domain.wording import listed, moment
from bot.errors import NotFound
from bot.services.commands.context import Context
from bot.services.commands.rights import may_manage, visible

MUTED_FOR = timedelta(hours=24)
NO_ALERT = "newsbot knows of no alert in that message; what is long past is forgotten."


async def alert_of(context: Context, press: Press) -> PostedAlert:
    """Return the alert on which somebody pressed or chose something; raise NotFound for one that they cannot see."""
    desk, caller = context.store.frontdesk, press.caller
    if press.action.parts:
        here = await context.workspace(caller.channel)
        posted = await desk.alert(DeliveryId(press.action.parts[0]), here.id, context.now)
    elif press.message:
        posted = await desk.alert_by_message(caller.channel, press.message, context.now)
    else:
        raise NotFound(NO_ALERT)
    if not await visible(context, caller, [posted.delivery.channel.address]):
        raise NotFound(NO_ALERT)
    return posted


def headline(posted: PostedAlert) -> str:
    """Return the headline of an alert, for naming it in a sentence."""
    return quoted(posted.alert.articles[0].entry.title)


# ---------------------------------------------------------------- muting


async def mute(context: Context, press: Press) -> Reply:
    """Have the channel of an alert hear nothing more of its story for a day."""
    posted = await alert_of(context, press)
    channel, caller = posted.delivery.channel, press.caller
    await may_manage(context, caller, [channel.address])
    here = await context.workspace(caller.channel)
    wanted = context.now + MUTED_FOR
    muted = await context.store.frontdesk.mute(posted.delivery.id, here.id, wanted, caller.person)
    until = moment(muted.until, context.now)
    return Reply(
        (
            line(f"Muted in {place(channel)} until {until}: {headline(posted)}"),
            line(
                "Until then nothing more is posted about this story, and its message stays as it is.",
                Look.DIM,
            ),
        ),
        (Button("Undo", Action("unmute", (posted.delivery.id,))),),
        announcement=(Run(f"{caller.person.name} muted {headline(posted)} until {until}"),),
        announced_in=(channel.address,),
    )


async def unmute(context: Context, press: Press) -> Reply:
    """Take a mute back."""
    posted = await alert_of(context, press)
    channel, caller = posted.delivery.channel, press.caller
    await may_manage(context, caller, [channel.address])
    if posted.mute is None:
        return say(f"This story is not muted in {place(channel)}.", replaces=True)
    here = await context.workspace(caller.channel)
    await context.store.frontdesk.unmute(posted.delivery.id, here.id)
    return Reply(
        (line(f"No longer muted in {place(channel)}: {headline(posted)}"),),
        replaces=True,
        announcement=(Run(f"{caller.person.name} wants to hear of {headline(posted)} again"),),
        announced_in=(channel.address,),
    )


# ---------------------------------------------------------------- why


async def why_alert(context: Context, press: Press) -> Reply:
    """Say which subscriptions brought an alert, by which words, and who made them."""
    posted = await alert_of(context, press)
    channel, now = place(posted.delivery.channel), context.now
    lines: list[Line] = []
    for match in posted.alert.matches:
        watched = match.subscription
        lines.append(
            line(f"This alert came because {channel} watches {quoted(watched.title)} ({added(watched)}).")
        )
        lines.append(line(stands(match.terms, now) + _in_copy(posted, match)))
    if excerpt := compose(posted.alert).excerpt:
        lines.append(line(excerpt, Look.QUOTE))
    lines += [line(sentence, Look.DIM) for sentence in _course(context, posted)]
    return Reply(tuple(lines), _choices(posted))


def _choices(posted: PostedAlert) -> tuple[Button, ...]:
    """Return what else can be done on an alert; a mute that holds can be ended instead."""
    id = posted.delivery.id
    shown = {verb: label for verb, label in MENU if verb != "why"}
    if posted.mute:
        shown = {"unmute": "Unmute", **{verb: label for verb, label in shown.items() if verb != "mute"}}
    return tuple(Button(label, Action(verb, (id,))) for verb, label in shown.items())


def _in_copy(posted: PostedAlert, match: AlertMatch) -> str:
    """Say in which article the words stood when it is not the one that is shown."""
    lead, *others = posted.alert.articles
    told = next((one for one in others if one.id == match.entry_id), None)
    return f" That is the article at {told.source}; shown is the one at {lead.source}." if told else ""


def _course(context: Context, posted: PostedAlert) -> Sequence[str]:
    """Say how the alert came about: first sight, posting, copies, a mute."""
    now, delivery = context.now, posted.delivery
    first = min(posted.alert.articles, key=lambda one: one.first_seen_at)
    seen = f"First seen at {first.source} {moment(first.first_seen_at, now)}"
    if delivery.state is DeliveryState.SENT and delivery.settled_at:
        course = f"{seen}, posted {moment(delivery.settled_at, now)}."
    else:
        course = f"{seen}; {standing(posted)}."
    sentences = [course]
    if copies := folded(posted.alert.articles):
        sentences.append(copies)
    if posted.mute:
        sentences.append(f"Muted here until {moment(posted.mute.until, now)} by {posted.mute.by.name}.")
    return sentences


def standing(posted: PostedAlert) -> str:
    """Say where an alert is that was not posted."""
    delivery = posted.delivery
    if delivery.state is DeliveryState.HELD:
        return f"held: {delivery.reason}"
    return f"on its way{f': {delivery.reason}' if delivery.reason else ''}"


def folded(articles: Sequence[Article]) -> str:
    """Say which articles were folded into the first one."""
    lead, *others = articles
    sources = list(dict.fromkeys(one.source for one in others if one.source != lead.source))
    original = lead.entry.original_url
    sentences = [f"It is a copy of an article at {host_name(original)}, which is linked."] if original else []
    if sources:
        copies = "copy" if len(sources) == 1 else "copies"
        were = "was" if len(sources) == 1 else "were"
        sentences.append(f"The {copies} at {listed(sources)} {were} folded into it.")
    return " ".join(sentences)
