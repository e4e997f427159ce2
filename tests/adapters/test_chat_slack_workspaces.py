"""Alerts for several Slack workspaces: each goes out with its own token, and is checked there."""

from __future__ import annotations

import pytest

from bot.chat.slack import SlackChat
from bot.chat.slack_app import Once
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError
from tests.adapters.slack_listening import RecordingDesk, Waits, listening, two_workspaces, workspaces
from tests.impersonators.faults import broken, calling
from tests.messages import SUMMIT

ONE, TWO = ChannelAddress("slack", "T1", "C1"), ChannelAddress("slack", "T2", "C2")
NOWHERE = ChannelAddress("slack", "T9", "C1")


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture(params=[True, False], ids=["ids", "no ids"])
async def chat(slack, request):
    async with SlackChat(workspaces(slack, ids=request.param), slack.base_url, wait=Waits()) as chat:
        yield chat


async def test_each_alert_goes_out_with_the_token_of_its_workspace(chat, slack):
    await chat.send(TWO, SUMMIT, DeliveryId("d2"))
    await chat.send(ONE, SUMMIT, DeliveryId("d1"))
    tokens = [call.headers["authorization"] for call in slack.calls("chat.postMessage")]
    assert tokens == [f"Bearer {slack.team('T2').token}", f"Bearer {slack.team('T1').token}"]
    assert len(slack.channel("C1").messages) == len(slack.channel("C2").messages) == 1


async def test_whose_token_it_is_is_asked_at_most_once(chat, slack):
    for number in range(3):
        await chat.send(TWO, SUMMIT, DeliveryId(f"d{number}"))
    assert len(slack.calls("auth.test")) in {0, 2}


async def test_an_alert_for_a_workspace_without_a_token_is_held(chat, slack):
    with pytest.raises(ChatError) as caught:
        await chat.send(NOWHERE, SUMMIT, DeliveryId("d1"))
    assert caught.value.permanent
    assert str(caught.value) == (
        "newsbot has no token for the Slack workspace T9. Add the workspace and its tokens to the configuration."
    )
    assert slack.messages == []


async def test_a_workspace_that_does_not_say_who_it_is_delays_its_alerts(slack):
    slack.faults.next(broken(500), when=calling("auth.test"))
    async with SlackChat(workspaces(slack, ids=False), slack.base_url) as chat:
        with pytest.raises(ChatError) as caught:
            await chat.send(TWO, SUMMIT, DeliveryId("d1"))
        assert not caught.value.permanent
        await chat.send(TWO, SUMMIT, DeliveryId("d1"))


async def test_every_workspace_and_channel_is_checked(chat, slack):
    slack.channel("C2").is_archived = True
    lines = await chat.check([TWO, ONE, NOWHERE])
    assert [(line.subject, line.ok) for line in lines] == [
        ("slack Desk 1", True),
        ("slack:T1/C1", True),
        ("slack Desk 2", True),
        ("slack:T2/C2", False),
        ("slack:T9/C1", False),
    ]
    assert lines[-1].detail == "newsbot has no token for the Slack workspace T9"


async def test_a_workspace_that_fails_hides_no_other(slack):
    slack.team("T1").revoked = True
    async with SlackChat(workspaces(slack), slack.base_url) as chat:
        lines = await chat.check([ONE, TWO])
    assert [(line.subject, line.ok) for line in lines] == [
        ("slack Desk 1", False),
        ("slack Desk 2", True),
        ("slack:T2/C2", True),
    ]


async def test_a_workspace_that_is_not_known_yet_is_asked_when_somebody_speaks(slack):
    desk = RecordingDesk()
    slack.faults.next(broken(500), times=3, when=calling("auth.test"))
    async with listening(slack, desk, workspaces(slack, ids=False)[:1]):
        unknown = await slack.person("U1").types("/news", "status", until=lambda seen: seen.envelope)
        await slack.until(lambda: desk.places)
        await slack.person("U1").types("/news", "help", until=lambda seen: seen.whispers)
    assert unknown.envelope.outcome == "acknowledged"
    assert desk.said[-1].command == "help"


def test_only_the_last_payloads_are_remembered():
    once = Once(most=2)
    payloads = [{"trigger_id": str(number)} for number in range(3)]
    assert [once.first(payload) for payload in (*payloads, payloads[2], payloads[0])] == [
        True,
        True,
        True,
        False,
        True,
    ]
    assert once.first({})
    assert once.first({})


async def test_an_app_token_that_is_refused_is_a_line_of_the_check(slack):
    slack.team("T1").app_token_revoked = True
    async with SlackChat(workspaces(slack), slack.base_url) as chat:
        failing = [line for line in await chat.check([ONE]) if not line.ok]
    assert [(line.subject, line.detail) for line in failing] == [
        ("slack Desk 1 commands", "commands cannot be heard. Slack refused the token (token_revoked)")
    ]
    assert "connections:write" in failing[0].remedy


async def test_the_check_says_what_commands_will_lack(slack):
    slack.team("T1").scopes = (
        "chat:write",
        "channels:read",
        "groups:read",
        "channels:history",
        "commands",
        "users:read",
    )
    async with SlackChat(workspaces(slack)[:1], slack.base_url) as chat:
        (line,) = await chat.check([])
    assert line.ok
    assert line.detail == (
        "connected to “Desk 1” as @newsbot; without usergroups:read user groups are not known; "
        "without files:read files cannot be imported; without files:write files cannot be exported"
    )
