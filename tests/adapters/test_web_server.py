"""The small HTTP server: what reaches a hook, and what does not."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.ports import Answer, Posted
from bot.web.server import MAX_BODY, WebServer


class Echo:
    """Answers what it was sent."""

    def __init__(self) -> None:
        self.taken: list[Posted] = []

    async def answer(self, posted: Posted) -> Answer:
        self.taken.append(posted)
        if posted.body == b"break":
            raise RuntimeError("secret things")
        return Answer(200, posted.body.decode(), {"Content-Type": "text/plain; charset=utf-8", "X-Mine": "1"})


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
async def server(echo):
    async with WebServer("127.0.0.1", 0, {"/hook": echo}, read_s=0.2) as server:
        yield server


async def ask(server, method="POST", path="/hook", **more):
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.request(method, f"http://127.0.0.1:{server.port}{path}", **more) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


async def test_a_hook_gets_body_and_headers_and_answers(server, echo):
    status, text, headers = await ask(server, data="bütter".encode(), headers={"X-Slack-Signature": "v0=1"})
    assert (status, text, headers["X-Mine"]) == (200, "bütter", "1")
    assert echo.taken[0].headers["x-slack-signature"] == "v0=1"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/other", 404), ("GET", "/hook", 405), ("PUT", "/hook", 405)]
)
async def test_other_paths_and_methods_reach_nobody(server, echo, method, path, status):
    assert (await ask(server, method, path))[0] == status
    assert echo.taken == []


async def test_a_body_that_is_too_large_is_refused(server, echo):
    assert (await ask(server, data=b"x" * (MAX_BODY + 1)))[0] == 413
    assert (await ask(server, data=b"x" * 1000))[0] == 200
    assert len(echo.taken) == 1


async def test_a_body_that_does_not_come_is_not_waited_for(server, echo):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()
    await writer.wait_closed()
    assert echo.taken == []


async def test_a_hook_that_fails_tells_strangers_nothing(server):
    with capture_logs() as logs:
        status, text, _ = await ask(server, data=b"break")
    assert (status, text) == (500, "")
    assert [line["event"] for line in logs] == ["request failed"]
    assert (await ask(server, data=b"x"))[0] == 200
