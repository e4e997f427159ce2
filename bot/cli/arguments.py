"""What is typed after a command, turned into values; a UserError says what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.domain.query import Query, parse_query
from bot.errors import QueryError, UserError

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ForWorkspaces = Annotated[
    list[str] | None,
    typer.Option(
        "--for",
        metavar="WORKSPACE",
        help="Only for this one: slack:T1, discord:1 or console. May be repeated.",
    ),
]
AROUND = 60
"""Characters of a query shown before and after a fault."""
LARGEST_FILE = 20_000_000


def workspaces(typed: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    from bot.config.values import read_workspace

    return tuple(_read(read_workspace, text, "--for") for text in typed or ())


def interval(typed: str | None) -> timedelta | None:
    from bot.config.values import read_duration

    return _read(read_duration, typed, "--interval") if typed else None


def workspace(typed: str) -> tuple[str, str]:
    from bot.config.values import read_workspace

    return _read(read_workspace, typed, "--workspace")


def query(typed: str, terms: Mapping[str, str] | None = None, *, searching: datetime | None = None) -> Query:
    """Read a keyword expression; what is wrong with it is shown below the place where it stands.

    `searching` is the time of a search, in which after: and before: may stand.
    """
    try:
        return parse_query(typed, terms, now=searching)
    except QueryError as error:
        better = [f"Did you mean  {error.suggestion}  ?"] if error.suggestion else []
        shown = [f"I can't read this query. {error}", *_shown(typed, error.position), *better]
        raise UserError("\n".join(shown)) from None


def _shown(typed: str, position: int) -> Sequence[str]:
    """Show the place of a fault; of a long query what stands around it."""
    if not typed.strip():
        return ()
    start = max(position - AROUND, 0)
    before, after = ("…" if start else ""), ("…" if position + AROUND < len(typed) else "")
    part = " ".join(typed[start : position + AROUND].split("\n"))
    return f"  {before}{part}{after}", f"  {' ' * (len(before) + position - start)}^"


def password(user: str) -> str:
    """Ask for a password without showing it; piped, it is the first line of standard input."""
    if sys.stdin.isatty():
        typed: str = typer.prompt(f"Password of {user}", hide_input=True, err=True)
    else:
        typed = sys.stdin.readline().rstrip("\n")
    if not typed:
        raise UserError("No password was given. Type it when asked, or pipe it in.")
    return typed


def contents(file: Path) -> bytes:
    """Read a file, or standard input for `-`."""
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as source:
            return source.read(LARGEST_FILE)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from None


def _read(read: Callable[[str], T], typed: str, option: str) -> T:
    try:
        return read(typed)
    except ValueError as error:
        raise UserError(f"{option} {error}.") from None
