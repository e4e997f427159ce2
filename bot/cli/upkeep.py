"""`newsbot status`, `migrate`, `backup` and `restore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from bot.cli.arguments import AsJson
from bot.cli.feeds import trouble
from bot.cli.output import BAD, DIM, GOOD, Output
from bot.cli.session import Session, now, run, session_of
from bot.domain.urls import host_name
from bot.domain.wording import ago, count, lasting, size
from bot.ports import FollowedFeed, Stats
from bot.telemetry import redact

if TYPE_CHECKING:
    from bot.config import Config

ALIVE_WITHIN = timedelta(minutes=2)
"""A newsbot that runs gives a sign of life every 30 s."""
MOST_FEEDS = 20


def status(
    context: typer.Context,
    as_json: AsJson = False,
    only_health: Annotated[
        bool,
        typer.Option(
            "--health", help="Only whether newsbot is running: exit 0 or 1, for Docker's HEALTHCHECK."
        ),
    ] = False,
) -> None:
    """Say how newsbot is doing.

    Signs of life, the database and its size, feeds that fail and why, alerts pending and held.
    """
    config = session_of(context).config()
    stats, feeds = run(_status(session_of(context), config))
    output, at = Output.standard(), now()
    if only_health:
        output.line(_life(stats, at))
        raise typer.Exit(0 if alive(stats, at) else 1)
    if as_json:
        output.json(_as_data(config, stats, feeds, at))
    else:
        output.rows(_rows(config, stats, feeds, at))


async def _status(session: Session, config: Config) -> tuple[Stats, Sequence[FollowedFeed]]:
    async with session.store(config) as store:
        return await store.upkeep.stats(), await store.registry.feeds()


def _rows(
    config: Config, stats: Stats, feeds: Sequence[FollowedFeed], at: datetime
) -> list[tuple[str | Text, str | Text]]:
    failing = [feed for feed in feeds if feed.feed.state.failures]
    rows: list[tuple[str | Text, str | Text]] = [
        ("newsbot", Text(_life(stats, at), GOOD if alive(stats, at) else BAD)),
        ("database", _database(config, stats)),
        ("feeds", count(len(feeds), "feed") + (f", {len(failing)} failing" if failing else "")),
    ]
    for feed in failing[:MOST_FEEDS]:
        state, name = feed.feed.state, feed.name or host_name(feed.feed.url)
        since = f" for {lasting(at - state.failing_since)}" if state.failing_since else ""
        reason = Text(f"failing{since}: {trouble(state, at)}", BAD)
        rows.append(("", Text.assemble(f"{name} ", reason, (f"  {redact(feed.feed.url)}", DIM))))
    if len(failing) > MOST_FEEDS:
        rows.append(("", f"and {len(failing) - MOST_FEEDS} more: newsbot feeds list"))
    rows.append(("alerts", _alerts(stats, at)))
    rows += [("", f"{number:,} held: {reason}") for reason, number in stats.held_reasons.items()]
    return rows


def alive(stats: Stats, at: datetime) -> bool:
    """Say whether a newsbot runs on this database."""
    if stats.heartbeat_at is None or stats.stopped_at is not None:
        return False
    return abs(at - stats.heartbeat_at) < ALIVE_WITHIN


def _life(stats: Stats, at: datetime) -> str:
    if stats.stopped_at is not None:
        return f"not running, stopped {ago(stats.stopped_at, at)}"
    if stats.heartbeat_at is None:
        return "never started"
    if (ahead := stats.heartbeat_at - at) >= ALIVE_WITHIN:
        return (
            f"not running; its last sign of life is dated {lasting(ahead)} from now, so this machine's clock was set"
            " back. The next start puts that right"
        )
    verb = "running" if alive(stats, at) else "not running"
    return f"{verb}, last sign of life {ago(stats.heartbeat_at, at)}"


def _database(config: Config, stats: Stats) -> str:
    name = str(config.store.file or redact(config.store.url))
    contents = f"{count(stats.articles, 'article')}, {count(stats.stories, 'story')}"
    return f"{name}, schema {stats.schema}, {size(stats.size_bytes)}, {contents}"


def _alerts(stats: Stats, at: datetime) -> str:
    states = stats.deliveries
    waiting = states.get("pending", 0) + states.get("claimed", 0)
    oldest = f" (the oldest for {lasting(at - stats.oldest_pending_at)})" if stats.oldest_pending_at else ""
    return f"{waiting:,} pending{oldest}, {states.get('sent', 0):,} sent, {states.get('held', 0):,} held"


def _as_data(config: Config, stats: Stats, feeds: Sequence[FollowedFeed], at: datetime) -> dict[str, Any]:
    return {
        "running": alive(stats, at),
        "heartbeat_at": stats.heartbeat_at,
        "stopped_at": stats.stopped_at,
        "database": {
            "url": redact(config.store.url),
            "schema": stats.schema,
            "size_bytes": stats.size_bytes,
            "articles": stats.articles,
            "stories": stats.stories,
            "matches": stats.matches,
        },
        "feeds": len(feeds),
        "failing": [
            {
                "name": feed.name,
                "url": redact(feed.feed.url),
                "error": feed.feed.state.error,
                "since": feed.feed.state.failing_since,
                "again_at": feed.feed.state.next_poll_at,
            }
            for feed in feeds
            if feed.feed.state.failures
        ],
        "deliveries": dict(stats.deliveries),
        "held_reasons": dict(stats.held_reasons),
        "oldest_pending_at": stats.oldest_pending_at,
    }


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; it must not exist yet.")],
) -> None:
    """Copy the database, also while newsbot runs."""
    run(_backup(session_of(context), file))
    Output.standard().line(f"Wrote {file}, {size(file.stat().st_size)}.")


async def _backup(session: Session, file: Path) -> None:
    async with session.store() as store:
        await store.upkeep.backup(str(file))


def migrate(context: typer.Context) -> None:
    """Bring the database's schema up to date.

    Every start does so by itself; this is for those who want to do it beforehand.
    """
    from bot.stores import migrate as bring_up_to_date

    config = session_of(context).config()
    done = run(bring_up_to_date(config.store.url))
    where, output = config.store.file or redact(config.store.url), Output.standard()
    if done.before == done.after:
        output.line(f"{where} has schema {done.after}: nothing to do.")
    else:
        output.line(f"{where} has schema {done.after} now ({done.before or 'none'} before).")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup that newsbot wrote.")],
    announce_gap: Annotated[
        bool, typer.Option("--announce-gap", help="Post what was published since the backup, too.")
    ] = False,
) -> None:
    """Put a backup in the place of the database.

    newsbot must not be running. What was published between the backup and now is stored when it is read again, and
    not posted, unless --announce-gap asks for it.
    """
    from bot.stores import restore as put_back

    config = session_of(context).config()
    kept = run(put_back(config.store.url, str(file), now(), announce_gap=announce_gap))
    output = Output.standard()
    output.line(f"Restored {config.store.file} from {file}.")
    if kept:
        output.line(f"The database that was there before is kept as {kept}.")
    if not announce_gap:
        output.line("Nothing of the time since the backup will be posted.")
