"""From settings to running parts: the only place that names concrete adapters and hands out secrets."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from secrets import token_hex
from typing import TYPE_CHECKING

from bot import stores
from bot.config import Config, encryption_key
from bot.errors import ConfigError
from bot.fetch.admission import admit
from bot.fetch.http import Credentials, HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import ChatAdapter, Clock, Desk, Fetcher, FileChanges, Listener, Parser, Queue, Source, Store
from bot.queues import queue_class
from bot.runtime import Roles, SystemClock
from bot.services.commands.context import Context, Quotas
from bot.services.commands.desk import NewsDesk
from bot.services.commands.handlers import HANDLERS
from bot.services.deliver import Deliverer
from bot.services.poll import CROWD, Poller
from bot.services.ticks import Ticks
from bot.services.watchlist import Watchlist
from bot.sources import SOURCES
from bot.sources.pool import ParserPool
from bot.wiring.chats import connected, console, serve_http

__all__ = ["Bot", "admit_feed", "connected", "console", "known_kinds", "open_bot", "open_store"]

if TYPE_CHECKING:
    from bot.chat.console_keyboard import Keyboard

UNLIMITED = 1_000_000
"""Commands that whoever sits at the terminal may give in a moment: a file of them may well be piped in."""


@dataclass(frozen=True)
class Bot:
    """The object graph of one process, opened and closed by `open_bot`."""

    config: Config
    clock: Clock
    store: Store
    queue: Queue
    fetcher: Fetcher
    parser: Parser
    sources: Mapping[str, Source]
    chats: Mapping[str, ChatAdapter]

    @cached_property
    def roles(self) -> Roles:
        """What `bot.runtime` runs."""
        settings = self.config
        ticks = Ticks(self.store, self.queue, self.clock, settings.retention.rules)
        return Roles(
            ticks,
            self._poller(),
            self._deliverer(),
            self.queue,
            poll_workers=settings.polling.concurrency,
            deliver_workers=settings.delivery.workers,
            listeners=self._listening(),
        )

    @cached_property
    def listeners(self) -> Mapping[str, Listener]:
        """The platforms that hear what people say."""
        return {name: chat for name, chat in self.chats.items() if isinstance(chat, Listener)}

    @cached_property
    def context(self) -> Context:
        """What every command is given."""
        quotas = self.config.chat.quotas
        return Context(
            store=self.store,
            clock=self.clock,
            chats=self.chats,
            listeners=self.listeners,
            fetcher=self.fetcher,
            parser=self.parser,
            sources=self.sources,
            quotas=Quotas(quotas.feeds, quotas.subscriptions, quotas.commands, quotas.within.total_seconds()),
            settings=self.config.provenance,
            command=f"/{self.config.chat.command}",
        )

    @cached_property
    def desk(self) -> Desk:
        """Where people in chats are heard."""
        return NewsDesk(self.context, HANDLERS)

    @cached_property
    def console_desk(self) -> Desk:
        """Where whoever runs newsbot is heard: without a slash, and as fast as they like."""
        quotas = replace(self.context.quotas, commands=UNLIMITED)
        return NewsDesk(replace(self.context, quotas=quotas, command=""), HANDLERS)

    def _listening(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return by its name what hears people."""
        serving: dict[str, Callable[[], Awaitable[None]]] = {
            name: partial(listener.serve, self.console_desk if name == "console" else self.desk)
            for name, listener in self.listeners.items()
        }
        slack = self.config.chat.slack
        if "slack" in self.chats and slack.mode == "http":
            serving["slack http"] = partial(serve_http, slack.address, slack.port, self.chats["slack"])
        return serving

    async def declare(self, config: Config | None = None) -> FileChanges:
        """Make the store agree with the rows of the config file, or of a newer reading of it.

        Raise ConfigError for a kind of feed that does not exist, and for terms that do not suit what uses them.
        """
        wanted = config or self.config
        known_kinds(wanted)
        return await self.store.registry.apply_file(
            wanted.feed_rows, wanted.subscription_rows, self.clock.now(), wanted.glossary
        )

    def _poller(self) -> Poller:
        return Poller(
            schedule=self.store.schedule,
            newsroom=self.store.newsroom,
            watchlist=Watchlist(self.store.registry),
            fetcher=self.fetcher,
            parser=self.parser,
            sources=self.sources,
            clock=self.clock,
            spread=random.random,
            poll_rules=self.config.polling.rules,
            alert_rules=self.config.alerts.rules,
            crowd=max(CROWD, 2 * self.config.polling.per_host_in_flight),
        )

    def _deliverer(self) -> Deliverer:
        return Deliverer(
            outbox=self.store.outbox,
            chats=self.chats,
            clock=self.clock,
            new_claim_id=token_hex,
            spread=random.random,
            claim_for=self.config.delivery.claim,
        )


def known_kinds(config: Config) -> None:
    """Raise ConfigError for a feed of the config file whose kind cannot be loaded."""
    for feed in config.feeds:
        try:
            SOURCES[feed.kind]
        except ConfigError as error:
            raise ConfigError(f"The feed “{feed.name}”: {error}") from error


@asynccontextmanager
async def open_store(config: Config) -> AsyncIterator[Store]:
    """Open the store alone, its schema up to date."""
    async with stores.open_store(config.store.url, encryption_key(config)) as store:
        yield store


@asynccontextmanager
async def open_bot(
    config: Config,
    chats: Mapping[str, ChatAdapter] | None = None,
    clock: Clock | None = None,
    *,
    keyboard: Keyboard | None = None,
) -> AsyncIterator[Bot]:
    """Open every part and close them all again in reverse.

    `chats` stands in for the configured platforms, `clock` for the machine's. Commands are typed at the `keyboard`.
    """
    clock = clock or SystemClock()
    chosen = connected(config, clock, keyboard) if chats is None else chats
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(config))
        fetcher = HttpFetcher(_fetch_rules(config), clock, _credentials(config, store))
        parser = ParserPool(config.polling.parsers, config.polling.parse_timeout.total_seconds())
        yield Bot(
            config=config,
            clock=clock,
            store=store,
            queue=queue_class(config.queue.kind)(),
            fetcher=await stack.enter_async_context(fetcher),
            parser=await stack.enter_async_context(parser),
            sources=SOURCES,
            chats={name: await stack.enter_async_context(chat) for name, chat in chosen.items()},
        )


def admit_feed(config: Config, url: str) -> None:
    """Raise AddressError for an address that would never be asked."""
    admit(url, _fetch_rules(config))


def _fetch_rules(config: Config) -> FetchRules:
    polling = config.polling
    return FetchRules(
        user_agent=polling.full_user_agent,
        max_bytes=polling.max_bytes,
        timeout_s=polling.timeout.total_seconds(),
        max_redirects=polling.max_redirects,
        per_host_gap_s=polling.per_host_gap.total_seconds(),
        per_host_in_flight=polling.per_host_in_flight,
        allowed_networks=tuple(map(str, polling.allow_networks)),
        extra_ports=polling.extra_ports,
    )


def _credentials(config: Config, store: Store) -> Credentials:
    """Look a feed's secret up in the environment first, then among those that the store keeps encrypted."""

    async def credential(name: str) -> str | None:
        secret = config.secrets.feeds.get(name)
        return secret.get_secret_value() if secret else await store.registry.credential(name)

    return credential
