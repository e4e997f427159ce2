"""`Not relevant` on an alert: propose what its subscriptions should leave out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.commands.exchange import Action, Button, Caller, Line, Look, Press, Reply, Tone, line
from bot.domain.commands.telling import place, quoted
from bot.domain.document import Document, document_of
from bot.domain.exclusion import Exclusion, exclusions, norms
from bot.domain.model import Draft, Origin, PostedAlert, Subscription, SubscriptionState, WorkspaceId
from bot.services.commands.alerts import alert_of, headline
from bot.services.commands.context import Context
from bot.services.commands.rights import may_manage
from bot.services.lookup import SLICE, Lookup

OTHERS = 30
"""Articles that a subscription found lately, which must still be found."""
USUAL = 200
"""Articles by which a word is known to be rare."""
MOST_SUBSCRIPTIONS = 3
MOST_READ = 5_000


async def irrelevant(context: Context, press: Press) -> Reply:
    """Propose a word for each subscription of an alert, or several for one; nothing changes until it is confirmed."""
    posted = await alert_of(context, press)
    channel = posted.delivery.channel
    await may_manage(context, press.caller, [channel.address])
    mute = Button("Mute this story only", Action("mute", (posted.delivery.id,)))
    asked = [match.subscription for match in posted.alert.matches]
    watching = [one for one in asked if one.state is not SubscriptionState.RETIRED][:MOST_SUBSCRIPTIONS]
    if not watching:
        return Reply((line(f"What brought this alert is no longer watched in {place(channel)}."),), (mute,))
    proposing = _Proposing(context, press.caller, posted, await _usual(context, channel.workspace_id))
    lines = [
        line(f"What should {place(channel)} leave out, for no more like {headline(posted)}?", Look.TITLE)
    ]
    buttons: list[Button] = []
    for one in watching:
        told, offered = await proposing.tell(one, alone=len(watching) == 1)
        lines += told
        buttons += offered
    return Reply(tuple(lines), (*buttons, mute))


async def _usual(context: Context, workspace: WorkspaceId) -> Counter[str]:
    """Count in how many of the newest articles each word stands."""
    page = await context.store.archive.candidates(None, workspace, None, USUAL)
    usual: Counter[str] = Counter()
    for number, article in enumerate(page.articles, 1):
        usual.update(norms(document_of(article)))
        if number % SLICE == 0:
            await asyncio.sleep(0)
    return usual


@dataclass(frozen=True, slots=True)
class _Proposing:
    """Tells what one alert's subscriptions could leave out, and keeps it as drafts."""

    context: Context
    caller: Caller
    posted: PostedAlert
    usual: Counter[str]

    async def tell(self, watching: Subscription, *, alone: bool) -> tuple[list[Line], list[Button]]:
        """Return what is proposed for a subscription, and a button for each proposal."""
        others = await self._others(watching)
        found = exclusions(watching.query, watching.terms, self._unwanted(watching), others, self.usual)
        if not found:
            return self._helpless(watching)
        found = found if alone else found[:1]
        if watching.origin is Origin.FILE:
            return _for_the_file(watching, found[0]), []
        lines = [line(_why(watching, found[0], others)), line(found[0].query, Look.CODE)]
        if len(found) > 1:
            lines += [
                line("Or, without another word:", Look.DIM),
                *(line(one.query, Look.CODE) for one in found[1:]),
            ]
        return lines, [button for one in found for button in await self._buttons(watching, one, alone)]

    async def _buttons(self, watching: Subscription, proposed: Exclusion, alone: bool) -> Sequence[Button]:
        draft = Draft(
            (watching.channel.address,),
            proposed.query,
            self.caller.person,
            self.context.now,
            watching.feeds_named,
            watching.mention,
            changes=watching.id,
        )
        id = await self.context.store.frontdesk.save_draft(draft, watching.channel.workspace_id)
        label = f"Leave out “{proposed.word}”" if alone else f"{watching.id}: leave out “{proposed.word}”"
        return [Button(label, Action("confirm", (id,)), Tone.PRIMARY)]

    def _helpless(self, watching: Subscription) -> tuple[list[Line], list[Button]]:
        told = line(
            f"No single word tells this article from the others that {quoted(watching.title)} finds."
            " Change the subscription by hand, or mute the story."
        )
        if watching.origin is Origin.FILE:
            return [told], []
        return [told], [Button(f"Edit {watching.id}", Action("edit", (str(watching.id),)))]

    def _unwanted(self, watching: Subscription) -> Document:
        """Return the article that a subscription matched, or else the one that was shown."""
        articles = {one.id: one for one in self.posted.alert.articles}
        match = next(one for one in self.posted.alert.matches if one.subscription.id == watching.id)
        return document_of(articles.get(match.entry_id, self.posted.alert.articles[0]))

    async def _others(self, watching: Subscription) -> Sequence[Document]:
        """Return other stories that the subscription found lately."""
        archive, here = self.context.store.archive, watching.channel.workspace_id
        looking = Lookup(archive, here, MOST_READ, terms=watching.terms, feeds=watching.feeds)
        result = await looking.search(watching.query, OTHERS)
        return [
            document_of(one.article)
            for one in result.found
            if one.article.story_id != self.posted.delivery.story_id
        ]


def _why(watching: Subscription, proposed: Exclusion, others: Sequence[Document]) -> str:
    said = f"“{proposed.word}” stands in this article"
    if not others:
        rest = f", and {quoted(watching.title)} found nothing else lately to compare it with"
    elif len(others) == 1:
        rest = f" and not in the other one that {quoted(watching.title)} found lately"
    else:
        rest = f" and in none of the {len(others)} others that {quoted(watching.title)} found lately"
    return f"{said}{rest}. Without it, the subscription reads:"


def _for_the_file(watching: Subscription, proposed: Exclusion) -> list[Line]:
    told = f"{quoted(watching.title)} is declared in newsbot’s config file. Ask whoever runs newsbot to write there:"
    return [line(told), line(proposed.query, Look.CODE)]
