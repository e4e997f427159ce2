"""How many unchanged feeds per second: newsbot's fetcher beside bare aiohttp, on the same local server.

    python -m benchmarks.poll [--requests N] [--concurrency N] [--rounds N] [--json FILE]

Every answer is 304. The fetcher runs with everything on (address guard, turns per host, time limit, freshness), only
the pause between requests to a host is set to 0, as all feeds here have one host. Program and server share one core,
so requests per second count the server's work too; `client CPU` is the client's own share.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from bot.fetch.http import HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import Request
from bot.runtime import SystemClock

FEEDS = 500
ETAG = '"5d8c72a5edda8d6a"'
LAST_MODIFIED = "Mon, 10 Sep 2018 19:04:00 GMT"
ANSWER = (
    b"HTTP/1.1 304 Not Modified\r\nDate: Mon, 10 Sep 2018 19:20:00 GMT\r\nServer: local\r\n"
    b'ETag: "5d8c72a5edda8d6a"\r\nCache-Control: public, max-age=300\r\nVary: Accept-Encoding\r\n\r\n'
)

Ask = Callable[[str], Awaitable[bool]]
"""Asks for a feed and says whether it was unchanged."""


@dataclass(frozen=True, slots=True)
class Round:
    """One contender's turn."""

    per_second: float
    client_cpu_us: float
    """Per request."""


@dataclass(frozen=True, slots=True)
class Row:
    """A contender's medians over its rounds."""

    name: str
    per_second: float
    client_cpu_us: float
    of_bare: float
    """Requests per second beside the bare client's in the same round."""


class NotModified(asyncio.Protocol):
    """Answers every request with 304, if it is conditional, and with as little work as can be."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        *requests, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for request in requests:
            if ETAG.encode() not in request:
                self._transport.close()
            elif isinstance(self._transport, asyncio.WriteTransport):
                self._transport.write(ANSWER)


async def serve() -> None:
    """Print the port and serve until standard input closes."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(NotModified, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    closed = asyncio.Event()
    loop.add_reader(0, closed.set)
    await closed.wait()


@contextmanager
def server() -> Iterator[int]:
    """Run the server as a child; yield its port."""
    command = [
        sys.executable,
        "-c",
        "import asyncio; from benchmarks.poll import serve; asyncio.run(serve())",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the server has no pipes")
        try:
            yield int(child.stdout.readline())
        finally:
            child.stdin.close()


async def measure(ask: Ask, urls: Sequence[str], requests: int, concurrency: int) -> Round:
    """Ask `requests` times from so many workers at once."""
    numbers = iter(range(requests))

    async def work() -> None:
        for number in numbers:
            if not await ask(urls[number % len(urls)]):
                raise RuntimeError("the server did not answer 304")

    began, cpu_began = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(concurrency)))
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    return Round(requests / took_s, cpu_s / requests * 1e6)


async def compare(port: int, requests: int, concurrency: int, rounds: int) -> list[Row]:
    """Let the contenders take turns, so that a busy moment of the machine meets all of them."""
    urls = [f"http://127.0.0.1:{port}/feeds/{number}.xml" for number in range(FEEDS)]
    rules = FetchRules(
        per_host_gap_s=0,
        per_host_in_flight=concurrency,
        allowed_networks=("127.0.0.0/8",),
        extra_ports=(port,),
    )
    async with aiohttp.ClientSession() as session, HttpFetcher(rules, SystemClock()) as fetcher:

        async def bare(url: str) -> bool:
            conditions = {"If-None-Match": ETAG, "If-Modified-Since": LAST_MODIFIED}
            async with session.get(url, headers=conditions) as answer:
                return answer.status == 304

        async def ours(url: str) -> bool:
            response = await fetcher.fetch(Request(url, etag=ETAG, last_modified=LAST_MODIFIED))
            return response.not_modified

        contenders: dict[str, Ask] = {"bare aiohttp": bare, "newsbot": ours}
        results: dict[str, list[Round]] = {name: [] for name in contenders}
        for ask in contenders.values():
            await measure(ask, urls, min(requests, 200), concurrency)
        for _ in range(rounds):
            for name, ask in contenders.items():
                results[name].append(await measure(ask, urls, requests // rounds or 1, concurrency))
    return [_row(name, turns, results["bare aiohttp"]) for name, turns in results.items()]


def _row(name: str, turns: Sequence[Round], peers: Sequence[Round]) -> Row:
    return Row(
        name,
        statistics.median(turn.per_second for turn in turns),
        statistics.median(turn.client_cpu_us for turn in turns),
        statistics.median(turn.per_second / peer.per_second for turn, peer in zip(turns, peers, strict=True)),
    )


def report(rows: Sequence[Row]) -> str:
    """Write the table."""
    lines = [f"{'':14}{'304s per second':>17}{'client CPU':>14}{'of bare':>10}"]
    lines += [
        f"{row.name:14}{row.per_second:17,.0f}{row.client_cpu_us:11.0f} µs{row.of_bare:10.2f}" for row in rows
    ]
    return "\n".join(lines)


def pin() -> None:
    """Keep this process and its children on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.poll", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--requests", type=int, default=20_000, help="by each contender, over all rounds")
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    pin()
    with server() as port:
        rows = asyncio.run(compare(port, options.requests, options.concurrency, options.rounds))
    print(report(rows))
    ratio = rows[-1].of_bare
    print(f"newsbot asks {ratio:.2f} times as often as bare aiohttp on the same core")
    if options.json:
        figures = {"ratio": ratio, "rows": [asdict(row) for row in rows], "requests": options.requests}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
