"""`subscribe`: the answer that proves life, what keeps newsbot from posting, sources, mentions, forms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands.exchange import Mention
from tests.services.managing import HERE, Room, address
from tests.services.people import ADMIN, labels, said, somebody, texts

DESK = Mention("group", "S1", "desk")


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


# ---------------------------------------------------------------- the answer


async def test_subscribe_proves_life_before_it_asks_for_confirmation(room):
    await room.stock("Kim Jong Un meets Trump", "Summit ends", "Nothing of note")
    room.clock.jump(40)
    reply = await room.run("subscribe", query="Kim Jong Un, summit")
    assert texts(reply) == [
        "Ready to watch #c1 for the phrase “Kim Jong Un” or the word “summit”.",
        "1 source, last read 40 s ago. About 2 alerts a week here: 1 from “Kim Jong Un”, 1 from “summit”.",
        "Nothing published before now will be posted.",
        "For example",
        "Summit ends · News · 40 s ago",
        "The text of article Summit ends, which is about nothing in particular.",
        "Kim Jong Un meets Trump · News · 40 s ago",
        "The text of article Kim Jong Un meets Trump, which is about nothing in particular.",
    ]
    assert labels(reply) == ["Confirm", "Edit", "Post a sample here"]
    assert await room.watched() == []


async def test_what_the_query_might_not_mean_is_said_in_the_answer(room):
    await room.stock("The who of it")
    reply = await room.run("subscribe", query="WHO")
    assert "Note: “WHO” also finds the word “who”. =WHO finds it only in capitals." in texts(reply)
    assert "=WHO" in texts(reply)


async def test_how_many_alerts_there_would_be_is_told_by_day_or_week(room):
    await room.stock(*(f"summit {number}" for number in range(30)))
    assert "About 5 alerts a day here." in said(await room.run("subscribe", query="summit"))
    assert "No alert in the last 7 days." in said(await room.run("subscribe", query="golf"))
    many = await room.run("subscribe", query="summit", in_="slack:T1/C1 slack:T1/C2")
    assert "About 5 alerts a day in each channel." in said(many)


async def test_a_button_names_a_channel_only_as_far_as_it_can(room):
    long = f"slack:T1/{'c' * 70}"
    reply = await room.run("subscribe", query="summit", in_=long)
    assert labels(reply)[-1] == "Post a sample there"


async def test_a_place_without_sources_says_how_to_add_one(room):
    reply = await room.run("subscribe", query="summit")
    assert "No source is read here yet: /news sources add ADDRESS adds one." in said(reply)
    await room.follow("https://news.example/rss")
    assert "1 source, not read yet. No alert" in said(await room.run("subscribe", query="summit"))


async def test_sources_that_cannot_be_read_are_counted(room):
    await room.stock("A summit")
    down = await room.follow("https://down.example/rss")
    state = (await room.store.schedule.feed(down)).state
    failed = replace(state, polled_at=room.clock.now(), failures=3, error="it answered 500")
    await room.store.schedule.record_state(down, failed)
    room.clock.jump(60)
    assert texts(await room.run("subscribe", query="golf"))[1] == (
        "2 sources, last read 1 min ago. 1 of them cannot be read now: /news sources health."
        " No alert in the last 7 days."
    )


async def test_a_query_that_cannot_be_read_can_be_corrected_by_a_button(room):
    reply = await room.run("subscribe", query='"Kim AND summit')
    assert texts(reply)[0].startswith(
        "I can’t read this query: the quote opened at character 1 never closes."
    )
    assert labels(reply) == ["Use that", "Edit"]
    assert reply.refused
    used = await room.press(reply, "Use that")
    assert texts(used)[0].startswith("Ready to watch #c1")
    form = await room.press(reply, "Edit")
    assert form.form is not None
    assert form.form.fields[0].value == '"Kim AND summit'
    corrected = await room.submit(form, query="Kim")
    assert corrected.replaces
    await room.press(corrected, "Confirm")
    assert await room.queries() == ["Kim"]


async def test_a_query_that_has_no_correction_offers_its_form_only(room):
    reply = await room.run("subscribe", query="after:2d summit")
    assert "belongs to a search" in said(reply)
    assert labels(reply) == ["Edit"]


# ---------------------------------------------------------------- where newsbot cannot post


async def test_a_missing_invitation_is_found_before_anybody_confirms(room):
    fault = ("I'm not a member of #c1", "Type /invite @newsbot there")
    room.chats["slack"].closed[HERE] = fault
    reply = await room.run("subscribe", query="summit")
    assert texts(reply) == ["I'm not a member of #c1. Type /invite @newsbot there, then press Retry."]
    assert labels(reply) == ["Retry", "Edit"]
    room.chats["slack"].closed.clear()
    again = await room.press(reply, "Retry")
    assert again.replaces
    await room.press(again, "Confirm")
    assert await room.queries() == ["summit"]


async def test_each_channel_says_what_it_lacks_on_either_platform(room):
    lacks = ("I lack Send Messages in #c2", "Edit Channel → Permissions → add me and allow Send Messages")
    room.chats["discord"].closed["discord:G1/C2"] = lacks
    ann = somebody("Ann", "discord:G1/C1")
    reply = await room.run("subscribe", ann, query="summit", in_="discord:G1/C1 discord:G1/C2")
    assert texts(reply) == [f"{lacks[0]}. {lacks[1]}, then press Retry."]


async def test_what_is_amiss_elsewhere_on_the_platform_keeps_nobody_from_a_channel_that_can_be_posted_to(
    room,
):
    room.chats["slack"].warned = "the token lacks groups:read"
    assert labels(await room.run("subscribe", query="summit"))[0] == "Confirm"


async def test_a_platform_that_does_not_answer_is_said(room):
    room.chats["slack"].down = "Slack cannot be reached"
    reply = await room.run("subscribe", query="summit")
    assert texts(reply) == ["Slack cannot be reached. Try again later, then press Retry."]


# ---------------------------------------------------------------- sources and mentions


async def test_a_subscription_can_be_limited_to_sources_by_name_title_host_or_address(room):
    bbc = await room.stock("A summit", url="https://bbc.example/rss", title="BBC News")
    reuters = await room.follow("https://www.reuters.example/rss", name="reuters")
    await room.stock("Another summit", url="https://other.example/rss", title="Other")
    for named in ("bbc news, Reuters", "bbc.example, reuters.example", "https://bbc.example/rss,reuters"):
        reply = await room.run("subscribe", query="summit", feeds=named)
        assert texts(reply)[1] == "Only from BBC News and reuters."
        assert "2 sources" in said(reply)
        assert "Another summit" not in said(reply)
    await room.press(reply, "Confirm")
    [one] = await room.watched()
    assert one.feeds == {bbc, reuters}


async def test_a_source_that_is_not_read_here_is_named_and_can_be_corrected(room):
    await room.follow("https://reuters.example/rss", title="Reuters")
    reply = await room.run("subscribe", query="summit", feeds="Reutrs")
    assert texts(reply) == ["No source here is called “Reutrs”. Did you mean Reuters?"]
    assert reply.refused
    form = await room.press(reply, "Edit")
    assert (await room.submit(form, feeds="Reuters")).buttons
    unknown = await room.run("subscribe", query="summit", feeds="The Onion")
    assert texts(unknown) == [
        "No source here is called “The Onion”. /news sources list shows what is read here."
    ]


async def test_each_alert_calls_whom_the_subscription_mentions(room):
    reply = await room.run("subscribe", query="summit", mention=DESK)
    assert "Each alert calls @desk." in texts(reply)
    await room.press(reply, "Confirm")
    assert (await room.watched())[0].mention == DESK


async def test_nobody_sets_a_mention_that_they_could_not_make(room):
    room.chats["slack"].uncalled.add("desk")
    reply = await room.run("subscribe", query="summit", mention=DESK)
    assert said(reply).startswith("You could not mention @desk in that channel yourself")
    assert reply.buttons == ()


async def test_whoever_confirms_must_be_able_to_make_the_mention_too(room):
    reply = await room.run("subscribe", query="summit", mention=DESK)
    room.chats["slack"].uncalled.add("desk")
    await room.press(reply, "Confirm")
    assert await room.watched() == []


@pytest.mark.parametrize(
    ("where", "mention"),
    [
        (HERE, Mention("role", "R1", "everyone")),
        (HERE, Mention("group", "channel", "channel")),
        (HERE, "@here"),
        (HERE, "<!channel>"),
        ("discord:G1/C1", Mention("role", "G1", "@everyone")),
        ("discord:G1/C1", Mention("role", "G1", "")),
    ],
)
async def test_everyone_is_never_mentioned(room, where, mention):
    reply = await room.run("subscribe", somebody("Ann", where, ADMIN), query="summit", mention=mention)
    assert texts(reply) == ["newsbot never calls everyone. Mention a role, a group or a person."]


async def test_a_mention_of_an_unknown_kind_or_name_is_refused(room):
    strange = await room.run("subscribe", query="summit", mention=Mention("channel-list", "X", "x"))
    assert "newsbot can call a role, a group or a person." in said(strange)
    unknown = await room.run("subscribe", query="summit", mention="@nobody-we-know")
    assert "knows nobody called “@nobody-we-know” here" in said(unknown)
    odd = await room.run("subscribe", query="summit", mention=(address(HERE),))
    assert "knows nobody called “mention”" in said(odd)


# ---------------------------------------------------------------- forms


async def test_subscribe_without_a_query_opens_a_form_that_answers_like_the_command(room):
    form = await room.run("subscribe", feeds="BBC")
    assert form.form is not None
    assert [(one.name, one.value) for one in form.form.fields] == [
        ("query", ""),
        ("in", ""),
        ("feeds", "BBC"),
    ]
    await room.follow("https://bbc.example/rss", title="BBC")
    reply = await room.submit(form, query="summit", **{"in": (address("slack:T1/C2"),)})
    assert texts(reply)[0].startswith("Ready to watch #c2")
    await room.press(reply, "Confirm")
    assert await room.queries("slack:T1/C2") == ["summit"]


async def test_a_draft_is_corrected_in_its_form_and_keeps_what_the_form_does_not_ask(room):
    reply = await room.run("subscribe", query="summit", mention=DESK, in_="slack:T1/C2")
    corrected = await room.submit(await room.press(reply, "Edit"), query="golf")
    await room.press(corrected, "Confirm")
    [one] = await room.watched("slack:T1/C2")
    assert (one.query, one.mention) == ("golf", DESK)


async def test_what_is_no_text_or_channel_is_taken_for_nothing_or_refused(room):
    reply = await room.submit("subscribe", None, query=(address(HERE),))
    assert "empty" in said(reply)
    unknown = await room.run("subscribe", query="summit", in_="#nowhere")
    assert "knows no channel “#nowhere”" in said(unknown)
    odd = await room.run("subscribe", query="summit", in_=DESK)
    assert "knows no channel “in”" in said(odd)
