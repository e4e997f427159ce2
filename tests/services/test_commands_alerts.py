"""What people do on an alert: mute its story, say that it is not relevant, ask why it came."""

from __future__ import annotations

import pytest

from bot.domain.model import Origin
from bot.ports import FeedRow, SubscriptionRow
from tests.builders import NOW, entry, mention
from tests.services.newsdesk import newsroom
from tests.services.people import GUEST, labels, pressed, said, somebody, texts

ANN = somebody("Ann")
BEN = somebody("Ben", rights=GUEST)
HEADLINE = "Kim plays golf after the summit"
WORD = "“golf” stands in this article"
BODY = "The leader of the golf club was delighted. A golf summit, he said."


@pytest.fixture
def room(store, clock):
    return newsroom(store, clock)


def golf(room, uid="golf", **fields):
    return entry(uid, title=HEADLINE, body=BODY, published_at=room.clock.now(), **fields)


async def alert(room, query="summit", channel="slack:T1/C1", **row):
    await room.follow()
    await room.watch(query, channel, **row)
    [id] = await room.publish(golf(room))
    await room.send(id, "m1")
    return id


def announced(reply):
    return "".join(run.text for run in reply.announcement)


# ---------------------------------------------------------------- muting


async def test_a_story_is_muted_for_a_day_and_the_channel_hears_of_it(room):
    id = await alert(room)
    reply = await room.press(f"mute/{id}")
    assert texts(reply)[0] == f"Muted in #c1 until 12:02 UTC on 2 May: “{HEADLINE}”"
    assert announced(reply) == f"Ann muted “{HEADLINE}” until 12:02 UTC on 2 May"
    assert reply.announced_in == (ANN.channel,)
    [mute] = await room.store.frontdesk.mutes(await room.here(), room.clock.now())
    assert (mute.by, (mute.until - room.clock.now()).days) == (ANN.person, 1)


async def test_a_mute_can_be_undone_months_later_or_when_it_is_over(room):
    id = await alert(room)
    muted = await room.press(f"mute/{id}")
    undone = await room.press(muted, "Undo")
    assert said(undone) == f"No longer muted in #c1: “{HEADLINE}”"
    assert undone.replaces
    assert announced(undone) == f"Ann wants to hear of “{HEADLINE}” again"
    assert await room.store.frontdesk.mutes(await room.here(), room.clock.now()) == []
    room.clock.jump(80 * 86400)
    assert said(await room.press(muted, "Undo")) == "This story is not muted in #c1."


async def test_the_menu_of_a_message_knows_the_alert_by_the_message(room):
    await alert(room)
    assert "Muted in #c1" in said(await room.press("mute", message="m1"))
    for message in ("m2", ""):
        assert "knows of no alert in that message" in said(await room.press("mute", message=message))


async def test_who_may_not_manage_the_channel_mutes_and_excludes_nothing_but_may_ask_why(room):
    id = await alert(room)
    for verb in ("mute", "unmute", "irrelevant"):
        assert "Here only full members" in said(await room.press(f"{verb}/{id}", by=BEN))
    assert await room.store.frontdesk.mutes(await room.here(), room.clock.now()) == []
    assert "This alert came because" in said(await room.press(f"why/{id}", by=BEN))


@pytest.mark.parametrize("verb", ["mute", "unmute", "irrelevant", "why"])
@pytest.mark.parametrize(
    ("channel", "stranger"),
    [("slack:T1/C1", "slack:T2/C1"), ("discord:G1/C1", "discord:G2/C1"), ("slack:T1/C1", "discord:G1/C1")],
)
async def test_an_alert_of_another_workspace_is_not_found_whatever_id_is_sent(room, verb, channel, stranger):
    id = await alert(room, channel=channel)
    eve = somebody("Eve", stranger)
    unknown = said(await room.press(f"{verb}/nosuchdelivery", by=eve))
    assert said(await room.press(f"{verb}/{id}", by=eve)) == unknown
    assert "knows of no alert in that message" in unknown
    assert said(await room.press(verb, by=eve, message="m1")) == unknown
    assert await room.store.frontdesk.mutes(await room.here(channel), room.clock.now()) == []


@pytest.mark.parametrize("verb", ["mute", "unmute", "irrelevant", "why"])
async def test_an_alert_of_a_channel_that_somebody_cannot_see_is_not_found(room, verb):
    id = await alert(room, channel="slack:T1/SECRET")
    room.chats["slack"].hidden["slack:T1/SECRET"] = {"Zoe"}
    assert said(await room.press(f"{verb}/{id}")) == said(await room.press(f"{verb}/nosuchdelivery"))


