"""Slack connections that are lost, and tokens that are refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.chat.slack import SlackChat
from bot.chat.slack_settings import SlackListening
from bot.domain.commands.exchange import say
from tests.adapters.slack_listening import RecordingDesk, Waits, listening, two_workspaces, workspaces
from tests.impersonators.faults import broken, calling, rate_limited

ENTERED = [("back", "T1", None), ("back", "T2", None)]


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def entered(slack, desk):
    await slack.until(lambda: len(desk.places) == 2)
    assert sorted(desk.places) == ENTERED
    desk.places.clear()


async def test_a_token_that_is_refused_from_the_start_ends_its_workspace_only(slack, desk):
    slack.team("T1").revoked = True
    with capture_logs() as logs:
        async with listening(slack, desk):
            await slack.until(lambda: len(desk.places) == 2)
            assert (await slack.person("U2", team="T2").types("/news", "status")).whispers == ["Done."]
    assert sorted(desk.places) == [
        ("back", "T2", None),
        ("gone", "T1", None, "the app’s token was taken back"),
    ]
    assert [line["reason"] for line in logs if line["log_level"] == "error"] == [
        "the app’s token was taken back"
    ]
    revoked = f"Bearer {slack.team('T1').token}"
    assert len([call for call in slack.calls("auth.test") if call.headers["authorization"] == revoked]) == 1


async def test_a_token_that_was_never_right_pauses_nothing(slack, desk):
    wrong = [replace(workspaces(slack)[0], bot_token="xoxb-wrong"), workspaces(slack)[1]]
    with capture_logs() as logs:
        async with listening(slack, desk, wrong):
            await slack.until(lambda: desk.places and [line for line in logs if line["log_level"] == "error"])
    assert desk.places == [("back", "T2", None)]
    assert [line["reason"] for line in logs if line["log_level"] == "error"] == [
        "Slack refused the token (invalid_auth)"
    ]


async def test_slack_is_asked_whose_token_it_is_until_it_says_so(slack, desk):
    slack.faults.next(broken(500), rate_limited(9), times=1, when=calling("auth.test"))
    wait = Waits()
    only = workspaces(slack)[:1]
    async with listening(slack, desk, only, wait=wait):
        await slack.until(lambda: desk.places)
    assert desk.places == [("back", "T1", None)]
    assert wait.seconds == [1.0, 9.0]


async def test_anothers_token_is_noticed(slack, desk):
    (first, second) = workspaces(slack)
    crossed = [replace(first, bot_token=second.bot_token)]
    with capture_logs() as logs:
        async with listening(slack, desk, crossed):
            await slack.until(lambda: [line for line in logs if line["log_level"] == "error"])
    (error,) = [line for line in logs if line["log_level"] == "error"]
    assert (error["event"], error["wanted"], error["token_of"]) == (
        "Slack workspace has another’s token",
        "T1",
        "T2",
    )
    assert desk.places == []


async def test_an_apps_own_token_that_is_refused_ends_its_connection_only(slack, desk):
    wait = Waits()
    with capture_logs() as logs:
        async with listening(slack, desk, wait=wait):
            await entered(slack, desk)
            await slack.admin("T1").revokes_app_token()
            await slack.until(lambda: [line for line in logs if line["log_level"] == "error"])
            assert (await slack.person("U2", team="T2").types("/news", "status")).whispers == ["Done."]
    (error,) = [line for line in logs if line["log_level"] == "error"]
    assert (error["event"], error["workspace"]) == ("Slack refused the app’s own token", "Desk 1")
    assert "connections:write" in error["remedy"]


async def test_a_workspace_without_an_app_token_posts_and_hears_nothing(slack, desk):
    silent = [replace(one, app_token="") for one in workspaces(slack)]
    with capture_logs() as logs:
        async with listening(slack, desk, silent):
            await slack.until(lambda: len(desk.places) == 2)
    told = [line for line in logs if line["event"] == "Slack workspace takes no commands"]
    assert [(line["workspace"], line["missing"]) for line in told] == [
        ("Desk 1", "app-level token"),
        ("Desk 2", "app-level token"),
    ]
    assert slack.calls("apps.connections.open") == []


async def test_no_token_is_in_a_log_or_a_repr(slack, desk):
    slack.team("T1").revoked = True
    slack.team("T2").app_token_revoked = True
    with capture_logs() as logs:
        async with SlackChat(workspaces(slack), slack.base_url, wait=Waits()) as chat:
            serving = asyncio.create_task(chat.serve(desk))
            await slack.until(lambda: len([line for line in logs if line["log_level"] == "error"]) == 3)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
    shown = repr(logs) + repr(workspaces(slack))
    for team in slack.world.teams.values():
        assert not any(secret in shown for secret in (team.token, team.app_token, team.signing_secret))


@pytest.mark.parametrize("how", ["disconnect", "close", "cut"])
async def test_a_connection_that_is_lost_is_made_again(slack, desk, how):
    async with listening(slack, desk):
        before = {connection.number for connection in slack.sockets.connections}
        match how:
            case "disconnect":
                await slack.sockets.disconnect("refresh_requested")
            case "close":
                await slack.sockets.close()
            case "cut":
                slack.sockets.cut()
        await slack.until(
            lambda: len({c.number for c in slack.sockets.connections if not c.leaving} - before) == 2
        )
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
        assert (await slack.person("U2", team="T2").types("/news", "status")).whispers == ["Done."]


async def test_one_of_two_connections_is_renewed_while_the_other_hears(slack, desk):
    only = workspaces(slack)[:1]
    async with listening(slack, desk, only, connections=2):
        first, _ = slack.sockets.connections
        await slack.sockets.disconnect(only=first)
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
        await slack.sockets.connected(2)


async def test_a_slack_that_cannot_be_reached_is_tried_less_and_less_often(slack, desk):
    slack.faults.next(broken(503), times=4, when=calling("apps.connections.open"))
    wait = Waits()
    only = workspaces(slack)[:1]
    async with listening(slack, desk, only, wait=wait):
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
    assert wait.seconds == [1.0, 2.0, 4.0, 8.0]


async def test_refused_upgrades_and_rate_limits_are_waited_out(slack, desk):
    slack.sockets.refusing = 2
    slack.faults.next(rate_limited(30), when=calling("apps.connections.open"))
    wait = Waits()
    async with listening(slack, desk, workspaces(slack)[:1], wait=wait):
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
    assert wait.seconds == [30.0, 2.0, 4.0]
    assert len(slack.calls("apps.connections.open")) == 4


async def test_connections_that_end_at_once_are_made_ever_more_slowly(slack, desk):
    wait = Waits()
    async with listening(slack, desk, workspaces(slack)[:1], wait=wait):
        for number in range(4):
            before = {connection.number for connection in slack.sockets.connections}
            await slack.sockets.disconnect("warning")
            await slack.until(lambda before=before: {c.number for c in slack.sockets.connections} - before)
            assert len(wait.seconds) == number + 1
    assert wait.seconds == [0.0, 1.0, 2.0, 4.0]


async def test_what_cannot_be_read_ends_a_connection_not_the_bot(slack, desk):
    with capture_logs() as logs:
        async with listening(slack, desk, workspaces(slack)[:1]):
            (connection,) = slack.sockets.connections
            await connection.socket.send_str("{not json")
            await slack.until(lambda: [c for c in slack.sockets.connections if c.number > connection.number])
            await slack.sockets.connections[-1].socket.send_str('{"type": "news", "envelope_id": "x"}')
            await slack.sockets.connections[-1].socket.send_bytes(b"\x00")
            await slack.until(
                lambda: max((c.number for c in slack.sockets.connections), default=0) > connection.number + 1
            )
            assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["Slack connection broke"]


async def test_a_payload_that_cannot_be_read_disturbs_no_other(slack, desk):
    async with listening(slack, desk):
        team = slack.team("T1")
        broken_press = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": []}
        with capture_logs() as logs:
            envelope = await slack.deliver(team, "interactive", {**broken_press, "trigger_id": "1"})
            view = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "2"}
            form = await slack.deliver(
                team,
                "interactive",
                {**view, "view": {"private_metadata": "[", "callback_id": "form", "type": "modal"}},
            )
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
    assert form.outcome == "acknowledged"
    assert envelope.kind == "interactive"
    assert "Slack payload failed" in [line["event"] for line in logs]


async def test_serving_ends_when_it_is_cancelled_and_leaves_nothing_open(slack, desk):
    desk.free.clear()
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "status", until=lambda _: desk.said)
    await slack.until(lambda: not slack.sockets.connections)
    names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}
    assert not [
        name
        for name in names
        if "slack" in name.lower() and "tests" not in name.lower() and "Sockets" not in name
    ]


async def test_one_can_serve_again(slack, desk):
    async with SlackChat(workspaces(slack), slack.base_url, listening=SlackListening(connections=1)) as chat:
        for answer in ("one", "two"):
            desk.answer = say(answer)
            serving = asyncio.create_task(chat.serve(desk))
            await slack.sockets.connected(2)
            assert (await slack.person("U1").types("/news", "status")).whispers == [answer]
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await slack.until(lambda: not slack.sockets.connections)
