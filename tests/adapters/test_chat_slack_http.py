"""HTTP mode: what Slack posts to newsbot's own address, signed, forged and repeated."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import asynccontextmanager

import pytest

from bot.chat.slack import SlackChat
from bot.chat.slack_http import SlackHook, is_signed
from bot.chat.slack_manifest import PATH
from bot.chat.slack_settings import SlackListening
from bot.domain.commands.exchange import Reply, line, say
from bot.ports import Posted
from bot.web.server import WebServer
from tests.adapters.slack_listening import RecordingDesk, listening, two_workspaces, workspaces

BODY = b"token=x&text=\xc3\xbc"


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


@asynccontextmanager
async def posted_to(slack, desk):
    """Serve both workspaces over signed requests to one address."""
    async with (
        listening(slack, desk, http=True) as chat,
        WebServer("127.0.0.1", 0, {PATH: chat.hook}) as server,
    ):
        for team in slack.world.teams.values():
            team.request_url = f"http://127.0.0.1:{server.port}{PATH}"
        await slack.until(lambda: len(desk.places) == 2)
        desk.places.clear()
        yield chat


async def test_both_workspaces_are_heard_each_by_its_own_secret(slack, desk):
    async with posted_to(slack, desk):
        one = await slack.person("U1").types("/news", "search Kim & Un", until=lambda seen: seen.whispers)
        two = await slack.person("U2", team="T2").types("/news", "status", until=lambda seen: seen.whispers)
    assert [call.caller.channel.workspace for call in desk.said] == ["T1", "T2"]
    assert desk.said[0].arguments == {"query": "Kim & Un"}
    assert (one.envelope.status, two.envelope.status) == (200, 200)
    assert slack.sockets.connections == []


async def test_everything_is_answered_at_once_while_the_desk_is_blocked(slack, desk):
    desk.free.clear()
    async with posted_to(slack, desk):
        sight = await slack.person("U1").types("/news", "status", until=lambda _: desk.said)
        assert sight.envelope.outcome == "acknowledged"
        desk.free.set()
        await sight.until(lambda seen: seen.whispers)


async def test_forms_open_are_refused_and_close(slack, desk):
    desk.answer = Reply((line("A bracket never closes."),), refused=True)
    async with posted_to(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe")
        wrong = await quint.submits({"What to watch for": "(Kim"})
        assert wrong.errors == {"query": "A bracket never closes."}
        desk.answer = say("Watching.")
        right = await quint.submits({"What to watch for": "Kim"}, until=lambda seen: seen.whispers)
    assert right.whispers == ["Watching."]


@pytest.mark.parametrize("forgery", ["bad", "old", "future", "non-numeric", "missing", "other body"])
async def test_a_forged_request_gets_401_and_is_not_heard(slack, desk, forgery):
    async with posted_to(slack, desk):
        slack.postman.forgeries.append(forgery)
        sight = await slack.person("U1").types("/news", "status")
        assert sight.envelope.status == 401
        assert desk.said == []
        assert (await slack.person("U1").types("/news", "status", until=lambda seen: seen.whispers)).whispers


async def test_the_secret_of_one_workspace_opens_no_other(slack, desk):
    async with posted_to(slack, desk):
        slack.team("T1").signing_secret, slack.team("T2").signing_secret = (
            slack.team("T2").signing_secret,
            slack.team("T1").signing_secret,
        )
        sight = await slack.person("U1").types("/news", "status", until=lambda seen: seen.envelope)
        await slack.person("U2", team="T2").types("/news", "status", until=lambda seen: seen.envelope)
    assert sight.envelope.status == 200
    assert (desk.said, sight.texts) == ([], [])


async def test_an_address_is_verified_by_a_challenge(slack, desk):
    async with posted_to(slack, desk):
        assert await slack.postman.verify(slack.team("T1"))
        slack.postman.forgeries.append("bad")
        assert not await slack.postman.verify(slack.team("T1"))


async def test_an_event_is_answered_and_repeated_ones_are_noted_once(slack, desk):
    async with posted_to(slack, desk):
        await slack.admin("T1").deletes("C1")
        await slack.until(lambda: desk.places)
        first = slack.envelopes[-1]
        again = await slack.deliver(slack.team("T1"), "events_api", first.payload)
        assert (
            await slack.person("U2", team="T2").types("/news", "status", until=lambda seen: seen.whispers)
        ).whispers
    assert (first.status, again.status) == (200, 200)
    assert desk.places == [("gone", "T1", "C1", "the channel was deleted")]


async def test_nobody_is_heard_before_or_after_serving(slack, desk):
    async with SlackChat(workspaces(slack), slack.base_url) as chat:
        assert (await chat.hook.answer(Posted({}, b""))).status == 503
    async with posted_to(slack, desk) as chat:
        assert (await chat.hook.answer(Posted({}, b""))).status == 401
    assert (await chat.hook.answer(Posted({}, b""))).status == 503


async def test_the_check_opens_no_connection_for_an_app_that_is_posted_to(slack):
    slack.team("T1").app_token_revoked = True
    how = SlackListening(http=True)
    async with SlackChat(workspaces(slack)[:1], slack.base_url, listening=how) as chat:
        assert all(line.ok for line in await chat.check([]))
    assert slack.calls("apps.connections.open") == []


# ---------------------------------------------------------------- signatures


def signed(secret="s", timestamp="1000000", body=BODY):
    mark = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={mark}"}


@pytest.mark.parametrize("now_s", [1_000_000, 1_000_300, 999_700])
def test_a_signature_holds_for_five_minutes(now_s):
    assert is_signed(Posted(signed(), BODY), "s", now_s)


@pytest.mark.parametrize(
    ("headers", "secret", "now_s", "body"),
    [
        (signed(), "s", 1_000_301, BODY),
        (signed(), "s", 999_699, BODY),
        (signed(), "other", 1_000_000, BODY),
        (signed(), "s", 1_000_000, BODY + b"x"),
        (signed(secret=""), "", 1_000_000, BODY),
        (signed(timestamp="yesterday"), "s", 1_000_000, BODY),
        (signed(timestamp="1e6"), "s", 1_000_000, BODY),
        (signed(timestamp="-1000000"), "s", 1_000_000, BODY),
        (signed(timestamp="١٠٠٠٠٠٠"), "s", 1_000_000, BODY),
        (signed(timestamp="9" * 5000), "s", 1_000_000, BODY),
        ({"x-slack-request-timestamp": "1000000"}, "s", 1_000_000, BODY),
        ({**signed(), "x-slack-signature": "v0=é"}, "s", 1_000_000, BODY),
        ({}, "s", 1_000_000, BODY),
    ],
)
def test_everything_else_is_a_stranger(headers, secret, now_s, body):
    assert not is_signed(Posted(headers, body), secret, now_s)


async def test_bytes_that_are_no_text_break_nothing(slack, desk):
    body = b"\xff\xfe{"
    async with listening(slack, desk, http=True) as chat:
        await slack.until(lambda: len(desk.places) == 2)
        hook = SlackHook(lambda: 1_000_000)
        hook.open(chat.hook._apps)
        secret = slack.team("T1").signing_secret
        answer = await hook.answer(Posted(signed(secret, body=body), body))
        event = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
        headers = {**signed(secret, body=event), "content-type": "application/json"}
        challenged = await hook.answer(Posted(headers, event))
    assert answer.status == 404
    assert (challenged.status, json.loads(challenged.body)) == (200, {"challenge": "c"})


def test_a_signature_that_is_no_text_is_a_wrong_one():
    headers = {"x-slack-request-timestamp": "1000", "x-slack-signature": "v0=\udcff"}
    assert not is_signed(Posted(headers, BODY), "secret", 1000)
