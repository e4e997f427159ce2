"""Many callers, one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Round(Generic[A, R]):
    items: list[A]
    task: asyncio.Task[Sequence[R | BaseException]]


class Gathered(Generic[A, R]):
    """Hands the items of all who call while the last round is under way to one call of `work`.

    `work` answers for each item in the order given, or raises and has done nothing; then each item is tried
    alone, so that nobody gets another's error. A caller that is cancelled leaves its item in the round.
    """

    def __init__(self, work: Callable[[Sequence[A]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._gathering: _Round[A, R] | None = None

    async def __call__(self, item: A) -> R:
        if self._gathering is None:
            items: list[A] = []
            self._gathering = _Round(items, asyncio.create_task(self._run(items)))
        joined = self._gathering
        place = len(joined.items)
        joined.items.append(item)
        answer = (await asyncio.shield(joined.task))[place]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def _run(self, items: list[A]) -> Sequence[R | BaseException]:
        async with self._turn:
            self._gathering = None
            return await self._together(items)

    async def _together(self, items: Sequence[A]) -> Sequence[R | BaseException]:
        (answers,) = await asyncio.gather(self._work(items), return_exceptions=True)
        if not isinstance(answers, BaseException):
            return answers
        if len(items) == 1:
            return [answers]
        return [answer for item in items for answer in await self._together([item])]
