"""`where` and `why URL`: who watches for something, and what became of an article."""

from __future__ import annotations

import pytest

from bot.domain.model import ChannelAddress, Origin
from bot.ports import SubscriptionEdit
from tests.builders import NOW, entry
from tests.services.newsdesk import newsroom
from tests.services.people import labels, said, somebody, texts

ANN = somebody("Ann")
URL = "https://news.example/golf"
HEADLINE = "Kim plays golf after the summit"
STANDS = "“summit” stands twice in the headline and text."
BODY = "The leader of the golf club was delighted. A golf summit, he said."


@pytest.fixture
def room(store, clock):
    return newsroom(store, clock)


def golf(room, uid="golf", **fields):
    return entry(uid, title=HEADLINE, body=BODY, **{"published_at": room.clock.now(), **fields})


# ---------------------------------------------------------------- where


async def test_where_names_the_channels_that_watch_for_it_and_those_that_need_more(room):
    await room.watch("Kim Jong Un, summit", "slack:T1/WORLD")
    await room.watch("summit AND golf", "slack:T1/SPORT", created_by="Ben")
    await room.watch("title:summit -golf", "slack:T1/ASIA", origin=Origin.CLI)
    await room.watch("tennis", "slack:T1/SPORT")
    assert texts(await room.run("where", query="summit")) == [
        "3 channels watch for the word “summit”",
        "#asia watches “title:summit -golf” (added by whoever runs newsbot on 1 May 2024)",
        "#world watches “Kim Jong Un, summit” (added by Ann on 1 May 2024)",
        "#sport watches “summit AND golf”, for which “summit” alone is not enough (added by Ben on 1 May 2024)",
    ]


async def test_where_says_when_words_are_only_watched_for_with_more(room):
    await room.watch("Kim Jong Un", "slack:T1/WORLD")
    assert texts(await room.run("where", query="Kim")) == [
        "No channel that you can see watches for the word “Kim” alone, but with more",
        "#world watches “Kim Jong Un”, for which “Kim” alone is not enough (added by Ann on 1 May 2024)",
    ]


@pytest.mark.parametrize(
    ("watched", "asked", "found"),
    [
        ("site:bbc.com", "site:bbc.com", True),
        ("lang:en", "lang:en summit", True),
        ("author:Forgey", "author:Forgey", True),
        ("tag:Asia", "tag:Asia", True),
        ("source:BBC", "source:BBC", True),
        ("missile NEAR/5 test", "missile NEAR/3 test", True),
        ("missile NEAR/5 (test, launch)", "missile NEAR/3 (test, launch)", True),
        ("denuclear*", "denuclear*", True),
        ("summit", "after:2d summit", True),
        ("Kim Jong Un", "Kim", True),
        ("title:summit", "author:Kim", False),
        ("summit", "golf", False),
    ],
)
async def test_where_understands_every_kind_of_words(room, watched, asked, found):
    await room.watch(watched)
    assert ("#c1 watches" in said(await room.run("where", query=asked))) is found


async def test_where_says_of_a_paused_subscription_that_it_is(room):
    one = await room.watch("summit")
    await room.store.registry.pause(one.id, await room.here(), ANN.person, NOW)
    assert "(added by Ann on 1 May 2024, paused)" in said(await room.run("where", query="summit"))


async def test_where_offers_to_subscribe_when_nobody_watches(room):
    reply = await room.run("where", query="summit")
    assert said(reply) == "No channel that you can see watches for the word “summit”."
    assert labels(reply) == ["Subscribe to this"]


async def test_where_goes_on_at_a_press_and_back(room):
    for number in range(12):
        await room.watch("summit", f"slack:T1/C{number:02}")
    first = await room.run("where", query="summit")
    assert (len(texts(first)), labels(first)) == (11, ["More"])
    second = await room.press(first, "More")
    assert (len(texts(second)), labels(second)) == (3, ["Back"])
    assert texts(await room.press(second, "Back")) == texts(first)


@pytest.mark.parametrize(
    ("here", "there"), [("slack:T1/C1", "slack:T2/C1"), ("discord:G1/C1", "discord:G2/C1")]
)
async def test_where_and_why_show_neither_other_workspaces_nor_closed_channels(room, here, there):
    secret = here.replace("C1", "SECRET")
    await room.follow()
    await room.watch("summit", there)
    await room.watch("summit", secret)
    for id in await room.publish(golf(room)):
        await room.send(id)
    room.chats[here.partition(":")[0]].hidden[secret] = {"Zoe"}
    ann, zoe = somebody("Ann", here), somebody("Zoe", here)
    assert "No channel that you can see" in said(await room.run("where", ann, query="summit"))
    assert "1 channel watches" in said(await room.run("where", zoe, query="summit"))
    told = said(await room.run("why", ann, url=URL))
    assert "No alert was posted" in told
    assert "Nothing is watched here." in told
    assert "Posted in #secret" in said(await room.run("why", zoe, url=URL))
    for channel in (secret, there):
        named = (ChannelAddress.parse(channel),)
        assert "There is no such channel here" in said(await room.run("why", ann, url=URL, **{"in": named}))


# ---------------------------------------------------------------- why


