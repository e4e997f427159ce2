"""`newsbot subscriptions …`: which channel watches which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.archive import show_found, show_notes
from bot.cli.arguments import AsJson, query
from bot.cli.output import BAD, DIM, STRONG, Output
from bot.cli.session import Session, declare, now, run, session_of, terms_for
from bot.domain.model import ChannelAddress, Origin, Subscription
from bot.domain.query import Note, Query, describe, lint, parse_query
from bot.domain.query.glossary import names_in
from bot.domain.wording import ago, count
from bot.errors import QueryError
from bot.ports import FollowedFeed, RowChange, Store, SubscriptionRow
from bot.services.advice import Adviser
from bot.services.lookup import Lookup, Preview

NO_SUBSCRIPTIONS = (
    'No subscriptions yet. For example:  newsbot subscriptions add "Kim Jong Un, summit" --in console:world'
)
PREVIEW_DAYS = 7


def commands() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The words that channels watch for.")
    app.command("add")(add)
    app.command("list")(list_all)
    app.command("remove")(remove)
    app.command("history")(history)
    return app


def add(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar="QUERY", help='What to watch for: "Kim Jong Un, summit".')],
    channel: Annotated[
        str,
        typer.Option(
            "--in", metavar="CHANNEL", help="Where: slack:TEAM/CHANNEL, discord:SERVER/CHANNEL, console:NAME."
        ),
    ],
    feeds: Annotated[str, typer.Option(metavar="A,B", help="Only these feeds, by name or address.")] = "",
    name: Annotated[str | None, typer.Option(help="What alerts call it; the query if left out.")] = None,
) -> None:
    """Watch for words in a channel. A newsbot that is running notices by itself."""
    only = tuple(part.strip() for part in feeds.split(",") if part.strip())
    row = SubscriptionRow(
        ChannelAddress.parse(channel), words.strip(), Origin.CLI, name, only, created_by="cli"
    )
    run(_add(session_of(context), row))


async def _add(session: Session, row: SubscriptionRow) -> None:
    config = session.config()
    async with session.store(config) as store:
        if row.feeds or names_in(row.query):  # they may stand in a config file that no start has read yet
            await declare(store, config)
        terms = await terms_for(store, config, row.query, (row.channel.platform, row.channel.workspace))
        asked = query(row.query, terms)
        await store.registry.subscribe(row, now())
        outlook = await _outlook(store, row, terms)
    _show_added(Output.standard(), row, asked, outlook)


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What a new subscription can expect, judged by what is stored."""

    feeds: Sequence[FollowedFeed]
    preview: Preview
    articles: int
    """In the whole store."""
    notes: Sequence[Note]


async def _outlook(store: Store, row: SubscriptionRow, terms: Mapping[str, str]) -> _Outlook:
    workspace = await store.registry.workspace(row.channel.platform, row.channel.workspace, now())
    feeds = await store.registry.feeds(workspace.id)
    lookup = Lookup(store.archive, workspace.id, terms=terms)
    preview = await lookup.preview(row.query, now(), PREVIEW_DAYS, samples=2)
    articles = (await store.upkeep.stats()).articles
    # An empty store says nothing of what would be found; of the query itself there may be something to say.
    notes = await Adviser(lookup).notes(row.query, preview, now()) if articles else lint(row.query, terms)
    return _Outlook(feeds, preview, articles, notes)


def _show_added(output: Output, row: SubscriptionRow, asked: Query, outlook: _Outlook) -> None:
    output.line("Watching ", Text(str(row.channel), STRONG), f" for {describe(asked)}.", indent=1)
    read = [feed.feed.state.polled_at for feed in outlook.feeds if feed.feed.state.polled_at]
    sources = ", ".join(row.feeds) if row.feeds else count(len(outlook.feeds), "feed")
    last = f", last read {ago(max(read), now())}" if read else ""
    if outlook.feeds:
        output.line(f"{sources}{last}. {_expectation(outlook)}".strip(), indent=3)
    else:
        output.line("There is no feed to find them in yet: newsbot feeds add URL.", indent=3)
    output.line("Nothing published before now will be posted.", indent=3)
    show_found(output, outlook.preview.samples, now())
    show_notes(output, outlook.notes)


