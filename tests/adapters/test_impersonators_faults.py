"""Faults happen to exactly the requests they were ordered for, and look as they do on a bad day."""

import asyncio
import time

import aiohttp
import discord as discord_py
import pytest
from discord.http import Route
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.impersonators.faults import (
    FaultPlan,
    anything,
    broken,
    cut,
    hang,
    lost_reply,
    rate_limited,
    slow,
    slow_reply,
)
from tests.impersonators.journal import Journal, accepted, read
from tests.impersonators.slack import SlackImpersonator


@pytest.fixture
def client(slack):
    return AsyncWebClient(
        token=slack.world.teams["T1"].token, base_url=slack.base_url, timeout=5, retry_handlers=[]
    )


@pytest.fixture
async def world(discord):
    Route.BASE = discord.base_url
    async with discord_py.Client(intents=discord_py.Intents.none(), max_ratelimit_timeout=30) as client:
        await client.login(discord.world.bots[1000].token)
        yield client.get_partial_messageable(123)


async def post(client, text="x"):
    return await client.chat_postMessage(channel="C1", text=text)


async def test_slack_answers_429_with_whole_seconds(client, slack):
    slack.faults.next(rate_limited(2.4))
    with pytest.raises(SlackApiError) as limited:
        await post(client)
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "2"
    assert limited.value.response["error"] == "ratelimited"
    await post(client)
    assert [answer.status for answer in slack.answers] == [429, 200]


async def test_a_fault_is_ordered_for_new_messages_unless_said_otherwise(client, slack):
    slack.faults.next(broken())
    await client.auth_test()
    slack.faults.next(broken(500), when=anything)
    with pytest.raises(SlackApiError):
        await post(client)
    with pytest.raises(SlackApiError):
        await client.auth_test()
    await post(client)


async def test_faults_come_in_order_and_as_often_as_ordered(client, slack):
    slack.faults.next(broken(500), broken(503), times=2)
    for _ in range(4):
        with pytest.raises(SlackApiError):
            await post(client)
    await post(client)
    assert [answer.status for answer in slack.answers] == [500, 500, 503, 503, 200]
    slack.faults.next(broken())
    slack.faults.clear()
    await post(client)


async def test_a_message_whose_reply_is_lost_stands_in_the_channel(client, slack):
    slack.faults.next(lost_reply(502))
    with pytest.raises(SlackApiError):
        await post(client)
    assert [message.text for message in slack.messages] == ["x"]
    slack.faults.next(broken(502))
    with pytest.raises(SlackApiError):
        await post(client)
    assert len(slack.messages) == 1


@pytest.mark.parametrize(("fault", "stands"), [(cut(), 0), (cut(accepted=True), 1)])
async def test_a_cut_connection_ends_without_an_answer(client, slack, fault, stands):
    slack.faults.next(fault)
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert len(slack.messages) == stands
    assert [answer.status for answer in slack.answers] == [None]


@pytest.mark.parametrize(("fault", "stands"), [(hang(), 0), (hang(accepted=True), 1)])
async def test_a_hanging_request_ends_when_its_caller_gives_up(slack, fault, stands):
    slack.faults.next(fault)
    client = AsyncWebClient(token=slack.world.teams["T1"].token, base_url=slack.base_url, timeout=0.05)
    with pytest.raises(asyncio.TimeoutError):
        await post(client)
    assert len(slack.messages) == stands


async def test_a_hanging_request_does_not_keep_the_server_from_stopping():
    async with SlackImpersonator() as slack:
        team = slack.add_team()
        slack.add_channel("C1")
        slack.faults.next(hang())
        client = AsyncWebClient(token=team.token, base_url=slack.base_url)
        waiting = asyncio.create_task(post(client))
        await slack.arrived(1)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    with pytest.raises(aiohttp.ClientError):
        await waiting


