"""What people type, press and choose in Slack, and what newsbot hears of it: who, where, with what rights."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Action, Button, Press, Reply, Rights, Tone, line, say
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, DeliveryId, Mention
from tests.adapters.slack_listening import RecordingDesk, listening, two_workspaces
from tests.impersonators.faults import broken, calling
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