# ---------------------------------------------------------------- why


async def test_why_names_the_subscription_who_added_it_the_words_and_the_course(room):
    id = await alert(room, "Kim Jong Un, summit")
    reply = await room.press(f"why/{id}")
    assert texts(reply) == [
        "This alert came because #c1 watches “Kim Jong Un, summit” (added by Ann on 1 May 2024).",
        "“summit” stands twice in the headline and text.",
        "A golf summit, he said.",
        "First seen at News 12:02 UTC, posted 12:02 UTC.",
    ]
    assert labels(reply) == ["Mute this story", "Not relevant"]
    assert "Muted in #c1" in said(await room.press(reply, "Mute this story"))
    assert "Muted here until 12:02 UTC on 2 May by Ann." in said(await room.press(f"why/{id}"))


async def test_why_tells_who_declared_what_and_what_was_folded_in(room):
    await room.follow()
    other = await room.follow("https://other.example/rss", title="Other")
    await room.watch("golf", origin=Origin.CLI)
    [id] = await room.publish(golf(room))
    await room.read(other, golf(room, "copy", url="https://news.example/golf"))
    reply = said(await room.press(f"why/{id}"))
    assert "“golf” (added by whoever runs newsbot on 1 May 2024)" in reply
    assert "The copy at Other was folded into it." in reply
    assert "on its way." in reply


async def test_why_of_an_alert_that_was_held_says_the_reason(room):
    await room.follow()
    await room.watch("summit")
    [id] = await room.publish(golf(room))
    await room.hold(id, "newsbot is not in the channel")
    assert "First seen at News 12:02 UTC; held: newsbot is not in the channel." in said(
        await room.press(f"why/{id}")
    )


# ---------------------------------------------------------------- not relevant


async def with_others(room, query="summit", **row):
    await room.follow()
    await room.watch(query, **row)
    now = room.clock.now
    await room.publish(
        *(entry(str(n), title=f"Summit number {n} in Kim’s palace", published_at=now()) for n in range(3))
    )
    [id] = await room.publish(golf(room))
    await room.send(id)
    return id


async def test_not_relevant_proposes_the_word_that_the_other_matches_lack(room):
    reply = await room.press(f"irrelevant/{await with_others(room)}")
    assert texts(reply)[:3] == [
        f"What should #c1 leave out, for no more like “{HEADLINE}”?",
        f"{WORD} and in none of the 3 others that “summit” found lately. Without it, the subscription reads:",
        "summit -golf",
    ]
    assert labels(reply)[0] == "Leave out “golf”"
    assert labels(reply)[-1] == "Mute this story only"
    [watched] = await room.store.registry.subscriptions()
    assert watched.query == "summit"


async def test_a_proposal_is_a_draft_that_keeps_the_sources_and_the_mention(room):
    id = await with_others(room, feeds=("https://news.example/rss",), mention=mention())
    action = pressed(await room.press(f"irrelevant/{id}"), "Leave out “golf”")
    draft = await room.store.frontdesk.draft(action.parts[0], await room.here(), room.clock.now())
    assert (action.verb, draft.query, draft.by) == ("confirm", "summit -golf", ANN.person)
    assert (draft.feeds, draft.mention) == (("https://news.example/rss",), mention())
    [watched] = await room.store.registry.subscriptions()
    assert draft.changes == watched.id


async def test_a_confirmed_proposal_changes_the_subscription_and_everybody_hears_of_it(room):
    proposed = await room.press(f"irrelevant/{await with_others(room)}")
    assert "may manage the subscriptions" in said(await room.press(proposed, "Leave out “golf”", BEN))
    confirmed = await room.press(proposed, "Leave out “golf”")
    assert "but without the word “golf”" in said(confirmed)
    assert announced(confirmed).startswith("Ann ")
    [watched] = await room.store.registry.subscriptions()
    assert (watched.id, watched.query) == (1, "summit -golf")
    [_] = await room.publish(entry("z", title="Another summit", published_at=room.clock.now()))
    assert await room.publish(entry("y", title="Golf summit", published_at=room.clock.now())) == []


async def test_alternatives_get_brackets_so_that_all_of_them_leave_the_word_out(room):
    reply = await room.press(f"irrelevant/{await with_others(room, 'Kim Jong Un, summit')}")
    assert "(Kim Jong Un, summit) -golf" in texts(reply)


