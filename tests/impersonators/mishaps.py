"""What feed servers do on a bad day, and what hostile ones do on purpose. Each is made by a function here.

A mishap writes to the connection instead of the page. It is cancelled when the server closes.
"""

import asyncio
import itertools
import socket
import struct
import zlib
from asyncio import StreamWriter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Any

import brotli


@dataclass(frozen=True, slots=True)
class Mishap:
    """`play` writes to the connection and returns whether it stays open; `status` is what the reader is told, if anything."""

    play: Callable[[StreamWriter], Awaitable[bool]]
    status: int | None = None


MEGABYTE = 1_000_000


def answer(
    status: int,
    headers: Mapping[str, str] | None = None,
    body: str = "",
    *,
    retry_after: str | int | None = None,
) -> Mishap:
    """Answer with a status, and anything else that belongs to it."""
    named = dict(headers or {})
    if status != 304:
        named["Content-Length"] = str(len(body.encode()))
    if retry_after is not None:
        named["Retry-After"] = str(retry_after)

    async def play(writer: StreamWriter) -> bool:
        writer.write(head(status, named) + body.encode())
        return True

    return Mishap(play, status)


def document(body: bytes, headers: Mapping[str, str]) -> Mishap:
    """Answer 200 with a body, which is no mishap at all."""

    async def play(writer: StreamWriter) -> bool:
        writer.write(head(200, {**headers, "Content-Length": str(len(body))}) + body)
        return True

    return Mishap(play, 200)


def redirect(to: str, status: int = 301) -> Mishap:
    """Send the reader elsewhere."""
    return answer(status, {"Location": to})


def late(delay_s: float, then: Mishap) -> Mishap:
    """Think for a while, then do something else."""

    async def play(writer: StreamWriter) -> bool:
        await asyncio.sleep(delay_s)
        return await then.play(writer)

    return Mishap(play, then.status)


def hang() -> Mishap:
    """Say nothing at all."""

    async def play(writer: StreamWriter) -> bool:
        await asyncio.Event().wait()
        return False

    return Mishap(play)


def cut() -> Mishap:
    """Close the connection without an answer."""
    return raw(b"")


def reset(*, after: bytes = b"") -> Mishap:
    """Break the connection off with a TCP reset, after some bytes."""

    async def play(writer: StreamWriter) -> bool:
        writer.write(after)
        await writer.drain()
        # Without lingering, closing sends a reset: https://man7.org/linux/man-pages/man7/socket.7.html
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        return False

    return Mishap(play)


def raw(data: bytes) -> Mishap:
    """Write these bytes, whatever they are, and close."""

    async def play(writer: StreamWriter) -> bool:
        writer.write(data)
        return False

    return Mishap(play)


def lying_length(body: bytes, length: int) -> Mishap:
    """Announce `length` bytes, send `body`, and close."""
    return raw(head(200, {"Content-Length": str(length)}) + body)


def trickle(interval_s: float, *, start: bytes | None = None) -> Mishap:
    """Send one byte every `interval_s` without end; after the headers, or after `start`."""

    async def play(writer: StreamWriter) -> bool:
        writer.write(head(200, {"Content-Length": "1000000"}) if start is None else start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(interval_s)

    return Mishap(play, 200)


def endless(
    piece: bytes = b"<item/>" * 1000, headers: Mapping[str, str] | None = None, *, start: bytes = b""
) -> Mishap:
    """Send the same chunk without end, after a first one."""

    async def play(writer: StreamWriter) -> bool:
        writer.write(head(200, {**(headers or {}), "Transfer-Encoding": "chunked"}))
        for chunk in itertools.chain([start] if start else [], itertools.repeat(piece)):
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()
        return False

    return Mishap(play, 200)


def bomb(encoding: str = "gzip", megabytes: int = 200) -> Mishap:
    """Send few bytes that unpack to many."""
    return packed(encoding, _gzip_bomb(megabytes) if encoding == "gzip" else _brotli_bomb(megabytes))


def gzip_without_end() -> Mishap:
    """Send gzip data without end that unpacks to nothing."""
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
    empty_block = b"\x00\x00\x00\xff\xff"
    return endless(empty_block * 2000, {"Content-Encoding": "gzip"}, start=header)


def gzip_members(count: int) -> Mishap:
    """Send this many gzip members that are all empty."""
    packer = zlib.compressobj(wbits=31)
    return packed("gzip", (packer.compress(b"") + packer.flush()) * count)


def packed(encoding: str, body: bytes) -> Mishap:
    """Send a body under a content encoding, true or not."""
    return document(body, {"Content-Encoding": encoding})


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Write a status line and headers."""
    lines = [
        f"HTTP/1.1 {status} {responses.get(status, 'Unheard Of')}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


MISHAPS: Mapping[str, Callable[..., Mishap]] = {
    made.__name__: made
    for made in (answer, redirect, hang, cut, reset, trickle, endless, bomb, gzip_members, gzip_without_end)
}
"""Those that can be ordered in JSON."""


def load(order: Mapping[str, Any]) -> Mishap:
    """Make a mishap from `{"mishap": NAME, …its arguments}`."""
    arguments = {key: value for key, value in order.items() if key not in {"mishap", "path", "times"}}
    return MISHAPS[order["mishap"]](**arguments)


def _gzip_bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()


def _brotli_bomb(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=9, lgwin=24)
    return b"".join(packer.process(bytes(MEGABYTE)) for _ in range(megabytes)) + bytes(packer.finish())
