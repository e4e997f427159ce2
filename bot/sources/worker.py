"""A process that reads documents for a pool, one after the other: `python -m bot.sources.worker FD FD LIMIT_S BYTES`.

It has no event loop, no network and no secrets. A document that takes too long or too much memory ends it.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

from bot.errors import ConfigError, ParseError
from bot.sources import source
from bot.sources.wire import LENGTH, Question, answer, asked, failed

WARM_UP = Question(
    "feed", b'<rss version="2.0"><channel><item/></channel></rss>', "", "https://feed.example/", frozenset()
)
DOCUMENTS_PER_COLLECTION = 50
GRACE_S = 2.0
"""How much later than the pool the worker ends itself, should nobody be left to do it."""


def main(descriptor: int, paper: int, limit_s: float, memory_bytes: int) -> None:
    """Answer questions until the other end is closed; the documents lie on `paper`."""
    _limit(memory_bytes)
    # fastfeedparser looks for this module anew at every date that it cannot read, which costs more than the rest.
    sys.modules.setdefault("dateparser", None)  # type: ignore[arg-type]
    # Documents leave few cycles; looking for them in the middle of one costs a tenth of the time.
    gc.disable()
    with socket.socket(fileno=descriptor) as line:
        _send(line, reply(WARM_UP))
        handled = 0
        while (payload := _receive(line)) is not None:
            signal.setitimer(signal.ITIMER_REAL, limit_s + GRACE_S)
            _send(line, reply(asked(payload, paper)))
            signal.setitimer(signal.ITIMER_REAL, 0)
            handled += 1
            if handled % DOCUMENTS_PER_COLLECTION == 0:
                gc.collect()


def _limit(memory_bytes: int) -> None:
    # The pool's process decides when to stop; a signal to the whole group must not lose a document.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # The default action ends a process whatever it is in the middle of.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for kind, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # not to be had on every system; the time limit remains
            resource.setrlimit(kind, (limit, limit))


def _send(line: socket.socket, messages: Iterable[bytes]) -> None:
    for message in messages:
        line.sendall(message)


def _receive(line: socket.socket) -> bytes | None:
    """Return the next question, or None at the end."""
    length = _read(line, LENGTH.size)
    return bytes(_read(line, LENGTH.unpack(length)[0])) if length else None


def _read(line: socket.socket, count: int) -> bytearray:
    """Return exactly `count` bytes, or nothing at the end."""
    data = bytearray(count)
    view = memoryview(data)
    while view:
        received = line.recv_into(view)
        if not received:
            return bytearray()
        view = view[received:]
    return data


def reply(question: Question) -> Iterator[bytes]:
    try:
        parsed = source(question.kind).parse(
            question.body, question.content_type, question.url, question.known
        )
    except (ParseError, ConfigError) as error:
        return failed(str(error))
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - a worker's boundary: any document may break a parser
        return failed(f"The parser failed on this document: {type(error).__name__}: {str(error)[:200]}")
    return answer(parsed)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
