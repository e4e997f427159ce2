"""The Parser port: documents are read in processes that are killed when one takes too long."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import IO, Self

from bot.domain.model import Entry, ParsedFeed
from bot.errors import ParseError
from bot.ports import Response
from bot.sources import wire

START_S = 60.0
"""How long a worker may take to start on a machine that is busy."""
MEMORY_BYTES = 600_000_000
"""Address space of a worker; an idle one takes about 80 MB."""

BUFFER = 262_144
END_S = 5.0
"""How long an idle worker may take to end by itself."""

_PASSED_ON = frozenset({"PATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR"})
"""What a worker gets of the environment: no secrets."""


@dataclass
class ParserPool:
    """Up to `size` workers, started when they are first needed and kept."""

    size: int = 2
    timeout_s: float = 3.0
    memory_bytes: int = MEMORY_BYTES
    python: str = sys.executable
    """The interpreter that runs the workers."""
    _idle: list[_Worker] = field(default_factory=list, init=False)
    _turns: asyncio.Semaphore = field(init=False)
    _closed: bool = field(default=False, init=False)
    _busy: set[_Worker] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.size)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._closed = True
        for worker in self._busy:
            worker.process.kill()  # whoever waits for it hears of its end
        for _ in range(self.size):
            await self._turns.acquire()
        await asyncio.gather(*(worker.end() for worker in self._idle))
        self._idle.clear()
        for _ in range(self.size):
            self._turns.release()

    async def parse(self, kind: str, response: Response, known: frozenset[int]) -> ParsedFeed:
        question = wire.Question(kind, response.body, response.content_type, response.url, known)
        async with self._worker() as worker:
            return await worker.read(question, self.timeout_s)

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[_Worker]:
        """Lend a worker; one that was left in the middle of an answer is ended and replaced when needed."""
        async with self._turns:
            if self._closed:
                raise ParseError("newsbot is stopping; nothing more is read.")
            worker = (
                self._idle.pop()
                if self._idle
                else await _Worker.start(self.python, self.timeout_s, self.memory_bytes)
            )
            self._busy.add(worker)
            try:
                yield worker
            finally:
                self._busy.discard(worker)
                if worker.answered and not self._closed:
                    self._idle.append(worker)
                else:
                    await worker.end()


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    line: socket.socket
    """Our end; it does not block."""
    paper: IO[bytes]
    """What the document is on that it is asked about."""
    answered: bool
    """Whether it has answered everything that it was asked."""
    rest: bytes = b""
    """What has been received of the next message."""

    @classmethod
    async def start(cls, python: str, timeout_s: float, memory_bytes: int) -> _Worker:
        """Start a worker and wait until it has read its first document; raise ParseError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        paper = wire.open_paper()
        # Starting a process blocks for some milliseconds, and once begun it must not be left half done.
        starting = asyncio.ensure_future(
            asyncio.to_thread(_start, python, theirs, paper.fileno(), str(timeout_s), str(memory_bytes))
        )
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await cls(await starting, ours, paper, answered=False).end()
            raise
        except OSError as error:
            ours.close()
            paper.close()
            raise ParseError(f"The process that reads documents could not be started: {error}.") from None
        worker = cls(starting.result(), ours, paper, answered=False)
        await worker._greet()
        return worker

    async def _greet(self) -> None:
        """Wait for the answer that a worker begins with."""
        try:
            async with asyncio.timeout(START_S):
                await self._answer()
        except BaseException as error:
            await self.end()
            if isinstance(error, EOFError | OSError):  # a time-out is an OSError too
                raise ParseError(
                    "The process that reads documents could not be started: is there enough memory?"
                ) from None
            raise
        self.answered = True

    async def read(self, question: wire.Question, timeout_s: float) -> ParsedFeed:
        """Have a document read; raise ParseError, after which the worker may be of no more use."""
        self.answered = False
        try:
            async with asyncio.timeout(timeout_s):
                message = wire.ask(question, self.paper.fileno())
                await asyncio.get_running_loop().sock_sendall(self.line, message)
                promise, entries = await self._answer()
        except TimeoutError:
            raise ParseError(
                f"The document kept the parser busy for {timeout_s:g} s and was given up. No feed that is meant "
                "to be read takes that long."
            ) from None
        except (EOFError, OSError):
            raise ParseError("The document broke the parser, or took more memory than a feed may.") from None
        self.answered = True
        if promise.failure:
            raise ParseError(promise.failure)
        return wire.parsed(promise, entries)

    async def _answer(self) -> tuple[wire.Promise, list[Entry]]:
        promise = wire.promised(await self._receive())
        entries = promise.entries
        for _ in range(promise.messages):
            await asyncio.sleep(0)  # the messages may all be here already
            entries += wire.answered(await self._receive())
        return promise, entries

    async def _receive(self) -> memoryview:
        """Return the next message; raise EOFError when the worker is gone."""
        loop = asyncio.get_running_loop()
        head = self.rest
        while len(head) < wire.LENGTH.size:
            more = await loop.sock_recv(self.line, BUFFER)
            if not more:
                raise EOFError
            head += more
        (length,) = wire.LENGTH.unpack_from(head)
        message = memoryview(bytearray(length))
        place = min(length, len(head) - wire.LENGTH.size)
        message[:place] = head[wire.LENGTH.size : wire.LENGTH.size + place]
        self.rest = head[wire.LENGTH.size + place :]
        while place < length:
            count = await loop.sock_recv_into(self.line, message[place:])
            if not count:
                raise EOFError
            place += count
        return message

    async def end(self) -> None:
        """End the process, by force unless it is idle, and take it off the system's books."""
        self.line.close()  # which an idle one takes for the end
        self.paper.close()
        if not self.answered:
            self.process.kill()
        await asyncio.to_thread(_reap, self.process)


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start(python: str, theirs: socket.socket, paper: int, *limits: str) -> subprocess.Popen[bytes]:
    passed_on = {
        name: value for name, value in os.environ.items() if name in _PASSED_ON or "COVERAGE" in name
    }
    with theirs:
        arguments = [str(theirs.fileno()), str(paper), *limits]
        return subprocess.Popen(  # noqa: S603 - this program's own interpreter and module
            [python, "-P", "-W", "ignore", "-m", "bot.sources.worker", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno(), paper],
            env=passed_on | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
