"""`subscriptions`, `pause`, `resume` and `unsubscribe`, typed and pressed; and completions while typing."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import MAX_ACTION, Look, Mention, Tone
from bot.domain.message import plain
from bot.domain.model import Origin, SubscriptionState
from tests.services.managing import HERE, Room, address
from tests.services.people import ADMIN, GUEST, labels, said, somebody, texts

NOT_HERE = "Nothing called “{}” is watched in the channels that you can see. /news subscriptions shows what is watched here."


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


# ---------------------------------------------------------------- the list


async def test_the_list_says_what_is_watched_by_whom_and_within_which_limits(room):
    await room.follow("https://bbc.example/rss", name="bbc")
    desk = Mention("group", "S1", "desk")
    one = await room.watch("Kim, summit", feeds=("bbc",), mention=desk)
    two = await room.declare("golf")
    three = await room.watch("trump", origin=Origin.CLI, created_by="the command line")
    await room.run("pause", subscription="golf")
    room.clock.jump(120)
    reply = await room.run("subscriptions")
    assert texts(reply) == [
        "3 subscriptions in #c1",
        f"{one.id} · Kim, summit",
        "added by Ann on 1 May 2024 · only from bbc · calls @desk",
        f"{two.id} · golf",
        "declared in newsbot’s config file · paused by Ann 2 min ago",
        f"{three.id} · trump",
        "added by whoever runs newsbot on 1 May 2024",
    ]
    assert [line.look for line in reply.lines[:3]] == [Look.TITLE, Look.PLAIN, Look.DIM]
    assert [(button.label, button.row) for button in reply.buttons] == [
        (f"Pause {one.id}", 0),
        (f"Edit {one.id}", 0),
        (f"Remove {one.id}", 0),
        (f"Resume {two.id}", 1),
        (f"Pause {three.id}", 2),
        (f"Edit {three.id}", 2),
        (f"Remove {three.id}", 2),
    ]
    assert reply.buttons[2].tone is Tone.DANGER


async def test_a_list_that_goes_on_is_shown_page_by_page_within_the_limits_of_a_message(room):
    for number in range(10):
        await room.watch(f"summit {number}")
    first = await room.run("subscriptions")
    second = await room.press(first, "Next")
    third = await room.press(second, "Next")
    assert [texts(reply)[0] for reply in (first, second, third)] == [
        "10 subscriptions in #c1 · 1–4",
        "10 subscriptions in #c1 · 5–8",
        "10 subscriptions in #c1 · 9–10",
    ]
    assert [label for label in labels(second) if " " not in label] == ["Previous", "Next"]
    assert [label for label in labels(third) if " " not in label] == ["Previous"]
    assert texts(await room.press(third, "Previous")) == texts(second)
    assert (first.replaces, second.replaces) == (False, True)
    for row in range(5):
        assert len([one for one in second.buttons if one.row == row]) <= 5
    assert all(len(str(one.action)) <= MAX_ACTION for one in second.buttons)


async def test_a_page_that_is_no_more_or_never_was_is_the_nearest_one(room):
    await room.watch("summit")
    for written in ("list/C1/7", "list/C1/²", "list/C1/-1", "list/C1", "list", "list//99999999"):
        assert texts(await room.press(written))[0] == "1 subscription in #c1"


async def test_a_channel_that_watches_nothing_says_how_to_start_and_which_others_do(room):
    assert texts(await room.run("subscriptions")) == [
        "Nothing is watched in #c1. To start: /news subscribe Kim Jong Un, summit"
    ]
    for channel in ("slack:T1/C2", "slack:T1/C2", "slack:T1/C3", "slack:T1/C9", "slack:T2/C7"):
        await room.watch(f"summit {len(await room.watched(None))}", channel)
    room.chats["slack"].hidden["slack:T1/C9"] = {"Ben"}
    assert texts(await room.run("subscriptions"))[1] == "Watched elsewhere: #c2 (2) and #c3 (1)."


async def test_several_channels_are_listed_together_without_buttons(room):
    await room.watch("summit")
    reply = await room.run("subscriptions", in_="slack:T1/C1 slack:T1/C2")
    assert texts(reply) == [
        "1 subscription in #c1",
        "1 · summit",
        "added by Ann on 1 May 2024",
        "No subscriptions in #c2",
    ]
    assert reply.buttons == ()


async def test_what_is_too_much_for_one_answer_is_counted(room):
    for number in range(23):
        await room.watch(f"summit {number}", f"slack:T1/C{number % 2}")
    reply = await room.run("subscriptions", in_="slack:T1/C0 slack:T1/C1")
    assert len([text for text in texts(reply) if " · summit " in text]) == 20
    assert texts(reply)[-1] == "3 more subscriptions: ask for one channel at a time."


async def test_a_channel_that_somebody_cannot_see_is_not_listed(room):
    await room.watch("secret plans", "slack:T1/C9")
    room.chats["slack"].hidden["slack:T1/C9"] = {"Ben"}
    for reply in (await room.run("subscriptions", in_="slack:T1/C9"), await room.press("list/C9/0")):
        assert texts(reply) == [
            "There is no such channel here, or you can’t see it. Choose one from the list of channels."
        ]
    assert "secret plans" in said(await room.run("subscriptions", somebody("Ben"), in_="slack:T1/C9"))


async def test_who_may_not_manage_sees_the_list_without_its_buttons(room):
    for number in range(5):
        await room.watch(f"summit {number}")
    reply = await room.run("subscriptions", somebody("Gus", HERE, GUEST))
    assert labels(reply) == ["Next"]


async def test_a_name_that_no_button_can_hold_costs_the_way_back_only(room):
    console = f"console:{'world' * 20}"
    ann = somebody("Ann", console)
    for number in range(5):
        await room.watch(f"summit {number}", console)
    reply = await room.run("subscriptions", ann)
    assert "Next" not in labels(reply)
    assert all(len(str(one.action)) <= MAX_ACTION for one in reply.buttons)
    assert said(await room.press(reply, "Pause 1", by=ann)).startswith("Paused “summit 0” (1)")


# ---------------------------------------------------------------- pause and resume


async def test_pause_stops_a_subscription_and_resume_starts_it_again(room):
    one = await room.watch("summit")
    paused = await room.run("pause", subscription="summit")
    assert texts(paused) == [f"Paused “summit” ({one.id}) in #c1. Nothing is posted for it meanwhile."]
    assert plain(paused.announcement) == f"Ann paused “summit” ({one.id})"
    assert paused.announced_in == (address(HERE),)
    assert (await room.one(one.id)).state is SubscriptionState.PAUSED
    resumed = await room.press(paused, "Resume")
    assert texts(resumed) == [
        f"Watching again: “summit” ({one.id}) in #c1. What was published meanwhile is not posted."
    ]
    assert plain(resumed.announcement) == f"Ann resumed “summit” ({one.id})"
    assert (await room.one(one.id)).active
    assert (await room.press(resumed, "Pause")).announcement
    assert (await room.run("resume", subscription="summit")).announcement


async def test_what_is_paused_or_not_paused_already_is_said(room):
    one = await room.watch("summit")
    assert texts(await room.run("resume", subscription="summit")) == [f"“summit” ({one.id}) is not paused."]
    await room.run("pause", subscription="summit")
    room.clock.jump(60)
    again = await room.run("pause", somebody("Ben"), subscription="summit")
    assert texts(again) == [f"“summit” ({one.id}) is paused by Ann 1 min ago already."]
    assert not again.announcement


async def test_what_paused_because_its_place_was_left_can_be_paused_and_resumed_by_people(room):
    one = await room.watch("summit")
    await room.desk.gone("slack", "T1", "C1", "newsbot was removed from #c1")
    listed = await room.run("subscriptions")
    assert texts(listed)[2] == "added by Ann on 1 May 2024 · paused just now: newsbot was removed from #c1"
    await room.run("pause", subscription="summit")
    await room.desk.back("slack", "T1", "C1")
    assert not (await room.one(one.id)).active
    await room.run("resume", subscription="summit")
    assert (await room.one(one.id)).active


async def test_what_the_config_file_declares_is_paused_here_but_not_removed(room):
    one = await room.declare("summit")
    assert (await room.run("pause", subscription="summit")).announcement
    refused = await room.run("unsubscribe", subscription="summit")
    assert "declared in the config file" in said(refused)
    assert [other.id for other in await room.watched()] == [one.id]


# ---------------------------------------------------------------- removing


async def test_unsubscribe_takes_it_out_of_use_and_offers_it_back(room):
    one = await room.watch("summit")
    gone = await room.run("unsubscribe", subscription="summit")
    assert texts(gone) == [f"No longer watching for “summit” ({one.id}) in #c1."]
    assert plain(gone.announcement) == f"Ann removed “summit” ({one.id})"
    assert await room.watched() == []
    again = await room.press(gone, "Watch again")
    assert texts(again)[0].startswith("Ready to watch #c1 for")
    await room.press(again, "Confirm")
    assert await room.queries() == ["summit"]


async def test_a_press_in_the_list_shows_the_list_anew(room):
    for number in range(6):
        await room.watch(f"summit {number}")
    listed = await room.press(await room.run("subscriptions"), "Next")
    paused = await room.press(listed, "Pause 5")
    assert paused.replaces
    assert texts(paused)[:2] == [
        "Paused “summit 4” (5) in #c1. Nothing is posted for it meanwhile.",
        "6 subscriptions in #c1 · 5–6",
    ]
    assert "Resume 5" in labels(paused)
    resumed = await room.press(paused, "Resume 5")
    removed = await room.press(resumed, "Remove 6")
    assert texts(removed)[1] == "5 subscriptions in #c1 · 5–5"
    assert labels(removed) == ["Pause 5", "Edit 5", "Remove 5", "Previous", "Watch again"]
    last = await room.press(removed, "Remove 5")
    assert texts(last)[1] == "4 subscriptions in #c1"
    assert (await room.press(last, "Edit 1")).form


async def test_a_press_shows_no_list_of_a_channel_that_somebody_cannot_see(room):
    one = await room.watch("summit")
    await room.watch("secret", "slack:T1/C9")
    room.chats["slack"].hidden["slack:T1/C9"] = {"Ben"}
    paused = await room.press(f"pause/{one.id}/C9/0")
    assert texts(paused) == [f"Paused “summit” ({one.id}) in #c1. Nothing is posted for it meanwhile."]


async def test_a_press_on_what_is_gone_is_said(room):
    await room.watch("summit")
    listed = await room.run("subscriptions")
    await room.run("unsubscribe", subscription="summit")
    for label in ("Pause 1", "Edit 1", "Remove 1"):
        assert texts(await room.press(listed, label)) == ["That subscription is no longer there."]
    for written in ("pause", "pause/x", "pause/²", f"pause/{10**18}", f"pause/{10**30}"):
        assert texts(await room.press(written)) == ["That subscription is no longer there."]


@pytest.mark.parametrize("verb", ["pause", "resume", "remove"])
async def test_who_may_not_manage_may_not_press_either(room, verb):
    one = await room.watch("summit")
    other = await room.watch("summit", "slack:T1/C2")
    refused = await room.press(f"{verb}/{one.id}", by=somebody("Gus", HERE, GUEST))
    assert "Here only full members" in said(refused)
    room.chats["slack"].elsewhere["Ann", "slack:T1/C2"] = GUEST
    assert "Here only full members" in said(await room.press(f"{verb}/{other.id}"))
    room.chats["slack"].hidden["slack:T1/C2"] = {"Ben"}
    assert texts(await room.press(f"{verb}/{other.id}")) == ["That subscription is no longer there."]


# ---------------------------------------------------------------- which one is meant


async def test_a_subscription_is_called_by_its_number_name_query_or_a_part_of_it(room):
    named = await room.declare("golf")
    one = await room.watch("Kim Jong Un, summit")
    for typed in (str(one.id), f"#{one.id}", "kim jong un, SUMMIT", "summit"):
        assert f"({one.id})" in said(await room.run("pause", subscription=typed))
        assert (await room.run("resume", subscription=typed)).announcement
    assert f"({named.id})" in said(await room.run("pause", subscription="the golf"))


async def test_what_could_be_several_asks_for_the_number(room):
    for number in range(3):
        await room.watch(f"summit {number}")
    assert texts(await room.run("pause", subscription="summit")) == [
        "“summit” could be several. Give the number:",
        "1: “summit 0” in #c1",
        "2: “summit 1” in #c1",
        "3: “summit 2” in #c1",
    ]
    assert (await room.run("pause", subscription="summit 1")).announcement


async def test_of_several_that_of_this_channel_is_meant_else_that_of_another(room):
    await room.watch("summit", "slack:T1/C2")
    assert "in #c2" in said(await room.run("pause", subscription="summit"))
    here = await room.watch("summit")
    assert f"({here.id}) in #c1" in said(await room.run("pause", subscription="summit"))


async def test_a_number_can_be_words_that_are_watched_for(room):
    one = await room.watch("2024")
    assert f"({one.id})" in said(await room.run("pause", subscription="2024"))


async def test_what_is_not_watched_or_not_to_be_seen_is_not_found(room):
    await room.watch("secret", "slack:T1/C9")
    room.chats["slack"].hidden["slack:T1/C9"] = {"Ben"}
    for typed in ("secret", "1", "nothing of the kind", "99999999999999999999"):
        assert texts(await room.run("pause", subscription=typed)) == [NOT_HERE.format(typed)]


# ---------------------------------------------------------------- completions


async def test_subscriptions_are_offered_by_what_they_say_those_of_this_channel_first(room):
    await room.watch("Kim", "slack:T1/C2")
    await room.watch("Kim, summit")
    await room.watch("golf " * 40)
    await room.watch("Kim", "slack:T1/C9")
    await room.watch("Kim", "slack:T2/C1")
    room.chats["slack"].hidden["slack:T1/C9"] = {"Ben"}
    await room.run("pause", subscription="1")
    assert [(one.value, one.label) for one in await room.complete("subscription", "kim")] == [
        ("2", "2 · Kim, summit · #c1"),
        ("1", "1 · Kim · #c2 · paused"),
    ]
    [long] = await room.complete("subscription", "golf")
    assert len(long.label) == 100
    assert len(await room.complete("subscription", "")) == 3


async def test_sources_are_offered_after_each_comma(room):
    for name in ("BBC News", "Reuters", "Bloomberg", "One, two"):
        await room.follow(f"https://{name[:3].lower()}.example/rss", title=name)
    await room.follow("https://other.example/rss", title="BBC Two", workspaces=(("slack", "T2"),))
    assert [one.value for one in await room.complete("feeds", "b")] == ["BBC News", "Bloomberg"]
    assert [one.value for one in await room.complete("feeds", "BBC News, b")] == ["BBC News, Bloomberg"]
    assert await room.complete("feeds", f"{'x' * 95}, b") == []


# ---------------------------------------------------------------- two workspaces


@pytest.mark.parametrize(("here", "there"), [("slack:T1", "slack:T2"), ("discord:G1", "discord:G2")])
async def test_each_workspace_sees_and_changes_its_own_only(room, here, there):
    ann, bob = (somebody(name, f"{place}/C1", ADMIN) for name, place in (("Ann", here), ("Bob", there)))
    mine = await room.watch("summit", f"{here}/C1")
    theirs = await room.watch("summit", f"{there}/C1")
    assert f"({mine.id})" in said(await room.run("pause", ann, subscription="summit"))
    assert f"({theirs.id})" in said(await room.run("unsubscribe", bob, subscription="summit"))
    assert [one.id for one in await room.watched(None)] == [mine.id]
    assert NOT_HERE.format(mine.id) == said(await room.run("resume", bob, subscription=str(mine.id)))
