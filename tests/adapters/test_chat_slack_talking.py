"""People in Slack, and what newsbot hears and shows: over Socket Mode, in two workspaces at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.commands.exchange import Action, Button, Press, Reply, Rights, Tone, Upload, line, say
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, DeliveryId, Mention
from tests.adapters.slack_listening import RecordingDesk, Waits, listening, two_workspaces, workspaces
from tests.impersonators.faults import broken, calling, rate_limited
from tests.messages import message

WORLD = ChannelAddress("slack", "T1", "C1")
CONFIRM = Button("Confirm", Action("confirm", ("d1",)), Tone.PRIMARY)
EDIT = Button("Edit", Action("redraft", ("d1",)))
WATCHING = Reply((line("Watching #world for “Kim Jong Un”."),), (CONFIRM, EDIT))
ADDED = Reply((line("Done."),), announcement=(Run("Quint added "), Run("Kim", marked=True)))


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def test_a_command_is_read_and_its_answer_seen_by_its_author_only(slack, desk):
    desk.answer = WATCHING
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "subscribe Kim Jong Un, summit --in #world")
    (call,) = desk.said
    assert (call.command, call.arguments) == ("subscribe", {"query": "Kim Jong Un, summit", "in": (WORLD,)})
    assert (call.caller.person.id, call.caller.person.name) == ("U1", "quint1")
    assert (call.caller.channel, call.caller.channel_name) == (WORLD, "world")
    assert sight.whispers == ["Watching #world for “Kim Jong Un”.\nConfirm\nEdit"]
    assert slack.channel("C1").texts() == []


async def test_words_without_a_command_are_searched_for_and_nothing_asks_for_help(slack, desk):
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "Kim & “Un” at bbc.com", phone=True)
        await slack.person("U1").types("/news")
    assert [(call.command, dict(call.arguments)) for call in desk.said] == [
        ("search", {"query": "Kim & “Un” at bbc.com"}),
        ("help", {}),
    ]


async def test_what_cannot_be_read_is_answered_without_the_desk(slack, desk):
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "subscribe Kim --chanel #world")
    assert sight.whispers == ["subscribe has no option --chanel. It takes --query, --in, --feeds, --mention."]
    assert desk.said == []


async def test_whoever_an_alert_is_to_call_is_known_by_id(slack, desk):
    slack.add_group("S1", handle="desk")
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "subscribe Kim --mention @desk")
        await slack.person("U1").types("/news", "subscribe @quint1", raw="subscribe <@U1> --mention <@U1>")
    assert [dict(call.arguments) for call in desk.said] == [
        {"query": "Kim", "mention": Mention("group", "S1", "desk")},
        {"query": "@quint1", "mention": Mention("person", "U1", "quint1")},
    ]


async def test_a_button_is_pressed_and_its_answer_takes_its_place(slack, desk):
    desk.answer = WATCHING
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim")
        desk.answer = Reply(ADDED.lines, replaces=True, announcement=ADDED.announcement)
        sight = await quint.presses("Confirm", until=lambda seen: seen.posts)
    press = desk.said[-1]
    assert isinstance(press, Press)
    assert (press.action, press.caller.channel) == (Action("confirm", ("d1",)), WORLD)
    assert sight.whispers == ["Done."]
    assert len(quint.sees("C1")) == 2
    assert slack.channel("C1").texts() == ["Quint added Kim"]


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


async def test_everything_is_acknowledged_while_the_desk_is_blocked(slack, desk):
    desk.free.clear()
    async with listening(slack, desk) as chat:
        quint = slack.person("U1")
        ts = await chat.send(WORLD, message(buttons=True), DeliveryId("d7"))
        typed = await quint.types("/news", "search Kim", until=lambda _: len(desk.said) == 1)
        pressed = await quint.presses("Why this?", until=lambda _: len(desk.said) == 2)
        (alert,) = slack.channel("C1").messages
        chosen = await quint.chooses("why", on=alert, until=lambda _: len(desk.said) == 3)
        assert [sight.envelope.outcome for sight in (typed, pressed, chosen)] == ["acknowledged"] * 3
        assert (typed.texts, alert.ts) == ([], ts)
        desk.free.set()
        await typed.until(lambda seen: len(seen.whispers) == 3)
    assert slack.timeouts == []


async def test_the_buttons_of_an_alert_name_it_and_its_menu_names_the_message(slack, desk):
    async with listening(slack, desk) as chat:
        ts = await chat.send(WORLD, message(buttons=True), DeliveryId("d7"))
        (alert,) = slack.channel("C1").messages
        quint = slack.person("U1")
        await quint.presses("Mute this story", on=alert)
        await quint.chooses("irrelevant", on=alert)
    assert [(press.action, press.message) for press in desk.said] == [
        (Action("mute", ("d7",)), ts),
        (Action("irrelevant"), ts),
    ]
    assert alert.buttons == ("Mute this story", "Not relevant", "Why this?")


async def test_an_alert_calls_whom_its_subscriptions_name_and_nobody_else(slack, desk):
    mentions = (
        Mention("group", "S1"),
        Mention("person", "U1"),
        Mention("role", "1"),
        Mention("person", "U1> <!here"),
    )
    async with listening(slack, desk) as chat:
        await chat.send(WORLD, message(mentions=mentions), DeliveryId("d7"))
    (alert,) = slack.channel("C1").messages
    assert alert.mentions == ("!subteam^S1", "@U1")
    assert alert.buttons == ()


async def test_who_only_looks_into_a_public_channel_is_no_member_of_it(slack, desk):
    slack.add_user("U9", name="passer")
    async with listening(slack, desk) as chat:
        await chat.send(WORLD, message(buttons=True), DeliveryId("d7"))
        slack.channel("C1").members.discard("U9")
        (alert,) = slack.channel("C1").messages
        await slack.person("U9").presses("Mute this story", on=alert, until=lambda _: desk.said)
    assert desk.said[0].caller.rights == Rights(member=False)


@pytest.mark.parametrize(
    ("standing", "rights"),
    [
        ({}, Rights()),
        ({"is_restricted": True}, Rights(member=False)),
        ({"is_ultra_restricted": True}, Rights(member=False)),
        ({"is_admin": True}, Rights(moderator=True)),
        ({"is_owner": True}, Rights(moderator=True)),
    ],
    ids=str,
)
async def test_rights_come_with_the_command_as_they_are_now(slack, desk, standing, rights):
    quint = slack.person("U1")
    async with listening(slack, desk):
        await quint.types("/news", "status")
        for name, value in standing.items():
            setattr(quint.user, name, value)
        await quint.types("/news", "status")
    assert [call.caller.rights for call in desk.said] == [Rights(), rights]


async def test_user_groups_come_with_the_command(slack, desk):
    slack.add_group("S1", handle="desk", users=["U1"])
    slack.add_group("S2", handle="others", users=["U7"])
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "status")
    assert desk.said[0].caller.rights.groups == {"S1"}


async def test_without_the_scope_for_user_groups_there_are_none(slack, desk):
    slack.add_group("S1", handle="desk", users=["U1"])
    slack.team("T1").scopes = tuple(scope for scope in slack.team("T1").scopes if scope != "usergroups:read")
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "status")
    assert desk.said[0].caller.rights == Rights()


async def test_a_private_channel_is_called_by_its_name_where_newsbot_is_in_it(slack, desk):
    slack.add_channel("C3", name="secret", team="T1", is_private=True, members=["U1"])
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "status", channel="C3")
        slack.channel("C3").is_member = False
        slack.add_channel("C4", name="hidden", team="T1", is_private=True, members=["U1"], is_member=False)
        await slack.person("U1").types("/news", "status", channel="C4")
    assert [call.caller.channel_name for call in desk.said] == ["secret", ""]


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


# ---------------------------------------------------------------- several workspaces


async def test_each_workspace_is_answered_with_its_own_token(slack, desk):
    desk.answer = ADDED
    async with listening(slack, desk):
        one = await slack.person("U1").types("/news", "pause 1", until=lambda seen: seen.posts)
        two = await slack.person("U2", team="T2").types("/news", "pause 2", until=lambda seen: seen.posts)
    assert [call.caller.channel.workspace for call in desk.said] == ["T1", "T2"]
    assert (one.posts, two.posts) == (["Quint added Kim"], ["Quint added Kim"])
    tokens = [call.headers["authorization"] for call in slack.calls("users.info")]
    assert tokens == [f"Bearer {slack.team(team).token}" for team in ("T1", "T2")]


async def test_one_app_in_two_workspaces_hears_both_over_one_connection(slack, desk):
    slack.team("T2").app_token = slack.team("T1").app_token
    async with listening(slack, desk, workspaces(slack, ids=False)):
        assert len(slack.sockets.connections) == 1
        await slack.person("U1").types("/news", "status")
        await slack.person("U2", team="T2").types("/news", "status")
    assert [call.caller.channel for call in desk.said] == [WORLD, ChannelAddress("slack", "T2", "C2")]


async def test_a_workspace_without_settings_is_not_served(slack, desk):
    slack.team("T2").app_token = slack.team("T1").app_token
    async with listening(slack, desk, workspaces(slack)[:1]):
        stranger = await slack.person("U2", team="T2").types(
            "/news", "status", until=lambda seen: seen.envelope
        )
        await slack.person("U1").types("/news", "status")
    assert stranger.texts == []
    assert [call.caller.person.id for call in desk.said] == ["U1"]


async def test_an_app_cannot_speak_for_the_workspace_of_another(slack, desk):
    async with listening(slack, desk):
        team = slack.team("T1")
        forged = {
            "team_id": "T2",
            "channel_id": "C2",
            "user_id": "U2",
            "command": "/news",
            "text": "status",
            "trigger_id": "1",
        }
        envelope = await slack.deliver(team, "slash_commands", forged)
        await slack.person("U1").types("/news", "status")
    assert envelope.outcome == "acknowledged"
    assert [call.caller.person.id for call in desk.said] == ["U1"]


# ---------------------------------------------------------------- said twice


async def test_what_comes_over_two_connections_is_done_once(slack, desk):
    async with listening(slack, desk, connections=2):
        slack.sockets.doubling = 1
        sight = await slack.person("U1").types("/news", "status")
        await slack.until(lambda: sight.envelope.acks == 2)
        await slack.person("U1").types("/news", "help")
    assert [call.command for call in desk.said] == ["status", "help"]


async def test_two_processes_open_one_form(slack, desk):
    async with listening(slack, desk), listening(slack, RecordingDesk()):
        slack.sockets.doubling = 1
        sight = await slack.person("U1").types("/news", "subscribe")
        await slack.until(lambda: len(slack.calls("views.open")) == 2)
        await slack.person("U1").closes()
        for _ in range(2):
            await slack.person("U1").types("/news", "status", until=lambda seen: seen.whispers)
    assert sight.texts == ["Done.", "Done."]


async def test_an_event_that_reaches_two_processes_means_the_same_to_both(slack, desk):
    other = RecordingDesk()
    async with listening(slack, desk), listening(slack, other):
        await slack.until(lambda: len(desk.places) == 2 and len(other.places) == 2)
        slack.sockets.doubling = 1
        await slack.admin("T1").deletes("C1")
        await slack.until(lambda: len(desk.places) == 3 and len(other.places) == 3)
    assert desk.places[-1] == other.places[-1] == ("gone", "T1", "C1", "the channel was deleted")


async def test_presses_and_forms_that_come_twice_are_done_once(slack, desk):
    desk.answer = Reply(say("Watching").lines, (CONFIRM,))
    async with listening(slack, desk, connections=2):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim")
        slack.sockets.doubling = 1
        pressed = await quint.presses("Confirm")
        await slack.until(lambda: pressed.envelope.acks == 2)
        await quint.types("/news", "subscribe")
        slack.sockets.doubling = 1
        filled = await quint.submits({"What to watch for": "Kim"}, until=lambda seen: seen.whispers)
        await slack.until(lambda: filled.envelope.acks == 2)
    assert [type(said).__name__ for said in desk.said] == ["Call", "Press", "Submission"]


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


async def test_names_that_slack_does_not_tell_stay_ids(slack, desk):
    slack.faults.next(broken(400), when=calling("conversations.info"))
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "x", raw="search in <#C1|>")
    assert desk.said[0].arguments == {"query": "in #C1"}


async def test_a_press_in_ones_own_conversation_with_newsbot_is_a_members(slack, desk):
    client = slack.calls
    desk.answer = Reply(say("Watching").lines, (CONFIRM,), shared=True)
    async with listening(slack, desk) as chat:
        await chat._teams[0].client.chat_postMessage(channel="U1", text="hello")
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim", channel="D0T1U1")
        await quint.presses("Confirm")
    assert client("users.conversations") == []
    assert desk.said[-1].caller.rights == Rights()


async def test_nothing_is_announced_in_another_workspace(slack, desk):
    other = (ChannelAddress("slack", "T2", "C1"), WORLD)
    desk.answer = Reply(ADDED.lines, announcement=ADDED.announcement, announced_in=other)
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "pause 12", until=lambda seen: seen.posts)
    assert [call.body["channel"] for call in slack.calls("chat.postMessage")] == ["C1"]
    assert len(slack.channel("C1").messages) == 1


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
