"""Running the roles: ticks, poll workers, deliver workers and listeners, until a signal asks for an orderly end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.model import DeliveryId, FeedId
from bot.errors import NewsbotError
from bot.ports import Clock, Queue
from bot.services.deliver import Deliverer
from bot.services.poll import Poller
from bot.services.ticks import DELIVER_TOPIC, POLL_TOPIC, Ticks

log = structlog.get_logger(__name__)

STDOUT = 1
DRAIN_S = 20.0
"""How long work in hand may take once the end was asked for, seconds."""
CLOCK_WATCH_S = 5.0
"""How often the clock is looked at, seconds; one that was set back by less does no harm."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0
"""Between two attempts of a listener that fails: doubling from the first to the second, seconds."""
ECHO_S = 0.5
"""Within this of the first signal another is its echo, not a second wish: `timeout` and process supervisors send one
to the process and one to its group."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Roles:
    """What a process does, and with how many hands."""

    ticks: Ticks
    poller: Poller
    deliverer: Deliverer
    queue: Queue
    poll_workers: int = 16
    deliver_workers: int = 8
    tick_s: float = 1.0
    upkeep_s: float = 30.0
    listeners: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """What hears people in chats, by name; each ends with its input, or never."""


class Crew:
    """Workers that share one topic; asked to stop, they finish what they hold and take nothing new."""

    def __init__(
        self, queue: Queue, topic: str, handle: Callable[[str], Awaitable[object]], hands: int
    ) -> None:
        self._queue, self._topic, self._handle = queue, topic, handle
        self._hands = hands
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._stopping = False

    def start(self) -> None:
        self._tasks = {
            asyncio.create_task(self._work(), name=f"{self._topic}-{n}") for n in range(self._hands)
        }

    async def stop(self, timeout_s: float) -> None:
        """Let work in hand finish within `timeout_s`, then cancel it: the store knows what was not done.

        Cancelling this cancels the work at once; in any case none goes on when the store is closed.
        """
        self._stopping = True
        for task in self._tasks - self._busy:
            task.cancel()
        try:
            if self._busy:
                await asyncio.wait(self._busy, timeout=timeout_s)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        me = asyncio.current_task()
        assert me is not None  # noqa: S101 - always so inside a task
        while not self._stopping:
            async with self._queue.take(self._topic) as item:
                self._busy.add(me)
                try:
                    await self._handle(item)
                except NewsbotError as error:  # a full disk, say: its words tell more than a traceback
                    log.error("work failed", topic=self._topic, id=item, reason=str(error))
                except Exception:  # the workers' boundary: one feed or delivery must not stop the others
                    log.exception("work failed", topic=self._topic, id=item)
                finally:
                    self._busy.discard(me)


@asynccontextmanager
async def working(roles: Roles) -> AsyncIterator[None]:
    """Run all roles inside the block; leaving it drains them."""

    async def poll(item: str) -> object:
        return await roles.poller.poll(FeedId(int(item)))

    async def deliver(item: str) -> object:
        return await roles.deliverer.deliver(DeliveryId(item))

    crews = (
        Crew(roles.queue, POLL_TOPIC, poll, roles.poll_workers),
        Crew(roles.queue, DELIVER_TOPIC, deliver, roles.deliver_workers),
    )
    scheduler = _scheduler(roles)
    for crew in crews:
        crew.start()
    scheduler.start()
    watches = [asyncio.create_task(mind_the_clock(scheduler, roles.ticks.clock))]
    watches += [
        asyncio.create_task(attend(name, listen, roles.ticks.clock), name=name)
        for name, listen in roles.listeners.items()
    ]
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        try:
            await asyncio.gather(*(crew.stop(DRAIN_S) for crew in crews))
        finally:  # also when a second signal cuts the draining short
            await _guarded(roles.ticks.rest)


async def attend(name: str, listen: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Have a listener listen; one that fails begins anew after a pause, one whose input has ended does not."""
    pause_s = SHORTEST_PAUSE_S
    while True:
        began = clock.now()
        try:
            return await listen()
        except NewsbotError as error:
            log.error("cannot hear what people say", chat=name, reason=str(error), again_in_s=pause_s)
        except Exception:  # the listeners' boundary: one platform's library must not end the others
            log.exception("cannot hear what people say", chat=name, again_in_s=pause_s)
        await clock.sleep(pause_s)
        lasted_s = (clock.now() - began).total_seconds()
        pause_s = SHORTEST_PAUSE_S if lasted_s > 2 * LONGEST_PAUSE_S else min(2 * pause_s, LONGEST_PAUSE_S)


def _scheduler(roles: Roles) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    first = datetime.now(UTC)
    for step, seconds in (
        (roles.ticks.polls, roles.tick_s),
        (roles.ticks.deliveries, roles.tick_s / 2),
        (roles.ticks.upkeep, roles.upkeep_s),
    ):
        scheduler.add_job(
            _guarded, "interval", seconds=seconds, args=(step,), next_run_time=first, id=step.__name__
        )
    return scheduler


async def mind_the_clock(scheduler: AsyncIOScheduler, clock: Clock) -> None:
    """Have the ticks go on at once when the clock was set back: the scheduler would wait until it is as late again."""
    while True:
        before = clock.now()
        await clock.sleep(CLOCK_WATCH_S)
        if clock.now() < before:
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))


async def _guarded(step: Callable[[], Awaitable[object]]) -> None:
    """Run one tick; a tick that fails is logged and comes again."""
    try:
        await step()
    except asyncio.CancelledError:  # the scheduler is shut down; what the tick had not done is found again
        log.debug("tick cut short", tick=getattr(step, "__name__", repr(step)))
    except NewsbotError as error:  # a full disk today must not end the ticks for ever
        log.error("tick failed", tick=getattr(step, "__name__", repr(step)), reason=str(error))
    except Exception:  # the scheduler's boundary
        log.exception("tick failed", tick=getattr(step, "__name__", repr(step)))


class Stop:
    """The wish to end: the first signal asks for an orderly end, a later one for an end at once."""

    def __init__(self, end_at_once: Callable[[], object]) -> None:
        self._end_at_once = end_at_once
        self._asked = asyncio.Event()
        self._echo_over = False

    def signal(self) -> None:
        """Take one signal."""
        if self._echo_over:
            log.warning("stopping at once")
            self._end_at_once()
        elif not self._asked.is_set():
            log.info("stopping: finishing what is in hand")
            asyncio.get_running_loop().call_later(ECHO_S, self._end_echo)
            self._asked.set()

    async def asked(self) -> None:
        """Wait for the first signal."""
        await self._asked.wait()

    def _end_echo(self) -> None:
        self._echo_over = True
        log.info("still finishing what is in hand; a second signal ends it at once")


async def run_until_stopped(
    roles: Roles, reload: Callable[[], Awaitable[None]], ended: Awaitable[object] | None = None
) -> None:
    """Run until SIGTERM or SIGINT, or until something has ended, then drain; SIGHUP reloads.

    A second signal ends the draining at once.

    SIGHUP is also what a terminal says when it is closed: without the terminal that it was started in, this ends.
    """
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()
    assert main is not None  # noqa: S101 - always so inside a coroutine
    stop = Stop(main.cancel)
    reloads: set[asyncio.Task[None]] = set()
    at_terminal = os.isatty(STDOUT)

    def on_hangup() -> None:
        if at_terminal and not os.isatty(STDOUT):
            stop.signal()
            return
        task = asyncio.create_task(_guarded(reload))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.signal)
    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    async with working(roles):
        waits = [asyncio.ensure_future(wait) for wait in (stop.asked(), ended) if wait]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
