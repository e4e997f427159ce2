"""The watchlist: in memory what the store says, and no more reading than needed."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, field, replace

from structlog.testing import capture_logs

from bot.domain.document import Document
from bot.domain.model import Origin
from bot.ports import SubscriptionChanges, SubscriptionEdit, TermRow
from bot.services.watchlist import MANY, Watchlist
from tests.builders import NOW, person, subscription


@dataclass
class Changes:
    """A registry of which only the changes are asked for; `asked` lists since when."""

    answers: list[SubscriptionChanges] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    async def changes(self, since: int) -> SubscriptionChanges:
        self.asked.append(since)
        return self.answers.pop(0)


def ids(watchlist, title):
    return [match.subscription_id for match in watchlist.match(Document(title))]


async def test_it_answers_which_subscriptions_an_article_concerns(desk):
    kim, summit = await desk.watch("kim"), await desk.watch("summit", "slack:T1/C2")
    watchlist = Watchlist(desk.store.registry)
    await watchlist.reach(1_000)
    assert ids(watchlist, "Kim at the summit") == [kim, summit]
    assert (len(watchlist), watchlist[kim].query) == (2, "kim")


async def test_what_is_paused_concerns_nothing_and_what_is_edited_something_else(desk):
    kim, summit = await desk.watch("kim"), await desk.watch("summit")
    registry, watchlist = desk.store.registry, Watchlist(desk.store.registry)
    await watchlist.reach(1_000)
    here = watchlist[kim].channel.workspace_id
    await registry.edit(kim, here, SubscriptionEdit("golf"), person(), NOW)
    await registry.pause(summit, here, person(), NOW)
    watchlist.revision = 0
    await watchlist.reach(1_000)
    assert ids(watchlist, "Kim at the golf summit") == [kim]
    assert ids(watchlist, "Kim at the summit") == []
    await registry.resume(summit, here, person(), NOW)
    watchlist.revision = 0
    await watchlist.reach(1_000)
    assert ids(watchlist, "Kim at the summit") == [summit]


async def test_it_reads_only_what_changed_since_it_last_read():
    registry = Changes([SubscriptionChanges(3, (subscription("kim"),)), SubscriptionChanges(7, ())])
    watchlist = Watchlist(registry)
    await watchlist.reach(3)
    await watchlist.reach(2)
    await watchlist.reach(7)
    assert registry.asked == [0, 3]
    assert watchlist.revision == 7


async def test_it_never_goes_back():
    registry = Changes([SubscriptionChanges(3, ())])
    watchlist = Watchlist(registry)
    watchlist.revision = 5
    await watchlist.reach(6)
    assert watchlist.revision == 5


async def test_what_was_read_early_and_comes_late_does_not_bring_back_what_has_changed_since():
    retired = replace(subscription("kim"), active=False)
    late = asyncio.Event()

    class Racing(Changes):
        async def changes(self, since: int) -> SubscriptionChanges:
            answer = await super().changes(since)
            if len(self.asked) == 1:
                await late.wait()
            return answer

    watchlist = Watchlist(
        Racing([SubscriptionChanges(1, (subscription("kim"),)), SubscriptionChanges(2, (retired,))])
    )
    first = asyncio.create_task(watchlist.reach(1))
    await asyncio.sleep(0)
    await watchlist.reach(2)
    late.set()
    await first
    assert ids(watchlist, "Kim") == []


async def test_a_subscription_that_changed_its_query_is_watched_for_the_new_one_only():
    first, second = subscription("kim"), subscription("trump")
    watchlist = Watchlist(Changes([SubscriptionChanges(1, (first,)), SubscriptionChanges(2, (second,))]))
    await watchlist.reach(1)
    await watchlist.reach(2)
    assert (ids(watchlist, "Kim"), ids(watchlist, "Trump")) == ([], [first.id])


async def test_a_subscription_that_was_retired_matches_nothing(desk):
    subscription_id = await desk.watch("kim")
    watchlist = Watchlist(desk.store.registry)
    await watchlist.reach(1_000)
    await desk.store.registry.unsubscribe(str(subscription_id), desk.clock.now())
    watchlist.revision = 1
    await watchlist.reach(1_000)
    assert (ids(watchlist, "Kim"), len(watchlist)) == ([], 0)


async def test_a_query_that_cannot_be_read_is_left_out_and_stops_no_other():
    rows = (subscription("(kim"), subscription("summit", id=2))
    watchlist = Watchlist(Changes([SubscriptionChanges(1, rows)]))
    await watchlist.reach(1)
    assert (len(watchlist), ids(watchlist, "Kim and Trump at the summit")) == (1, [2])


# ---------------------------------------------------------------- named terms


async def test_a_subscription_means_what_its_workspaces_terms_say(desk):
    registry, now = desk.store.registry, desk.clock.now()
    for team, definition in (("T1", "Kim"), ("T2", "Trump")):
        workspace = await registry.workspace("slack", team, now)
        await registry.set_term(TermRow(workspace.id, "leader", definition, Origin.CHAT), now)
    first, second = await desk.watch("@leader", "slack:T1/C1"), await desk.watch("@leader", "slack:T2/C1")
    watchlist = Watchlist(registry)
    await watchlist.reach(1_000)
    assert (ids(watchlist, "Kim travels"), ids(watchlist, "Trump travels")) == ([first], [second])


async def test_only_what_rests_on_a_changed_term_is_read_again(desk):
    registry, now = desk.store.registry, desk.clock.now()
    await registry.apply_file([], [], now, {"leader": "Kim", "talks": "@leader AND summit"})
    talks, plain = await desk.watch("@talks"), await desk.watch("summit")
    watchlist = Watchlist(registry)
    await watchlist.reach(1_000)
    watchlist.revision = (await registry.changes(0)).revision
    before = watchlist[plain]
    workspace = await registry.workspace("slack", "T1", now)
    touched = await registry.set_term(TermRow(workspace.id, "leader", "Trump", Origin.CHAT), now)
    taken = [one.id for one in (await registry.changes(watchlist.revision)).changed]
    await watchlist.reach(1_000)
    assert [one.id for one in touched] == taken == [talks]
    assert watchlist[plain] is before
    assert ids(watchlist, "Kim at the summit") == [plain]
    assert ids(watchlist, "Trump at the summit") == [talks, plain]


async def test_a_subscription_whose_term_is_missing_is_left_out_and_logged():
    rows = (subscription("@nobody"), subscription("summit", id=2))
    watchlist = Watchlist(Changes([SubscriptionChanges(1, rows)]))
    with capture_logs() as logs:
        await watchlist.reach(1)
    (line,) = logs
    assert (line["log_level"], line["subscription"]) == ("error", 1)
    assert line["reason"].startswith("There is no term @nobody here.")
    assert (len(watchlist), ids(watchlist, "Nobody at the summit")) == (1, [2])


async def test_many_subscriptions_are_put_out_of_the_garbage_collectors_sight():
    watchlist = Watchlist(Changes([SubscriptionChanges(1, (subscription("kim"),) * MANY)]))
    frozen = gc.get_freeze_count()
    try:
        await watchlist.reach(1)
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()