@pytest.mark.parametrize(("make", "stands"), [(slow, 0), (slow_reply, 1)])
async def test_a_slow_answer_waits_for_its_gate(client, slack, make, stands):
    gate = asyncio.Event()
    slack.faults.next(make(gate=gate, delay_s=0.001))
    waiting = asyncio.create_task(post(client))
    await slack.arrived(1)
    await asyncio.sleep(0)
    assert len(slack.messages) == stands
    gate.set()
    await waiting
    assert len(slack.messages) == 1


async def test_discord_py_waits_for_a_short_429_and_refuses_to_wait_for_a_long_one(world, discord):
    discord.faults.next(rate_limited(0.01))
    await world.send("x", nonce="d1")
    assert [answer.status for answer in discord.answers][2:] == [429, 200]
    discord.faults.next(rate_limited(65.5))
    with pytest.raises(discord_py.RateLimited) as limited:
        await world.send("x", nonce="d2")
    assert limited.value.retry_after == 65.5


async def test_a_discord_429_says_how_far_it_reaches(discord):
    headers = {"Authorization": f"Bot {discord.world.bots[1000].token}", "User-Agent": "DiscordBot (x, 1)"}
    discord.faults.next(rate_limited(1.5, scope="global"), rate_limited(2, scope="shared"))
    async with aiohttp.ClientSession(headers=headers) as session:
        url = f"{discord.base_url}/channels/123/messages"
        async with session.post(url, json={"content": "x"}) as answer:
            assert (answer.headers["X-RateLimit-Scope"], answer.headers["X-RateLimit-Global"]) == (
                "global",
                "true",
            )
            assert (answer.headers["Retry-After"], answer.headers["Content-Type"]) == (
                "1.5",
                "application/json",
            )
            body = await answer.json()
            assert (body["retry_after"], body["global"]) == (1.5, True)
        async with session.post(url, json={"content": "x"}) as answer:
            assert answer.headers["X-RateLimit-Scope"] == "shared"
            assert "X-RateLimit-Global" not in answer.headers


async def test_a_lost_reply_and_the_re_send_are_one_message_on_discord(world, discord):
    discord.faults.next(lost_reply(503))
    with pytest.raises(discord_py.DiscordServerError):
        await world.send("x", nonce="d1")
    await world.send("x", nonce="d1")
    assert [message.sent_times for message in discord.messages] == [2]


class Post:
    posts = True


def test_random_faults_repeat_with_their_seed():
    def run(seed):
        plan = FaultPlan()
        plan.randomly(broken(), cut(), chance=0.3, seed=seed)
        return [fault and fault.name for fault in (plan.pick(Post()) for _ in range(50))]

    assert run(1) == run(1) != run(2)
    assert set(run(1)) == {None, "broken", "cut"}


def test_faults_can_be_written_as_data():
    plan = FaultPlan()
    plan.load(
        [
            {"fault": "rate_limited", "retry_after_s": 2, "times": 2},
            {"fault": "hang", "accepted": True, "any_request": True},
            {"fault": "broken", "chance": 1.0, "seed": 3},
        ]
    )
    assert [plan.pick(Post()).name for _ in range(4)] == ["rate_limited", "rate_limited", "hang", "broken"]


async def test_the_journal_tells_what_stands_in_the_channels(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl", durable=False)
    async with SlackImpersonator(journal=journal) as slack:
        team = slack.add_team()
        slack.add_channel("C1")
        client = AsyncWebClient(token=team.token, base_url=slack.base_url)
        slack.faults.next(lost_reply(), broken())
        for text in ("lost", "broken"):
            with pytest.raises(SlackApiError):
                await post(client, text)
        await post(client, "good")
    journal.close()
    assert [row["body"]["text"] for row in accepted(journal.path, "slack")] == ["lost", "good"]
    assert team.token not in journal.path.read_text("utf-8")
    with journal.path.open("ab") as file:
        file.write(b'{"event": "hal')
    assert [row["event"] for row in read(journal.path)][-1] == "answered"
    assert read(tmp_path / "none.jsonl") == []