def _expectation(outlook: _Outlook) -> str:
    preview = outlook.preview
    if not outlook.articles:
        return ""
    if not any(preview.terms.values()):
        return f"Nothing of the last {PREVIEW_DAYS} days would have matched." if not preview.total else ""
    counts = {term: number for term, number in preview.terms.items() if number}
    days, unit = (PREVIEW_DAYS, "day") if min(counts.values()) >= PREVIEW_DAYS else (1, "week")
    rate = f"About {count(round(preview.total / days), 'alert')} a {unit} here"
    each = ", ".join(f"{round(number / days):,} from “{term}”" for term, number in counts.items())
    return f"{rate}: {each}." if len(preview.terms) > 1 else f"{rate}."


def list_all(context: typer.Context, as_json: AsJson = False) -> None:
    """List what is watched, and where."""
    run(_list(session_of(context), as_json))


async def _list(session: Session, as_json: bool) -> None:
    config = session.config()
    async with session.store(config) as store:
        active = await store.registry.subscriptions()
    known = {subscription.name for subscription in active if subscription.origin is Origin.FILE}
    waiting = [row for row in config.subscription_rows if row.name not in known]
    output = Output.standard()
    if as_json:
        output.json([*map(_as_data, active), *map(_waiting_as_data, waiting)])
    elif active or waiting:
        _show(output, active, waiting)
    else:
        output.line(NO_SUBSCRIPTIONS)


def _show(output: Output, active: Sequence[Subscription], waiting: Sequence[SubscriptionRow]) -> None:
    at = now()
    rows: list[tuple[str | Text, ...]] = []
    for subscription in active:
        made = Text(f"{subscription.origin}, {ago(subscription.created_at, at)}", DIM)
        place, name = str(subscription.channel.address), subscription.name or ""
        rows.append((str(subscription.id), place, name, made, subscription.query))
        if problem := _problem(subscription):
            rows.append(("", "", "", "", Text(problem, BAD)))
    rows += [
        ("", str(row.channel), row.name or "", Text("from the next start on", DIM), row.query)
        for row in waiting
    ]
    output.rows(rows)


def _problem(subscription: Subscription) -> str:
    """Say why a subscription finds nothing, if it cannot be read."""
    try:
        parse_query(subscription.query, subscription.terms)
    except QueryError as error:
        return f"cannot be read: {error}"
    return ""


def _as_data(subscription: Subscription) -> dict[str, object]:
    return {
        "id": subscription.id,
        "name": subscription.name,
        "channel": str(subscription.channel.address),
        "query": subscription.query,
        "feeds": sorted(subscription.feeds),
        "origin": subscription.origin,
        "created_by": subscription.created_by,
        "created_at": subscription.created_at,
        "problem": _problem(subscription) or None,
    }


def _waiting_as_data(row: SubscriptionRow) -> dict[str, object]:
    return {
        "id": None,
        "name": row.name,
        "channel": str(row.channel),
        "query": row.query,
        "origin": row.origin,
    }


def remove(
    context: typer.Context,
    subscription: Annotated[
        str, typer.Argument(metavar="SUBSCRIPTION", help="Its name or number, as in the list.")
    ],
) -> None:
    """Stop watching. Alerts that are under way still go out."""
    run(_remove(session_of(context), subscription))


async def _remove(session: Session, subscription: str) -> None:
    async with session.store() as store:
        await store.registry.unsubscribe(subscription, now())
    Output.standard().line(f"No longer watching {subscription}.")


def history(
    context: typer.Context,
    subscription: Annotated[
        str, typer.Argument(metavar="SUBSCRIPTION", help="Its name or number; also one that was removed.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show how a subscription was changed: when, and what it said before."""
    run(_history(session_of(context), subscription, as_json))


async def _history(session: Session, subscription: str, as_json: bool) -> None:
    async with session.store() as store:
        changes = await store.registry.history(subscription)
    output = Output.standard()
    if as_json:
        output.json([{"at": one.at, "change": one.change, "before": dict(one.before)} for one in changes])
    elif changes:
        output.rows([(ago(one.at, now()), one.change, _before(one)) for one in changes])
    else:
        output.line(f"{subscription} is as it was made.")


def _before(change: RowChange) -> str:
    """Say what an edit has replaced; who gives up a subscription, or takes it up again, changes nothing else."""
    if change.change != "edited":
        return ""
    return "; ".join(f"{name} was {said}" for name, said in change.before.items())
