"""The impersonators live in a process of their own as long as somebody needs them."""

import asyncio
import json
import sys

import discord as discord_py
from discord.http import HTTPClient, Route
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.impersonators.journal import accepted, read
from tests.impersonators.process import DISCORD_TOKEN, REPOSITORY, SLACK_TOKEN, apart


async def post_to_discord(base_url, nonce):
    http = HTTPClient(asyncio.get_running_loop())
    await http.static_login(DISCORD_TOKEN)
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=123)
    route.url = f"{base_url}/channels/123/messages"
    answer = await http.request(route, json={"content": "x", "nonce": nonce, "enforce_nonce": True})
    await http.close()
    return answer


async def test_what_a_process_apart_accepts_is_on_disk(tmp_path, discord):
    # Logging in goes to the local server of this process: discord.py knows one address only.
    Route.BASE = discord.base_url
    discord.world.bots[1000].token = DISCORD_TOKEN
    async with apart(tmp_path) as platforms:
        client = AsyncWebClient(token=SLACK_TOKEN, base_url=platforms.slack_url)
        await client.chat_postMessage(channel="C1", text="hello")
        sent = [await post_to_discord(platforms.discord_url, "d1") for _ in range(2)]
        assert sent[0]["id"] == sent[1]["id"]
        assert [row["nonce"] for row in accepted(platforms.journal, "discord")] == ["d1"]
        assert [row["body"]["text"] for row in accepted(platforms.journal, "slack")] == ["hello"]
        folded = [row["folded"] for row in read(platforms.journal) if row["event"] == "accepted"]
        assert folded == [False, False, True]


async def test_faults_can_be_ordered_from_outside(tmp_path):
    async with apart(tmp_path, faults={"slack": [{"fault": "broken"}]}) as platforms:
        client = AsyncWebClient(token=SLACK_TOKEN, base_url=platforms.slack_url)
        statuses = []
        for order in (None, [{"fault": "rate_limited", "retry_after_s": 3}], []):
            if order == []:
                await platforms.behave("slack")
            elif order:
                await platforms.order_faults("slack", order)
            try:
                answer = await client.chat_postMessage(channel="C1", text="x")
                statuses.append(answer.status_code)
            except SlackApiError as error:
                statuses.append(error.response.status_code)
        assert statuses == [503, 429, 200]


async def test_the_process_ends_when_its_parent_lets_go(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.impersonators",
        "--journal",
        str(tmp_path / "journal.jsonl"),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    addresses = json.loads(await process.stdout.readline())
    assert addresses["pid"] == process.pid
    process.stdin.close()
    assert await process.wait() == 0


async def test_the_process_ends_after_its_lifetime(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.impersonators",
        "--journal",
        str(tmp_path / "journal.jsonl"),
        "--lifetime-s",
        "0.01",
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert json.loads(output)["slack"].startswith("http://127.0.0.1:")
    assert process.returncode == 0


def test_discord_py_is_the_stock_library():
    assert discord_py.__version__.startswith("2.")
