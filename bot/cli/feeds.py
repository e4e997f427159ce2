"""`newsbot feeds …`: what is followed, added, given up, and handed on as OPML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from bot.cli.arguments import AsJson, ForWorkspaces, contents, interval, password, workspaces
from bot.cli.output import BAD, DIM, GOOD, Output
from bot.cli.session import Session, now, run, session_of
from bot.domain.model import FeedState, Origin
from bot.domain.urls import feed_url, host_name
from bot.domain.wording import ago, ahead, count, lasting
from bot.errors import AddressError, UserError
from bot.ports import FeedRow, FollowedFeed, Registry
from bot.telemetry import redact

if TYPE_CHECKING:
    from bot.domain.opml import Outline

NO_FEEDS = (
    "No feeds yet. Begin with a starter set:",
    "  newsbot feeds import docs/starter-sources.opml",
    "or with one of your own:",
    "  newsbot feeds add https://example.org/rss",
)


def commands() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The feeds that newsbot reads.")
    app.command("add")(add)
    app.command("list")(list_all)
    app.command("remove")(remove)
    app.command("import")(import_opml)
    app.command("export")(export_opml)
    return app


# ---------------------------------------------------------------- add and remove


def add(  # noqa: PLR0913, PLR0917 - each is an option of its own at the shell
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of an RSS, Atom or JSON feed.")],
    name: Annotated[str | None, typer.Option(help="A short name of your own.")] = None,
    title: Annotated[str, typer.Option(help="What alerts call it; its own title if left out.")] = "",
    every: Annotated[str | None, typer.Option("--interval", help='How often it is read: "2m", "1h".')] = None,
    user: Annotated[
        str | None, typer.Option(help="User name; the password is asked for, and kept encrypted.")
    ] = None,
    only_for: ForWorkspaces = None,
) -> None:
    """Follow a feed. A newsbot that is running notices by itself."""
    address = feed_url(url)
    wait = interval(every)
    row = FeedRow(
        kind="feed",
        url=address,
        origin=Origin.CLI,
        name=name,
        title=title,
        workspaces=workspaces(only_for),
        credentials=f"{user}@{host_name(address)}" if user else None,
        interval_s=wait.total_seconds() if wait else None,
        added_by="cli",
    )
    run(_add(session_of(context), row, f"{user}:{password(user)}" if user else ""))


async def _add(session: Session, row: FeedRow, login: str) -> None:
    from bot.wiring import admit_feed

    config = session.config()
    admit_feed(config, row.url)
    async with session.store(config) as store:
        if row.name in _names(await store.registry.feeds(), row.url):
            raise UserError(
                f"Another feed is called “{row.name}” already. Choose another name; newsbot feeds list shows them."
            )
        if row.credentials:
            await store.registry.save_credential(row.credentials, login, now())
        feed_id = await store.registry.follow(row, now())
    output = Output.standard()
    output.line(
        f"Following {row.name or row.url} (feed {feed_id}). Nothing published before now will be posted."
    )


def _names(feeds: Iterable[FollowedFeed], url: str = "") -> set[str]:
    """Return the names that feeds have, but for those of one address: its own may be given again."""
    return {feed.name for feed in feeds if feed.name and feed.feed.url != url}


def remove(
    context: typer.Context,
    feed: Annotated[str, typer.Argument(metavar="FEED", help="Its name, address or number, as in the list.")],
) -> None:
    """Stop following a feed. What it brought stays searchable; alerts under way still go out."""
    run(_remove(session_of(context), feed))


async def _remove(session: Session, feed: str) -> None:
    async with session.store() as store:
        await store.registry.unfollow(feed, now())
    Output.standard().line(f"No longer following {feed}.")


# ---------------------------------------------------------------- list


def list_all(context: typer.Context, as_json: AsJson = False) -> None:
    """List what is followed, and how each feed is doing."""
    run(_list(session_of(context), as_json))


async def _list(session: Session, as_json: bool) -> None:
    config = session.config()
    async with session.store(config) as store:
        feeds = await store.registry.feeds()
    known = {feed.name for feed in feeds if feed.origin is Origin.FILE}
    waiting = [row for row in config.feed_rows if row.name not in known]
    output = Output.standard()
    if as_json:
        output.json([*map(_as_data, feeds), *map(_waiting_as_data, waiting)])
    elif feeds or waiting:
        _show(output, feeds, waiting)
    else:
        for line in NO_FEEDS:
            output.line(line)


def _show(output: Output, feeds: Sequence[FollowedFeed], waiting: Sequence[FeedRow]) -> None:
    at = now()
    rows: list[tuple[str | Text, ...]] = []
    for followed in feeds:
        feed = followed.feed
        rows.append((str(feed.id), _label(followed), _condition(feed.state, at), Text(redact(feed.url), DIM)))
        if feed.state.failures:
            rows.append(("", "", "", trouble(feed.state, at)))
    rows += [
        ("", row.name or row.url, Text("from the next start on", DIM), Text(row.url, DIM)) for row in waiting
    ]
    output.rows(rows)
    failing = sum(1 for feed in feeds if feed.feed.state.failures)
    output.line(
        count(len(feeds) + len(waiting), "feed") + (f", {failing} failing" if failing else ""), indent=1
    )


def _condition(state: FeedState, at: datetime) -> Text:
    if state.failures:
        since = f" for {lasting(at - state.failing_since)}" if state.failing_since else ""
        return Text(f"failing{since}", BAD)
    if state.polled_at is None:
        return Text("not read yet", DIM)
    return Text(f"ok, read {ago(state.polled_at, at)}", GOOD)


def trouble(state: FeedState, at: datetime) -> str:
    """Say why a feed fails, and when it is tried again."""
    return f"{(state.error or 'failed').rstrip('.')}; again {ahead(state.next_poll_at, at)}"


def _label(followed: FollowedFeed) -> str:
    return followed.name or followed.feed.title or host_name(followed.feed.url)


def _as_data(followed: FollowedFeed) -> dict[str, Any]:
    feed = followed.feed
    return {
        "id": feed.id,
        "name": followed.name,
        "title": feed.title,
        "url": feed.url,
        "kind": feed.kind,
        "origin": followed.origin,
        "since": followed.since,
        "workspaces": [":".join(workspace) for workspace in followed.workspaces],
        "credentials": feed.credentials,
        "failures": feed.state.failures,
        "error": feed.state.error,
        "polled_at": feed.state.polled_at,
        "next_poll_at": feed.state.next_poll_at,
        "new_entry_at": feed.state.new_entry_at,
    }


def _waiting_as_data(row: FeedRow) -> dict[str, Any]:
    return {
        "id": None,
        "name": row.name,
        "title": row.title,
        "url": row.url,
        "kind": row.kind,
        "origin": row.origin,
    }


# ---------------------------------------------------------------- OPML


def import_opml(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.opml", help="A list from a feed reader; - is standard input.")
    ],
    only_for: ForWorkspaces = None,
) -> None:
    """Follow every feed of an OPML list; those that are followed already stay as they are."""
    from bot.domain.opml import read_opml

    outlines = read_opml(contents(file))
    if not outlines:
        raise UserError(f"{file} lists no feed: nothing in it has an xmlUrl. Is it a list of something else?")
    run(_import(session_of(context), outlines, workspaces(only_for)))


@dataclass(slots=True)
class _Import:
    """What became of the feeds of a list."""

    added: int = 0
    known: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    async def take(
        self, outlines: Iterable[Outline], registry: Registry, only_for: tuple[tuple[str, str], ...]
    ) -> None:
        feeds = await registry.feeds()
        followed, names = {feed.feed.url for feed in feeds}, _names(feeds)
        for outline in outlines:
            try:
                url = feed_url(outline.url)
            except AddressError as error:
                self.refused.append((outline.name, str(error)))
                continue
            if url in followed:
                self.known += 1
                continue
            name = outline.name if outline.name not in names else None  # lists repeat names: “News”, “Blog”
            row = FeedRow("feed", url, Origin.CLI, name or None, outline.title, only_for, added_by="cli")
            await registry.follow(row, now())
            names.add(outline.name)
            followed.add(url)
            self.added += 1


async def _import(
    session: Session, outlines: Sequence[Outline], only_for: tuple[tuple[str, str], ...]
) -> None:
    importing = _Import()
    async with session.store() as store:
        await importing.take(outlines, store.registry, only_for)
    output = Output.standard()
    known = f"; {importing.known} followed before" if importing.known else ""
    output.line(f"Following {count(importing.added, 'new feed')}{known}.")
    output.rows([(Text("refused", BAD), name, reason) for name, reason in importing.refused])
    if importing.refused:
        raise UserError(f"{count(len(importing.refused), 'address')} could not be taken over.")


def export_opml(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.opml", help="Where to; standard output if left out.")
    ] = Path("-"),
) -> None:
    """Write what is followed as OPML, for other readers."""
    document = run(_export(session_of(context)))
    if str(file) == "-":
        typer.echo(document.decode(), nl=False)
        return
    try:
        file.write_bytes(document)
    except OSError as error:
        raise UserError(f"{file} cannot be written: {(error.strerror or str(error)).lower()}.") from None


async def _export(session: Session) -> bytes:
    from bot.domain.opml import Outline, write_opml

    async with session.store() as store:
        feeds = await store.registry.feeds()
    unique = {feed.feed.url: Outline(feed.feed.url, feed.feed.title, _label(feed)) for feed in feeds}
    return write_opml(unique.values(), "newsbot", now())
