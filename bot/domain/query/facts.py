"""Fields about the article rather than its text: site, language and time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from bot.domain.hosts import read_authority
from bot.domain.query.lexer import Token
from bot.domain.query.signs import Typed
from bot.domain.query.tree import Fact
from bot.errors import QueryError

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_AGO = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def fact_of(typed: Typed, field: str, token: Token, now: datetime | None) -> Fact:
    """Read what a field was given; raise QueryError."""
    value = token.text.strip().lower()
    if field == "site":
        return Fact(token.text, field, _host(typed, token, value))
    if field == "lang":
        return Fact(token.text, field, _language(typed, token, value))
    return Fact(token.text, field, _time(typed, field, token, value, now))


def _host(typed: Typed, token: Token, value: str) -> str:
    authority, _, path = re.sub(r"^https?://", "", value).partition("/")
    found = read_authority(authority, "443")
    host = found[0].removeprefix("www.") if found and not path else ""
    if "." in host:
        return host
    raise QueryError(
        f"“{token.text}” is not the name of a site. Write it as in site:politico.com, without a path.",
        typed.at[token.start],
        typed.replaced(token.start, token.end, authority) if path and "." in authority else None,
    )


def _language(typed: Typed, token: Token, value: str) -> str:
    tag = value.replace("_", "-")
    if _LANGUAGE.fullmatch(tag):
        return tag
    raise QueryError(
        f"“{token.text}” is not a language. Write its code, for example lang:en or lang:pt-BR.",
        typed.at[token.start],
    )


def _time(typed: Typed, field: str, token: Token, value: str, now: datetime | None) -> datetime:
    if now is None:
        raise QueryError(
            f"“{field}:” belongs to a search. A subscription is about what comes from now on: leave it out.",
            typed.at[token.start],
        )
    if ago := _AGO.fullmatch(value):
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise QueryError(
            f"“{token.text}” is not a time. Write a date as in {field}:{now:%Y-%m-%d}, or how long ago as in"
            f" {field}:2d or {field}:6h.",
            typed.at[token.start],
        ) from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
