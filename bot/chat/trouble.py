"""What a platform's refusal means for the program: words for people, and what to do with the delivery."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp

from bot.errors import ChatError
from bot.ports import CheckResult

TOKEN_PAUSE_S = 900.0
"""A refused token is not offered again for so long: platforms ban an address that keeps on knocking."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be done, and what would help."""

    what: str
    remedy: str = ""
    permanent: bool = False
    retry_after_s: float | None = None
    ambiguous: bool = False
    everywhere: bool = False
    """True when no other channel would fare better before `retry_after_s` has passed."""

    def error(self) -> ChatError:
        """Return it as the error that services understand."""
        return ChatError(
            f"{self.what}. {self.remedy}." if self.remedy else f"{self.what}.",
            permanent=self.permanent,
            retry_after_s=self.retry_after_s,
            ambiguous=self.ambiguous,
        )

    def line(self, subject: str) -> CheckResult:
        """Return it as a line of `newsbot check`."""
        return CheckResult(subject, ok=False, detail=self.what, remedy=self.remedy)


def network_trouble(platform: str, error: Exception, timeout_s: float) -> Trouble:
    """Say what a failed connection means: unless it never came about, the message may stand there all the same."""
    remedy = f"If this lasts, look at this machine's connection and firewall, and at {_status_page(platform)}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return Trouble(f"{platform} cannot be reached", remedy)
    if isinstance(error, TimeoutError):
        return Trouble(f"{platform} did not answer within {timeout_s:g} s", remedy, ambiguous=True)
    return Trouble(f"{platform} closed the connection without an answer", remedy, ambiguous=True)


def server_error(platform: str, status: int) -> Trouble:
    """Say that the platform failed, perhaps after it had taken the message."""
    remedy = f"If this lasts, look at {_status_page(platform)}: only {platform} can mend it"
    return Trouble(f"{platform} had a fault of its own ({status})", remedy, ambiguous=True)


def _status_page(platform: str) -> str:
    return {"Slack": "https://slack-status.com", "Discord": "https://discordstatus.com"}.get(
        platform, f"{platform}'s own news"
    )


def too_fast(platform: str, retry_after_s: float, *, everywhere: bool = False) -> Trouble:
    """Say that the platform wants to be left alone for a while."""
    what = f"{platform} asks to wait {round(retry_after_s, 1):g} s before the next message"
    return Trouble(what, retry_after_s=retry_after_s, everywhere=everywhere)


class Pause:
    """Keeps every channel waiting while the whole platform refuses us, without asking it again."""

    def __init__(self) -> None:
        self._until_s = 0.0
        self._trouble: Trouble | None = None

    def heed(self, trouble: Trouble) -> None:
        """Remember trouble that concerns every channel."""
        if trouble.everywhere and trouble.retry_after_s:
            self._trouble = trouble
            self._until_s = asyncio.get_running_loop().time() + trouble.retry_after_s

    def check(self) -> None:
        """Raise ChatError while the pause lasts."""
        left_s = self._until_s - asyncio.get_running_loop().time()
        if self._trouble and left_s > 0:
            error = self._trouble.error()
            error.retry_after_s = left_s
            raise error
