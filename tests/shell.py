"""newsbot as a person at a shell meets it: `shell("feeds", "list")` gives the exit code and what was said.

Runs in this process, in a folder of its own, with no settings but what the test writes there. `shell.apart(...)` runs
the same as a process of its own, for what only that can show: standard input, signals, a pipe that closes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.ports import Store

SECRET_VARIABLES = ("SLACK_", "DISCORD_TOKEN", "NEWSBOT_KEY")
PATIENCE_S = 60.0
WARNINGS = ("-W", "error", "-W", "ignore:'audioop' is deprecated:DeprecationWarning")


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Shell:
    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        from bot.cli import main

        self._capsys.readouterr()
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def config(self, text: str) -> Path:
        file = self.folder / "config.toml"
        file.write_text(text, encoding="utf-8")
        return file

    def set(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    async def start(
        self, *arguments: str | Path, terminal: int | None = None, **variables: str
    ) -> asyncio.subprocess.Process:
        """Start newsbot as a process of its own; the test ends it. What it prints may go to a terminal's descriptor."""
        stdout = asyncio.subprocess.PIPE if terminal is None else terminal
        return await asyncio.create_subprocess_exec(
            sys.executable, *WARNINGS, "-c", "from bot.cli import main; main()", *map(str, arguments),
            cwd=self.folder, env=environment() | variables,
            stdin=asyncio.subprocess.PIPE, stdout=stdout, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def apart(self, *arguments: str | Path, stdin: str = "", **variables: str) -> Said:
        """Run newsbot as a process of its own to its end."""
        process = await self.start(*arguments, terminal=None, **variables)
        try:
            async with asyncio.timeout(PATIENCE_S):
                out, err = await process.communicate(stdin.encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode is not None
        return Said(process.returncode, out.decode(), err.decode())


def environment() -> dict[str, str]:
    root = str(Path(__file__).parents[1])
    return {name: value for name, value in os.environ.items() if not _is_ours(name)} | {"PYTHONPATH": root}


def _is_ours(name: str) -> bool:
    return name.startswith(("NEWSBOT", *SECRET_VARIABLES)) or name in {"NO_COLOR", "COLUMNS"}


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if _is_ours(name):
            monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield Shell(tmp_path, monkeypatch, capsys)
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def stored(shell: Shell) -> Callable[[Callable[[Store], Awaitable[Any]]], Any]:
    """Do some work on the store that the shell's commands use."""
    from bot.config import encryption_key, load
    from bot.stores import open_store

    def stored(work: Callable[[Store], Awaitable[Any]]) -> Any:
        async def working() -> Any:
            config = load(None, {})
            async with open_store(config.store.url, encryption_key(config)) as store:
                return await work(store)

        return asyncio.run(working())

    return stored
