"""`newsbot check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from bot.cli.arguments import AsJson
from bot.cli.feeds import NO_FEEDS
from bot.cli.output import BAD, DIM, GOOD, Output
from bot.cli.session import now, run, session_of
from bot.cli.watching import NO_SUBSCRIPTIONS
from bot.domain.model import ChannelAddress
from bot.domain.wording import count
from bot.errors import AddressError, ConfigError, NewsbotError
from bot.ports import CheckResult
from bot.services.checkup import Checkup, Declared
from bot.telemetry import redact

if TYPE_CHECKING:
    from bot.config import Config


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Try everything, and say what to do about what fails.

    Settings, database, tokens, feeds and channels; nothing is posted. Exits with 0 when all is well, 1 when something is not, 2 when the settings cannot be read.
    """
    session = session_of(context)
    try:
        config = session.config()
    except ConfigError as error:
        results: Sequence[CheckResult] = [
            CheckResult("config", False, line) for line in str(error).splitlines()
        ]
        opened, code = False, 2
    else:
        opened, found = run(_check(config))
        good = all(result.subject != "config" for result in found)
        results = [_settings(config), *found] if good else found
        code = 0 if all(result.ok for result in results) else 1
    output = Output.standard()
    if as_json:
        output.json({"ok": not code, "results": [_as_data(result) for result in results]})
    else:
        output.rows(_rows(results, opened=opened))
    raise typer.Exit(code)


async def _check(config: Config) -> tuple[bool, Sequence[CheckResult]]:
    """Return whether all parts could be opened, and what was found."""
    from bot.wiring import known_kinds, open_bot, open_store

    subject = "database"
    declared = Declared(config.feed_rows, [row.channel for row in config.subscription_rows])
    try:
        async with open_store(config) as store:
            subject = "config"
            known_kinds(config)
            await store.registry.try_file(config.feed_rows, config.subscription_rows, now(), config.glossary)
        async with open_bot(config) as bot:
            checkup = Checkup(bot.store, bot.chats, bot.sources, bot.fetcher, bot.parser, bot.clock)
            database, *others = await checkup.run(declared)
    except NewsbotError as error:
        return False, [CheckResult(subject, False, str(error))]
    where = config.store.file.name if config.store.file else redact(config.store.url)
    return True, [replace(database, detail=f"{where}, {database.detail}"), *others]


def _settings(config: Config) -> CheckResult:
    where = str(config.file) if config.file else "no config.toml, so the defaults hold"
    declared = f"{count(len(config.feeds), 'feed')}, {count(len(config.subscriptions), 'subscription')}"
    terms = f", {count(len(config.terms), 'term')}" if config.terms else ""
    return CheckResult("config", True, f"{where}, {declared}{terms}")


def _rows(results: Sequence[CheckResult], *, opened: bool) -> list[tuple[str | Text, ...]]:
    """Arrange one line for each result; feeds and channels share a line, and those that fail have one more each."""
    rows: list[tuple[str | Text, ...]] = []
    feeds = [result for result in results if result.subject == "feeds"]
    channels = [result for result in results if _is_channel(result.subject)]
    rows += [
        (result.subject, _verdict(result.ok), _sentence(result))
        for result in results
        if result.subject != "feeds" and not _is_channel(result.subject)
    ]
    if opened:
        rows += _group("feeds", feeds, "can be read", NO_FEEDS[0] + NO_FEEDS[1])
        untried = [result.subject for result in results if not result.ok and _is_platform(result.subject)]
        why = f"Not tried without a connection to {' and '.join(untried)}." if untried else NO_SUBSCRIPTIONS
        rows += _group("channels", channels, "can be posted to", why)
    return rows


def _group(
    subject: str, results: Sequence[CheckResult], praise: str, nothing: str
) -> list[tuple[str | Text, ...]]:
    if not results:
        return [(subject, Text("none", DIM), nothing)]
    failing = [result for result in results if not result.ok]
    total = f"{len(results) - len(failing)} of {len(results)} {praise}"
    return [(subject, _verdict(not failing), total), *(("", "", line) for line in _failures(failing))]


def _failures(failing: Sequence[CheckResult]) -> Iterator[str]:
    """Yield a line for each; a remedy that many share is given once."""
    for remedy in dict.fromkeys(result.remedy for result in failing):
        alike = [result for result in failing if result.remedy == remedy]
        for result in alike:
            name = result.facts.get("name", result.subject)
            yield f"{name}: {_sentence(result) if len(alike) == 1 else result.detail}"
        if remedy and len(alike) > 1:
            yield f"For these {len(alike)}: {remedy}" + ("" if remedy.endswith("?") else ".")


def _is_channel(subject: str) -> bool:
    try:
        ChannelAddress.parse(subject)
    except AddressError:
        return False
    return True


def _is_platform(subject: str) -> bool:
    return subject not in {"config", "database", "feeds"} and not _is_channel(subject)


def _verdict(ok: bool) -> Text:
    return Text("ok", GOOD) if ok else Text("fails", BAD)


def _sentence(result: CheckResult) -> str:
    return f"{result.detail.rstrip('.')}. {result.remedy}" if result.remedy else result.detail


def _as_data(result: CheckResult) -> dict[str, Any]:
    return {
        "subject": result.subject,
        "ok": result.ok,
        "detail": result.detail,
        "remedy": result.remedy,
        "facts": dict(result.facts),
    }
