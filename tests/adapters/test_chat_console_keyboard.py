"""Lines come in without holding anything up, and a newsbot in the background of a terminal is not stopped by typing."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from pathlib import Path

import pytest

from bot.chat.console_keyboard import Keyboard, standard_input, terminal
from tests.shell import WARNINGS, environment
from tests.terminals import Screen

LEADER = """
import os, select, subprocess, sys, fcntl, termios, signal, time
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
reader = subprocess.Popen([sys.executable, "-c", sys.argv[1]], process_group=0)
select.select([0], [], [])
for _ in range(10):  # what is typed lies there for a while
    time.sleep(0.05)
stopped = os.WIFSTOPPED(os.waitpid(reader.pid, os.WUNTRACED | os.WNOHANG)[1])
sys.stdin.buffer.raw.read(100)
print("stopped" if stopped else "goes on", flush=True)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.tcsetpgrp(0, reader.pid)
print("foreground", flush=True)
sys.exit(reader.wait())
"""
READER = """
import asyncio
from bot.chat.console_keyboard import Keyboard
async def main():
    print("waits", flush=True)
    print("read", await Keyboard(0).line(), flush=True)
asyncio.run(main())
"""


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            continue


async def test_typing_is_waited_for_without_holding_up_anything(pipe):
    reading, writing = pipe
    keyboard = Keyboard(reading)
    waiting = asyncio.create_task(keyboard.line())
    await asyncio.sleep(0)
    assert not waiting.done()
    os.write(writing, "Erdoğan’ın\r\nzwei\n".encode())
    assert await asyncio.wait_for(waiting, 10) == "Erdoğan’ın"
    assert await keyboard.line() == "zwei"
    os.close(writing)
    assert await keyboard.line() is None


async def test_a_wait_that_is_given_up_loses_nothing(pipe):
    reading, writing = pipe
    keyboard = Keyboard(reading)
    waiting = asyncio.create_task(keyboard.line())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    os.write(writing, b"still here\n")
    assert await asyncio.wait_for(keyboard.line(), 10) == "still here"


async def test_a_file_is_read_like_typing(tmp_path):
    file = tmp_path / "commands.txt"
    file.write_text("status\nhelp")
    with file.open() as opened:
        keyboard = Keyboard(opened.fileno())
        assert [await keyboard.line() for _ in range(3)] == ["status", "help", None]


async def test_no_input_at_all_has_no_lines():
    with Path(os.devnull).open() as nothing:
        assert await Keyboard(nothing.fileno()).line() is None


async def test_text_without_a_line_break_is_no_line_that_grows_for_ever(pipe):
    reading, writing = pipe
    keyboard = Keyboard(reading)
    filling = asyncio.to_thread(os.write, writing, b"x" * 1_100_000 + b"\n")
    line, _ = await asyncio.wait_for(asyncio.gather(keyboard.line(), filling), 20)
    assert 1_000_000 <= len(line) <= 1_100_000


def test_a_program_without_input_has_no_keyboard(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert standard_input() is None
    assert terminal() is None


async def test_in_the_background_of_a_terminal_typing_neither_stops_nor_reaches_it():
    keys, screen = pty.openpty()
    leader = await asyncio.create_subprocess_exec(
        sys.executable, *WARNINGS, "-c", LEADER, READER,
        stdin=screen, stdout=screen, stderr=screen, env=environment(),
    )  # fmt: skip
    os.close(screen)
    shown = Screen(keys)
    try:
        await shown.until("waits")
        os.write(keys, b"ls\n")
        await shown.until("goes on")
        await shown.until("foreground")
        os.write(keys, b"status\n")
        await shown.until("read status")
        assert await asyncio.wait_for(leader.wait(), 30) == 0
    finally:
        if leader.returncode is None:
            leader.kill()
            await leader.wait()
        shown.close()