async def test_each_of_several_subscriptions_gets_a_proposal_of_its_own(room):
    await room.follow()
    first, second = await room.watch("summit"), await room.watch("golf club")
    [id] = await room.publish(golf(room))
    reply = await room.press(f"irrelevant/{id}")
    [one, two] = [label for label in labels(reply) if "leave out" in label]
    assert one.startswith(f"{first.id}: leave out “")
    assert two.startswith(f"{second.id}: leave out “")
    assert "found nothing else lately to compare it with" in said(reply)


async def test_a_subscription_of_the_file_is_left_to_whoever_runs_newsbot(room):
    feed = FeedRow("feed", "https://news.example/rss", Origin.FILE, "news")
    row = SubscriptionRow(ANN.channel, "summit", Origin.FILE, "talks")
    await room.store.registry.apply_file([feed], [row], NOW)
    [followed] = await room.store.registry.feeds()
    await room.read(followed.feed.id)
    [id] = await room.read(followed.feed.id, golf(room))
    reply = await room.press(f"irrelevant/{id}")
    assert "“talks” is declared in newsbot’s config file" in said(reply)
    assert "summit -golf" in texts(reply)
    assert labels(reply) == ["Mute this story only"]


async def test_where_no_word_tells_it_apart_the_way_by_hand_is_shown(room):
    await room.follow()
    await room.watch("summit")
    twin = entry("twin", title=f"{HEADLINE} again", body=BODY, published_at=room.clock.now())
    ids = await room.publish(twin)
    [id] = await room.publish(golf(room, url="https://news.example/golf"))
    reply = await room.press(f"irrelevant/{id}")
    assert "No single word tells this article from the others" in said(reply), (ids, texts(reply))
    [edit] = [button for button in reply.buttons if button.label.startswith("Edit")]
    assert edit.action.verb == "edit"


async def test_a_subscription_that_was_removed_is_not_changed(room):
    id = await alert(room)
    await room.store.registry.retire(1, await room.here(), ANN.person, room.clock.now())
    reply = await room.press(f"irrelevant/{id}")
    assert said(reply) == "What brought this alert is no longer watched in #c1."
    assert labels(reply) == ["Mute this story only"]


async def test_a_subscription_of_the_file_that_no_word_helps_gets_no_button(room):
    feed = FeedRow("feed", "https://news.example/rss", Origin.FILE, "news")
    row = SubscriptionRow(ANN.channel, "summit", Origin.FILE, "talks")
    await room.store.registry.apply_file([feed], [row], NOW)
    [followed] = await room.store.registry.feeds()
    await room.read(followed.feed.id)
    [id] = await room.read(
        followed.feed.id, entry("1", title="Summit", body="", published_at=room.clock.now())
    )
    reply = await room.press(f"irrelevant/{id}")
    assert "No single word tells this article" in said(reply)
    assert labels(reply) == ["Mute this story only"]


async def test_a_single_other_match_is_told_as_such(room):
    await room.follow()
    await room.watch("summit")
    await room.publish(entry("1", title="Summit in Singapore", body="", published_at=room.clock.now()))
    [id] = await room.publish(golf(room))
    told = said(await room.press(f"irrelevant/{id}"))
    assert f"{WORD} and not in the other one that “summit” found lately." in told


async def test_words_that_are_usual_elsewhere_come_later(room):
    await room.follow()
    await room.watch("summit")
    now = room.clock.now()
    await room.publish(
        *(
            entry(f"u{n}", title=f"{'Weather' if n % 20 else 'Tournament'} report {n}", published_at=now)
            for n in range(60)
        )
    )
    [id] = await room.publish(entry("1", title="Summit tournament Xanadu", body="", published_at=now))
    reply = await room.press(f"irrelevant/{id}")
    assert labels(reply)[:2] == ["Leave out “Xanadu”", "Leave out “tournament”"]
    assert "Or, without another word:" in texts(reply)
    assert "summit -tournament" in texts(reply)


async def test_an_alert_of_bare_facts_and_no_text_is_explained_too(room):
    await room.follow()
    await room.watch("site:news.example lang:en")
    now = room.clock.now()
    [id] = await room.publish(entry("1", title="Summit", body="", language="en", published_at=now))
    assert texts(await room.press(f"why/{id}"))[:3] == [
        "This alert came because #c1 watches “site:news.example lang:en” (added by Ann on 1 May 2024).",
        "It is on news.example, it is in English.",
        "First seen at News 12:02 UTC; on its way.",
    ]
