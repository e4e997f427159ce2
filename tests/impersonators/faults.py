"""Failures that a server performs on request: what platforms really do on a bad day.

A fault says two things: whether the request is *accepted* first (the message then stands in the channel), and what the
caller gets: an answer, a refusal, a cut connection, or nothing at all.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Outcome = Literal["answer", "refuse", "hang", "cut"]
Scope = Literal["user", "global", "shared"]


class Request(Protocol):
    """What a plan must know of a request to choose a fault for it."""

    @property
    def posts(self) -> bool:
        """Say whether the request asks for a new message."""


When = Callable[[Any], bool]


def posting(request: Request) -> bool:
    """Match the requests that ask for a new message, and nothing else."""
    return request.posts


def anything(_request: Request) -> bool:
    """Match every request."""
    return True


def calling(*operations: str) -> When:
    """Match the requests of some methods: `views.open`, or `response_url`."""
    return lambda request: request.operation in operations


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour; made by the functions below."""

    name: str
    outcome: Outcome
    accepts: bool = False
    status: int = 500
    retry_after_s: float = 0.0
    scope: Scope = "user"
    delay_s: float = 0.0
    gate: asyncio.Event | None = None


def rate_limited(retry_after_s: float = 1.0, scope: Scope = "user") -> Fault:
    """Answer 429 in the platform's own manner; the message is not accepted."""
    return Fault("rate_limited", "refuse", status=429, retry_after_s=retry_after_s, scope=scope)


def banned(retry_after_s: float = 0.0) -> Fault:
    """Answer 429 in the words of the proxy before the platform, with or without a time to wait."""
    return Fault("banned", "refuse", status=429, retry_after_s=retry_after_s)


def broken(status: int = 503) -> Fault:
    """Answer a server error before accepting anything."""
    return Fault("broken", "refuse", status=status)


def lost_reply(status: int = 502) -> Fault:
    """Accept the request, then answer a server error: the caller cannot know that it worked."""
    return Fault("lost_reply", "refuse", accepts=True, status=status)


def hang(*, accepted: bool = False) -> Fault:
    """Never answer; the connection stays open until the server stops or the caller gives up."""
    return Fault("hang", "hang", accepts=accepted)


def cut(*, accepted: bool = False) -> Fault:
    """Close the connection without an answer."""
    return Fault("cut", "cut", accepts=accepted)


def slow(delay_s: float = 0.0, gate: asyncio.Event | None = None) -> Fault:
    """Answer properly, but only after `delay_s` of real time and once `gate` (if any) is set."""
    return Fault("slow", "answer", delay_s=delay_s, gate=gate)


def slow_reply(delay_s: float = 0.0, gate: asyncio.Event | None = None) -> Fault:
    """Accept at once, and answer late: the window in which a killed caller has sent but does not know."""
    return Fault("slow_reply", "answer", accepts=True, delay_s=delay_s, gate=gate)


_BY_NAME: Mapping[str, Callable[..., Fault]] = {
    "rate_limited": rate_limited,
    "banned": banned,
    "broken": broken,
    "lost_reply": lost_reply,
    "hang": hang,
    "cut": cut,
    "slow": slow,
    "slow_reply": slow_reply,
}


@dataclass(slots=True)
class _Script:
    fault: Fault
    left: int
    when: When


@dataclass(frozen=True, slots=True)
class _Chance:
    faults: tuple[Fault, ...]
    chance: float
    dice: random.Random
    when: When


class FaultPlan:
    """Which request meets which fault: scripted ones first and in order, then the random ones."""

    def __init__(self) -> None:
        self._scripts: list[_Script] = []
        self._chances: list[_Chance] = []

    def next(self, *faults: Fault, times: int = 1, when: When = posting) -> None:
        """Let the next matching requests meet these faults one after another, each `times` times."""
        self._scripts.extend(_Script(fault, times, when) for fault in faults)

    def randomly(self, *faults: Fault, chance: float, seed: int, when: When = posting) -> None:
        """Let every matching request meet one of the faults with this chance, from a seeded source."""
        self._chances.append(_Chance(faults, chance, random.Random(seed), when))

    def clear(self) -> None:
        """Behave well from now on."""
        self._scripts.clear()
        self._chances.clear()

    def pick(self, request: Request) -> Fault | None:
        """Return the fault that this request meets and count it as used, or None."""
        for script in self._scripts:
            if script.left and script.when(request):
                script.left -= 1
                return script.fault
        for rule in self._chances:
            if rule.when(request) and rule.dice.random() < rule.chance:
                return rule.dice.choice(rule.faults)
        return None

    def load(self, document: Iterable[Mapping[str, Any]]) -> None:
        """Add faults written as data, so that another process can order them.

        `{"fault": "rate_limited", "retry_after_s": 2, "times": 3}` is scripted; with `"chance": 0.1, "seed": 7` it is
        random. `"any_request": true` applies it to every request rather than only to new messages.
        """
        for row in document:
            entry = dict(row)
            make = _BY_NAME[entry.pop("fault")]
            when = anything if entry.pop("any_request", False) else posting
            times, chance, seed = entry.pop("times", 1), entry.pop("chance", None), entry.pop("seed", 0)
            if chance is None:
                self.next(make(**entry), times=times, when=when)
            else:
                self.randomly(make(**entry), chance=chance, seed=seed, when=when)
