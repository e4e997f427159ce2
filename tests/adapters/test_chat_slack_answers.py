"""How answers reach people in Slack, whatever stands in their way."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.commands.exchange import Action, Button, Reply, Upload, line, say
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, DeliveryId
from tests.adapters.slack_listening import RecordingDesk, Waits, listening, two_workspaces
from tests.impersonators.faults import broken, calling, rate_limited
from tests.messages import message

WORLD = ChannelAddress("slack", "T1", "C1")
ADDED = Reply((line("Done."),), announcement=(Run("Quint added "), Run("Kim", marked=True)))


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def test_a_shared_answer_is_seen_by_everybody(slack, desk):
    desk.answer = Reply(say("14 articles").lines, shared=True)
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "search Kim")
    assert slack.channel("C1").texts() == ["14 articles"]


async def test_a_change_is_announced_where_it_counts(slack, desk):
    slack.add_channel("C3", name="europe", team="T1")
    elsewhere = (ChannelAddress("slack", "T1", "C3"),)
    desk.answer = Reply(ADDED.lines, announcement=ADDED.announcement, announced_in=elsewhere)
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "pause 12", channel="C1")
        await slack.until(lambda: slack.channel("C3").messages)
    assert (slack.channel("C1").texts(), slack.channel("C3").texts()) == ([], ["Quint added Kim"])


async def test_where_newsbot_is_no_member_it_answers_and_announces_by_the_response_url(slack, desk):
    slack.channel("C1").is_member = False
    slack.team("T1").scopes = tuple(
        scope for scope in slack.team("T1").scopes if scope != "chat:write.public"
    )
    desk.answer = ADDED
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "pause 12", until=lambda seen: seen.posts)
    assert (sight.whispers, sight.posts) == (["Done."], ["Quint added Kim"])


@pytest.mark.parametrize("spent", ["used", "expired"])
async def test_a_response_url_that_is_spent_is_done_without(slack, desk, spent):
    desk.free.clear()
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "preview Kim", until=lambda _: desk.said)
        for url in slack.world.response_urls.values():
            url.uses, url.until_s = (5, url.until_s) if spent == "used" else (0, 0.0)
        desk.free.set()
        await sight.until(lambda seen: seen.whispers)
    assert sight.whispers == ["Done."]
    assert slack.calls("chat.postEphemeral")


async def test_an_answer_that_can_stand_nowhere_else_comes_by_direct_message(slack, desk):
    slack.channel("C1").is_member = False
    desk.free.clear()
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "preview Kim", until=lambda _: desk.said)
        next(iter(slack.world.response_urls.values())).uses = 5
        desk.free.set()
        await slack.until(lambda: slack.calls("chat.postMessage"))
        assert [item.shown.text for item in quint.sees("D0T1U1")] == ["Done."]


async def test_a_rate_limit_in_the_middle_is_waited_out(slack, desk):
    wait = Waits()
    slack.faults.next(rate_limited(7), when=calling("users.info"))
    slack.faults.next(rate_limited(11), when=calling("response_url"))
    async with listening(slack, desk, wait=wait):
        sight = await slack.person("U1").types("/news", "status")
    assert sight.whispers == ["Done."]
    assert wait.seconds == [7.0, 11.0]
    assert len(desk.said) == 1


async def test_a_limit_that_lasts_is_told_to_whoever_waits(slack, desk):
    slack.faults.next(rate_limited(600), times=9, when=calling("users.info"))
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "status")
    assert sight.whispers == ["Slack asks to wait 600 s before the next message."]
    assert desk.said == []


async def test_slack_stumbling_is_tried_again(slack, desk):
    slack.faults.next(broken(503), times=2, when=calling("response_url"))
    wait = Waits()
    async with listening(slack, desk, wait=wait):
        sight = await slack.person("U1").types("/news", "status")
    assert (sight.whispers, wait.seconds) == (["Done."], [1.0, 2.0])


async def test_a_file_is_handed_out_in_the_persons_own_conversation(slack, desk):
    desk.answer = Reply(say("All sources as OPML.").lines, file=Upload("sources.opml", b"<opml/>"))
    async with listening(slack, desk):
        quint = slack.person("U1")
        sight = await quint.types("/news", "export sources")
    files = [file for item in quint.sees("D0T1U1") for file in item.files]
    assert [(file.name, file.content) for file in files] == [("sources.opml", b"<opml/>")]
    assert sight.whispers == [
        "All sources as OPML.\nThe file is in your own conversation with newsbot, under Apps."
    ]
    assert slack.channel("C1").messages == []


async def test_a_shared_file_stands_in_the_channel(slack, desk):
    desk.answer = Reply(file=Upload("sources.opml", b"<opml/>"), shared=True)
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "export sources", until=lambda seen: seen.messages)
    assert [file.name for item in slack.channel("C1").messages for file in item.files] == ["sources.opml"]


async def test_a_file_that_cannot_be_handed_out_is_told_of(slack, desk):
    slack.team("T1").scopes = tuple(scope for scope in slack.team("T1").scopes if scope != "files:write")
    desk.answer = Reply(file=Upload("sources.opml", b"<opml/>"))
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "export sources", until=lambda seen: seen.whispers)
    assert sight.whispers[0].startswith("The token lacks the scope files:write. Add it at ")


async def test_an_answer_that_never_gets_through_disturbs_nobody_else(slack, desk):
    slack.faults.next(broken(400), when=calling("response_url"))
    slack.faults.next(broken(400), when=calling("chat.postEphemeral"))
    slack.faults.next(broken(400), when=calling("chat.postMessage"))
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "status", until=lambda _: slack.calls("chat.postMessage"))
        assert (await quint.types("/news", "status")).whispers == ["Done."]


async def test_a_desk_that_breaks_its_word_ends_nothing(slack, desk):
    def break_it(said):
        raise RuntimeError("broken")

    desk.answer = break_it
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "status", until=lambda _: desk.said)
        desk.answer = say("Fine.")
        assert (await quint.types("/news", "status")).whispers == ["Fine."]


async def test_a_shared_answer_whose_url_is_spent_is_posted(slack, desk):
    desk.answer = Reply(say("14 articles").lines, shared=True)
    desk.free.clear()
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "search Kim", until=lambda _: desk.said)
        next(iter(slack.world.response_urls.values())).uses = 5
        desk.free.set()
        await sight.until(lambda seen: seen.posts)
    assert slack.channel("C1").texts() == ["14 articles"]


async def test_a_change_that_cannot_be_announced_is_made_all_the_same(slack, desk):
    desk.answer = Reply(
        ADDED.lines, announcement=ADDED.announcement, announced_in=(ChannelAddress("slack", "T1", "C9"),)
    )
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "pause 12")
        await slack.until(lambda: slack.calls("chat.postMessage"))
    assert sight.whispers == ["Done."]


async def test_an_address_that_is_not_slacks_is_sent_nothing(slack, desk):
    async with two_workspaces() as stranger, listening(slack, desk):
        forged = {"team_id": "T1", "channel_id": "C1", "user_id": "U1", "text": "status", "trigger_id": "1"}
        body = {
            **forged,
            "command": "/news",
            "response_url": stranger.base_url.replace("/api/", "/response/T1/R1"),
        }
        await slack.deliver(slack.team("T1"), "slash_commands", body)
        await slack.until(lambda: slack.calls("chat.postEphemeral"))
        assert stranger.requests == []
    assert [call.body["text"] for call in slack.calls("chat.postEphemeral")] == ["Done."]


async def test_an_answer_in_hand_is_given_before_newsbot_ends(slack, desk):
    desk.free.clear()
    async with listening(slack, desk, drain_s=9.0):
        sight = await slack.person("U1").types("/news", "status", until=lambda _: desk.said)
        asyncio.get_running_loop().call_soon(desk.free.set)
    assert sight.whispers == ["Done."]


async def test_an_alert_is_never_replaced_by_what_one_person_is_answered(slack, desk):
    desk.answer = Reply(say("No longer muted.").lines, replaces=True)
    async with listening(slack, desk) as chat:
        await chat.send(WORLD, message(buttons=True), DeliveryId("d7"))
        before = slack.channel("C1").texts()
        sight = await slack.person("U1").presses("Mute this story")
    assert sight.whispers == ["No longer muted."]
    assert slack.channel("C1").texts() == before


async def test_a_shared_answer_turns_its_page_for_everybody(slack, desk):
    desk.answer = Reply(say("Page 1").lines, (Button("Older", Action("older")),), shared=True)
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "search Kim")
        desk.answer = Reply(say("Page 2").lines, shared=True, replaces=True)
        await quint.presses("Older")
    assert slack.channel("C1").texts() == ["Page 2"]
