"""`status` in a chat: what is pending and held, and having it posted after all."""

from __future__ import annotations

import pytest

from bot.domain.model import Access, FeedState, Managers
from bot.ports import Retention
from tests.builders import NOW, entry
from tests.services.newsdesk import newsroom
from tests.services.people import GUEST, labels, said, somebody, texts

ANN = somebody("Ann")
FAILING = FeedState(NOW, failures=1, error="gone", polled_at=NOW, failing_since=NOW)
BEN = somebody("Ben", rights=GUEST)


@pytest.fixture
def room(store, clock):
    settings = {"polling.interval": "5m, from config.toml", "alerts.max_age": "48h, the default"}
    return newsroom(store, clock, settings=settings)


def summits(room, number):
    return [entry(str(n), title=f"Summit {n}", published_at=room.clock.now()) for n in range(number)]


async def alerts(room, number=1, channel="slack:T1/C1"):
    await room.follow()
    await room.watch("summit", channel)
    return await room.publish(*summits(room, number))


async def test_a_quiet_workspace_says_so_and_where_its_settings_come_from(room):
    assert texts(await room.run("status")) == [
        "0 subscriptions. 0 sources.",
        "Nothing is pending or held in the channels that you can see.",
        "Who may manage this: full members (no guests).",
        "Settings, and where each comes from:",
        "polling.interval: 5m, from config.toml\nalerts.max_age: 48h, the default",
    ]


async def test_what_is_pending_and_held_is_told_with_its_reason_and_can_be_posted(room):
    ids = await alerts(room, 3)
    paused = await room.watch("tennis")
    await room.store.registry.pause(paused.id, await room.here(), ANN.person, NOW)
    for id in ids[:2]:
        await room.hold(id, "newsbot is not in the channel.")
    reply = await room.run("status")
    assert texts(reply)[:3] == [
        "1 subscription, 1 paused. 1 source, last read 10 s ago.",
        "#c1: 1 alert on the way, the oldest 10 s ago",
        "#c1: 2 alerts held, the oldest 10 s ago: newsbot is not in the channel",
    ]
    assert labels(reply) == ["Post 2 in #c1 now"]
    posted = await room.press(reply, "Post 2 in #c1 now")
    assert said(posted) == "2 alerts are on the way to #c1 again."
    assert "".join(run.text for run in posted.announcement) == "Ann had 2 alerts posted that had been held"
    assert "#c1: 3 alerts on the way" in said(await room.run("status"))
    assert "on its way already" in said(await room.press(reply, "Post 2 in #c1 now"))


async def test_posting_what_is_held_counts_as_managing(room):
    [id] = await alerts(room)
    await room.hold(id, "no")
    reply = await room.run("status", BEN)
    assert "may manage" in said(await room.press(reply, labels(reply)[0], BEN))
    eve = somebody("Eve", "slack:T2/C1")
    assert "knows of no alert" in said(await room.press(reply, labels(reply)[0], eve))


async def test_only_channels_that_can_be_seen_are_told_of(room):
    [id] = await alerts(room, channel="slack:T1/SECRET")
    await room.press(f"mute/{id}")
    await room.hold(id, "no")
    room.chats["slack"].hidden["slack:T1/SECRET"] = {"Zoe"}
    for who in (ANN, somebody("Eve", "slack:T2/C1"), somebody("Eve", "discord:G1/C1")):
        reply = await room.run("status", who)
        assert "Nothing is pending or held" in said(reply)
        assert "secret" not in said(reply)
        assert labels(reply) == []
    assert "#secret: 1 alert held" in said(await room.run("status", somebody("Zoe")))


async def test_mutes_are_told_until_they_end(room):
    [id] = await alerts(room)
    await room.press(f"mute/{id}")
    told = "#c1: “Summit 0” is muted until 12:02 UTC on 2 May by Ann"
    assert told in texts(await room.run("status"))
    why = await room.press(f"why/{id}")
    assert labels(why) == ["Unmute", "Not relevant"]
    await room.press(why, "Unmute")
    assert told not in texts(await room.run("status"))


async def test_a_mute_outlives_its_article(room):
    [id] = await alerts(room)
    await room.press(f"mute/{id}")
    await room.send(id)
    now = room.clock.now()
    while await room.store.upkeep.prune(now, Retention(articles_s=0.0), 1000):
        pass
    assert "#c1: a story is muted until" in said(await room.run("status"))


async def test_of_many_channels_some_are_told_this_one_first(room):
    await room.follow()
    for number in range(11):
        await room.watch("summit", f"slack:T1/C{number}")
    for id in await room.publish(*summits(room, 1)):
        await room.hold(id, "no")
    reply = await room.run("status")
    assert texts(reply)[1].startswith("#c1: 1 alert held")
    assert "And 3 channels more." in texts(reply)
    assert len(labels(reply)) == 5


async def test_sources_that_do_not_answer_and_chosen_managers_are_told(room):
    id = await room.follow()
    await room.store.schedule.record_state(id, FAILING)
    access = Access(Managers.MODERATORS, ANN.person, NOW)
    await room.store.frontdesk.set_access(await room.here(), access)
    told = said(await room.run("status"))
    assert "1 source does not answer: /news sources health" in told
    assert "Who may manage this: admins and owners of the workspace, as Ann chose." in told
    other = await room.follow("https://other.example/rss")
    await room.store.schedule.record_state(other, FAILING)
    assert "2 sources do not answer" in said(await room.run("status"))


async def test_without_settings_to_tell_of_none_are_told(store, clock):
    assert len(texts(await newsroom(store, clock).run("status"))) == 3


async def test_what_newsbot_has_lost_is_told_with_its_reason_but_not_what_somebody_paused(room):
    for query in ("summit", "golf"):
        await room.watch(query, "slack:T1/C2")
    paused = await room.watch("tennis")
    await room.store.registry.pause(paused.id, await room.here(), ANN.person, NOW)
    await room.desk.gone("slack", "T1", "C2", "newsbot was removed from the channel")
    told = [text for text in texts(await room.run("status")) if "subscriptions paused" in text]
    assert told == ["#c2: 2 subscriptions paused just now: newsbot was removed from the channel"]


async def test_what_is_watched_where_somebody_cannot_look_is_not_counted(room):
    await room.watch("summit")
    hidden = await room.watch("merger", "slack:T1/CSECRET")
    await room.watch("layoffs", "slack:T1/CSECRET")
    await room.store.registry.pause(hidden.id, await room.here(), ANN.person, NOW)
    room.chats["slack"].hidden["slack:T1/CSECRET"] = {"Ann"}
    assert texts(await room.run("status"))[0] == "2 subscriptions, 1 paused. 0 sources."
    assert texts(await room.run("status", somebody("Bob")))[0] == "1 subscription. 0 sources."
