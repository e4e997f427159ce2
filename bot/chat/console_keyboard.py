"""Lines that somebody types, or that come from a pipe or a file, read without holding up the event loop."""

from __future__ import annotations

import asyncio
import os
import sys

CHUNK = 65_536
LONGEST_LINE = 1_000_000
"""Bytes; more without a line break is taken for a line."""
BACKGROUND_S = 1.0
"""How often a program that runs in the background looks whether it may read again, seconds."""


class Keyboard:
    """Reads a file descriptor as lines; nothing is taken from it before a line is asked for."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = bytearray()
        self._ended = False

    @property
    def is_terminal(self) -> bool:
        return os.isatty(self._descriptor)

    async def line(self) -> str | None:
        """Return the next line without its end; None when there are no more."""
        while b"\n" not in self._held and len(self._held) < LONGEST_LINE and not self._ended:
            chunk = await self._chunk()
            self._held += chunk
            self._ended = not chunk
        if not self._held:
            return None
        line, _, rest = bytes(self._held).partition(b"\n")
        self._held = bytearray(rest)
        return line.decode("utf-8", "replace").rstrip("\r")

    async def _chunk(self) -> bytes:
        await self._readable()
        while self._in_background():
            await asyncio.sleep(BACKGROUND_S)
            await self._readable()
        try:
            return os.read(self._descriptor, CHUNK)
        except OSError:  # the terminal is gone
            return b""

    def _in_background(self) -> bool:
        """Say whether reading would stop the program (SIGTTIN), as it does `newsbot run &`."""
        try:
            return self.is_terminal and os.tcgetpgrp(self._descriptor) != os.getpgrp()
        except OSError:  # a terminal that controls nobody
            return False

    async def _readable(self) -> None:
        """Wait until reading would not wait; a plain file always can be read."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:  # epoll knows no plain files
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)


def terminal() -> Keyboard | None:
    """Return the standard input where somebody types at it and sees the answers, else None."""
    keyboard = standard_input()
    return keyboard if keyboard and keyboard.is_terminal and sys.stdout.isatty() else None


def standard_input() -> Keyboard | None:
    """Return the program's standard input, or None when it was started without one."""
    try:
        return Keyboard(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):  # None, something else in its place, closed
        return None
