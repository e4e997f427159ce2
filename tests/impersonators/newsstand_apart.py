"""The newsstand as a process of its own, so that it lives on while the bot is killed.

    async with newsstand_apart() as stand:
        await stand.print("/world.xml", Item("Kim meets Trump", url))
        await stand.misbehave("/world.xml", mishap="answer", status=503, times=2)
        ... stand.url("/world.xml") ...
        requests = await stand.requests()

The process ends with the block, when its parent dies, and in any case after its lifetime.
"""

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from tests.impersonators import mishaps
from tests.impersonators.newsstand import CONTROL, Newsstand
from tests.impersonators.papers import CONTENT_TYPES, Item, Kind

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class StandApart:
    """A newsstand in another process; the methods are those of Newsstand."""

    address: str
    pid: int

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def url(self, path: str = "/") -> str:
        return self.address + path

    async def publish(self, path: str, body: bytes, content_type: str = CONTENT_TYPES["rss"]) -> None:
        await self._order("publish", path=path, body=body.decode("latin-1"), content_type=content_type)

    async def print(self, path: str, *items: Item, kind: Kind = "rss", title: str = "The Paper") -> None:
        await self._order("print", path=path, items=[asdict(item) for item in items], kind=kind, title=title)

    async def misbehave(self, path: str, *, times: int | None = None, **mishap: Any) -> None:
        """Order a mishap by its name in `mishaps.MISHAPS` and its arguments."""
        await self._order("misbehave", path=path, times=times, **mishap)

    async def behave(self) -> None:
        await self._order("behave")

    async def requests(self) -> list[Mapping[str, Any]]:
        """Return what it saw: the fields of Seen, without the body and with `at` in ISO format."""
        return list(json.loads(await self._order("requests")))

    async def _order(self, order: str, **details: Any) -> bytes:
        body = json.dumps(details, default=datetime.isoformat).encode()
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.post(self.address + CONTROL + order, data=body) as answer,
        ):
            return await answer.read()


@asynccontextmanager
async def newsstand_apart(port: int = 0) -> AsyncIterator[StandApart]:
    """Start the process, and end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.impersonators.newsstand", "--port", str(port),
        cwd=REPOSITORY, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        if process.stdout is None:
            raise RuntimeError("the process has no output to read")
        told = json.loads(await process.stdout.readline())
        yield StandApart(told["url"], told["pid"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Orders:
    """Carries out what arrives over HTTP."""

    stand: Newsstand

    async def __call__(self, _method: str, order: str, body: bytes) -> bytes:
        details = json.loads(body or b"{}")
        match order:
            case "publish":
                self.stand.publish(
                    details["path"], details["body"].encode("latin-1"), details["content_type"]
                )
            case "print":
                items = [_item(row) for row in details["items"]]
                self.stand.print(details["path"], *items, kind=details["kind"], title=details["title"])
            case "misbehave":
                self.stand.misbehave(details["path"], mishaps.load(details), details["times"])
            case "behave":
                self.stand.behave()
            case "requests":
                seen = [asdict(request) | {"body": None} for request in self.stand.requests]
                return json.dumps(seen, default=datetime.isoformat).encode()
            case _:
                raise ValueError(f"the newsstand takes no order “{order}”")
        return b"{}"


def _item(row: Mapping[str, Any]) -> Item:
    published = datetime.fromisoformat(row["published"]) if row["published"] else None
    return Item(**{**row, "published": published})


def main() -> None:
    """Serve until SIGTERM, the end of standard input, or the end of the lifetime; the first line tells the address."""
    parser = argparse.ArgumentParser(prog="tests.impersonators.newsstand")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--lifetime-s", type=float, default=900.0)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.lifetime_s))


async def _serve(port: int, lifetime_s: float) -> None:
    async with Newsstand(port=port) as stand:
        stand.control = Orders(stand)
        sys.stdout.write(json.dumps({"url": stand.url("").rstrip("/"), "pid": os.getpid()}) + "\n")
        sys.stdout.flush()
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        if stat.S_ISFIFO(os.fstat(0).st_mode):
            loop.add_reader(0, lambda: None if os.read(0, 4096) else told.set())
        try:
            async with asyncio.timeout(lifetime_s):
                await told.wait()
        except TimeoutError:
            return
