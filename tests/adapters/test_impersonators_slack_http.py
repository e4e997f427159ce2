"""Stock slack-bolt behind aiohttp: payloads that the local Slack signs, forges, and sends again."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_http import sign


@pytest.fixture
async def slack():
    async with SlackImpersonator(ack_limit_s=0.3) as server:
        server.add_team("T1")
        server.add_channel("C1", name="world")
        server.add_user("U1", name="quint")
        yield server


@pytest.fixture
def app(slack):
    team = slack.team()
    app = AsyncApp(
        client=AsyncWebClient(token=team.token, base_url=slack.base_url), signing_secret=team.signing_secret
    )

    @app.command("/news")
    async def news(ack, command):
        await ack(f"You said {command['text']}")

    return app


@asynccontextmanager
async def served(slack, app):
    """Serve an app on a free port, as its own HTTP adapter does, and tell Slack its address."""

    async def handle(request):
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", handle)
    runner = web.AppRunner(site, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.team().request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


def test_a_signature_is_that_of_slacks_own_library():
    theirs = SignatureVerifier("secret").generate_signature(timestamp="1531420618", body="a=1&b=ü")
    assert sign("secret", "1531420618", "a=1&b=ü".encode()) == theirs


async def test_a_signed_command_is_answered_in_the_reply_itself(slack, app):
    async with served(slack, app):
        sight = await slack.person("U1").types("/news", "A & B")
    assert sight.whispers == ["You said A & B"]
    assert (sight.envelope.status, sight.envelope.outcome) == (200, "acknowledged")


@pytest.mark.parametrize("forgery", ["bad", "old", "future", "missing", "other body"])
async def test_a_forged_request_gets_401(slack, app, forgery):
    async with served(slack, app):
        slack.postman.forgeries.append(forgery)
        sight = await slack.person("U1").types("/news", "x")
        assert sight.envelope.status == 401
        assert sight.failure == "/news failed with the error “dispatch_failed”"
        assert (await slack.person("U1").types("/news", "y")).whispers == ["You said y"]


async def test_a_timestamp_that_is_no_number_breaks_the_stock_library(slack, app):
    async with served(slack, app):
        slack.postman.forgeries.append("non-numeric")
        sight = await slack.person("U1").types("/news", "x")
    assert sight.envelope.status == 500


async def test_an_answer_after_the_limit_is_no_answer(slack, app):
    may_go_on = asyncio.Event()

    @app.command("/slow")
    async def slow(ack):
        await may_go_on.wait()
        await ack("late")

    async with served(slack, app):
        sight = await slack.person("U1").types("/slow")
        may_go_on.set()
    assert sight.failure == "/slow failed with the error “operation_timeout”"
    assert slack.timeouts == [sight.envelope]


async def test_an_event_without_an_answer_is_sent_again_three_times(slack, app):
    seen = []

    @app.middleware
    async def note(req, next_):
        seen.append((req.headers.get("x-slack-retry-num"), req.body["event_id"]))
        return await next_()

    async with served(slack, app):
        await slack.admin().renames("C1", "europe")
    assert [number for number, _ in seen] == [None, ["1"], ["2"], ["3"]]
    assert len({event_id for _, event_id in seen}) == 1
    assert {envelope.status for envelope in slack.envelopes} == {404}


async def test_a_known_event_is_sent_once(slack, app):
    renamed = []

    @app.event("channel_rename")
    async def rename(event):
        renamed.append(event["channel"]["name"])

    async with served(slack, app):
        await slack.admin().renames("C1", "europe")
    assert renamed == ["europe"]
    assert [envelope.retry for envelope in slack.envelopes] == [0]


async def test_a_bot_that_does_not_listen_is_not_reached(slack, app):
    async with served(slack, app):
        pass
    sight = await slack.person("U1").types("/news", "x")
    assert (sight.envelope.outcome, sight.envelope.status) == ("dispatch_failed", None)


async def test_an_address_is_verified_by_a_challenge(slack, app):
    async with served(slack, app):
        assert await slack.postman.verify(slack.team())
        slack.postman.forgeries.append("bad")
        assert not await slack.postman.verify(slack.team())