async def test_why_tells_where_an_article_was_posted_and_where_not_and_what_failed(room):
    await room.follow()
    world = await room.watch("Kim Jong Un, summit", "slack:T1/WORLD")
    await room.watch("summit -golf")
    await room.watch("tennis", "slack:T1/SPORT")
    [id] = await room.publish(golf(room))
    await room.send(id)
    reply = await room.run("why", url=f"http://www.{URL[8:]}?utm_source=x")
    assert texts(reply) == [
        f"Posted in #world: “{HEADLINE}”",
        "News · first seen at News 12:02 UTC",
        f"#world, “Kim Jong Un, summit” (added by Ann on 1 May 2024): posted 12:02 UTC. {STANDS}",
        "#c1, “summit -golf” (added by Ann on 1 May 2024): “summit” is there, but so is the word “golf”, which the subscription excludes.",
        HEADLINE,
        "No match for 1 subscription in other channels.",
    ]
    assert [run.text for run in reply.lines[4].text if run.marked] == ["golf"]
    named = {"in": (world.channel.address,)}
    assert "golf”" not in said(await room.run("why", url=URL, **named)).replace(HEADLINE, "")


async def test_why_knows_the_rules_that_held_an_alert(room):
    await room.follow()
    one = await room.watch("summit")
    old = room.clock.now().replace(day=1, month=4)
    await room.publish(golf(room, published_at=old))
    told = said(await room.run("why", url=URL))
    assert "it matches, but was not posted: older than the age limit when it was first seen." in told
    await room.store.registry.retire(one.id, await room.here(), ANN.person, NOW)
    assert "It has been removed since." in said(await room.run("why", url=URL))


async def test_why_knows_what_is_pending_and_held_and_muted(room):
    await room.follow()
    await room.watch("summit")
    [id] = await room.publish(golf(room))
    assert "on its way. “summit” stands" in said(await room.run("why", url=URL))
    await room.hold(id, "newsbot is not in the channel.")
    assert "held and not posted: newsbot is not in the channel. “summit”" in said(
        await room.run("why", url=URL)
    )
    await room.press(f"mute/{id}")
    assert "#c1 has muted this story until 12:02 UTC on 2 May (Ann)." in said(await room.run("why", url=URL))


async def test_why_knows_subscriptions_that_came_too_late_or_were_paused_or_read_other_sources(room):
    await room.follow()
    await room.follow("https://other.example/rss", title="Other")
    paused = await room.watch("golf club")
    await room.store.registry.pause(paused.id, await room.here(), ANN.person, room.clock.now(), "too many")
    edited = await room.watch("tennis")
    await room.watch("golf", feeds=("https://other.example/rss",))
    await room.publish(golf(room))
    await room.store.registry.edit(
        edited.id, await room.here(), SubscriptionEdit("summit"), ANN.person, room.clock.now()
    )
    room.clock.jump(3600)
    await room.watch("summit he said")
    told = said(await room.run("why", url=URL))
    assert "it matches, but is paused by Ann since 12:02 UTC (too many)." in told
    assert "it watches https://other.example/rss only." in told
    assert "it matches as things are now, but did not when the article came" in told
    assert "would have brought an alert, but the article came first: it was seen 12:03 UTC," in told
    assert "the subscription made 13:03 UTC." in told


async def test_why_of_a_place_that_newsbot_had_left_says_so(room):
    await room.follow()
    await room.watch("summit")
    await room.store.frontdesk.pause_place("slack", "T1", None, "newsbot was removed", room.clock.now())
    await room.publish(golf(room))
    assert "is paused since 12:01 UTC (newsbot was removed)." in said(await room.run("why", url=URL))


async def test_why_of_a_copy_leads_to_the_story_that_it_was_folded_into(room):
    await room.follow()
    other = await room.follow("https://other.example/rss", title="Other")
    await room.watch("summit")
    await room.publish(golf(room))
    copy = golf(room, "copy", url="https://other.example/kim", original_url=URL)
    await room.read(other, copy)
    told = await room.run("why", url="other.example/kim")
    assert "It was folded into the story that News tells." in texts(told)
    assert "The copy at Other was folded into it." in texts(await room.run("why", url=URL))


async def test_why_of_an_unknown_link_says_whether_its_site_is_read(room):
    await room.follow()
    assert "It reads news.example, but no feed there has listed this link" in said(
        await room.run("why", url="https://www.news.example/x")
    )
    assert "/news sources add else.example" in said(await room.run("why", url="else.example/x"))
    for typed in ("mailto:kim", "nonsense"):
        assert "is not a web address" in said(await room.run("why", url=typed))


async def test_why_goes_on_at_a_press_and_back(room):
    await room.follow()
    for number in range(10):
        await room.watch(f"tennis AND {number}{number}{number}")
    await room.publish(golf(room))
    first = await room.run("why", url=URL)
    assert labels(first) == ["More"]
    second = await room.press(first, "More")
    assert labels(second) == ["Back"]
    assert texts(await room.press(second, "Back")) == texts(first)


async def test_a_page_of_reasons_is_gone_with_its_article(room):
    await room.follow()
    for number in range(9):
        await room.watch(f"tennis AND {number}{number}{number}")
    await room.publish(golf(room))
    first = await room.run("why", url=URL)
    for followed in await room.store.registry.feeds():
        await room.store.registry.unfollow(str(followed.feed.id), room.clock.now())
    assert "newsbot has not seen this article" in said(await room.press(first, "More"))


async def test_a_subscription_that_cannot_be_read_is_passed_over_by_where_and_told_by_why(room):
    await room.follow()
    await room.watch('"summit')
    await room.publish(golf(room))
    assert "No channel that you can see" in said(await room.run("where", query="summit"))
    assert "it cannot be read any more: The quote opened" in said(await room.run("why", url=URL))
