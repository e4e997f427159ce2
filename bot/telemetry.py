"""Logging: one set-up for our own lines (structlog) and those of libraries, with secrets taken out of both.

`configure(...)` is called once, by the command line. Everybody else asks `structlog.get_logger()` and gives an
event in a few words with its data as keywords: `log.info("feed read", feed=7, new=3)`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

STARS = "***"

TOKENS = re.compile(
    r"""
      \b(?:xox[a-z](?:\.xox[a-z])?|xapp)-(?=[\w.-]*\d)[\w.-]{6,}              # Slack: xoxb-…, xoxe.xoxp-…, xapp-…
    | (?<![\w-])[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}                          # Discord bot token
    | (?<=://hooks\.slack\.com/)[^\s"'<>\\]+
    | (?<=discord\.com/api/webhooks/)[^\s"'<>\\]+
    | (?<=discordapp\.com/api/webhooks/)[^\s"'<>\\]+
    """,
    re.VERBOSE,
)
_USERINFO = re.compile(r"(?<=://)[^/\s\"'<>?#\\]*(?=@)")
_QUERY_VALUE = re.compile(
    r"""((?:[?&;]|%26|%3F)
         (?:[\w.-]*[_.-])?(?:api|access|auth|private|user|feed|rss)?
         (?:token|key|sig|signature|secret|password|passwd|pass|pwd|auth|credentials?)
         (?:=|%3D))[^&;\s"'<>#\\]+""",
    re.IGNORECASE | re.VERBOSE,
)
_HEADER = re.compile(r"((?:Bearer|Basic|Bot)\s+)(?=\S*[\d=])[\w+/=.~-]{8,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What could move a terminal's cursor or turn a line round: feeds put such things into titles."""
_PLAIN = (int, float, bool, type(None))
_SECRET_NAME = re.compile(r"token|secret|password|passwd|authorization|cookie|api_?key", re.IGNORECASE)
_LIBRARIES_AT = {
    "discord": logging.WARNING, "slack_sdk": logging.WARNING, "slack_bolt": logging.WARNING,
    "alembic": logging.WARNING, "apscheduler": logging.WARNING, "asyncio": logging.WARNING,
}  # fmt: skip
"""What libraries say below these levels helps only at level debug, and drowns our own lines."""
_ALIKE, _ALIKE_S = 3, 60.0
"""How many lines of one kind a person is shown, and within how many seconds."""
_MARKS = {
    "warning": ("\x1b[33m", "warning  "),
    "error": ("\x1b[1;31m", "error  "),
    "critical": ("\x1b[1;31m", "error  "),
}
_DIM, _PLAIN_AGAIN = "\x1b[2m", "\x1b[0m"


def redact(text: str) -> str:
    """Replace tokens, passwords in addresses and secret query values by stars."""
    text = TOKENS.sub(STARS, text)
    text = _USERINFO.sub(STARS, text)
    text = _QUERY_VALUE.sub(rf"\1{STARS}", text)
    return _HEADER.sub(rf"\1{STARS}", text)


@dataclass(frozen=True, slots=True)
class Redactor:
    """A structlog processor that leaves no secret in an event, whatever its shape."""

    secrets: tuple[str, ...] = ()
    """In the clear: those of this configuration, which need not look like a token."""

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {
            self.clean(key): STARS if _SECRET_NAME.search(key) else self.value(value)
            for key, value in event.items()
        }

    def clean(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, STARS)
        return redact(_CONTROL.sub("", text))

    def value(self, value: Any) -> Any:
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, dict):
            return {
                self.clean(str(k)): STARS if _SECRET_NAME.search(str(k)) else self.value(v)
                for k, v in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(item) for item in value]
        return self.clean(str(value))


@dataclass(slots=True)
class Brevity:
    """A structlog processor for a terminal, where alerts appear too: it keeps the log from drowning them.

    Of the daily work, what goes as it should is not told, and of many warnings alike only the first few are.
    """

    elapsed_s: Callable[[], float] = time.monotonic
    _shown: dict[str, deque[float]] = field(default_factory=dict)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        from structlog import DropEvent

        if method not in {"info", "warning"} or not str(event.get("logger", "")).startswith("bot.services"):
            return event
        if method == "info":
            raise DropEvent
        now, shown = self.elapsed_s(), self._shown.setdefault(str(event["event"]), deque(maxlen=_ALIKE + 1))
        if len(shown) <= _ALIKE or now - shown[0] > _ALIKE_S:
            shown.append(now)
        else:
            raise DropEvent
        recent = sum(1 for at in shown if now - at <= _ALIKE_S)
        if recent <= _ALIKE:
            return event
        told = {name: event[name] for name in ("level", "logger", "timestamp") if name in event}
        return {**told, "event": f"{event['event']}: more of these; newsbot status lists them"}


def configure(
    level: str = "info",
    style: str = "auto",
    *,
    stream: TextIO | None = None,
    secrets: Iterable[str] = (),
) -> None:
    """Send every log line of this process to `stream` (standard error), redacted.

    `style` is text, json, or auto: text on a terminal, JSON elsewhere.
    """
    import structlog

    stream = sys.stderr if stream is None else stream
    terminal = stream.isatty() and style != "json"
    text = style == "text" or terminal
    shared = _shared_processors()
    redactor = Redactor(tuple(sorted({s for s in secrets if len(s) >= 4}, key=len, reverse=True)))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            *([Brevity()] if terminal and level != "debug" else []),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,  # to text first: a traceback must pass the redactor too
                redactor,
                _for_a_person if terminal else _renderer(text=text),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name, least in _LIBRARIES_AT.items():
        logging.getLogger(name).setLevel(least if level != "debug" else logging.NOTSET)
    logging.captureWarnings(capture=True)


def _shared_processors() -> list[Processor]:
    import structlog

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderer(*, text: bool) -> Callable[..., str | bytes]:
    import structlog

    if not text:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


def _for_a_person(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Write a line as a terminal should show it: the local time, what happened and why, the rest dim."""
    colour, mark = _MARKS.get(event.pop("level", ""), ("", ""))
    at = datetime.fromisoformat(event.pop("timestamp")).astimezone()
    event.pop("logger", None)
    said, reason, trace = event.pop("event"), event.pop("reason", None), event.pop("exception", "")
    sentence = f"{mark}{said}: {reason}" if reason else f"{mark}{said}"
    details = "  ".join(f"{name}={value}" for name, value in event.items())
    lines = [(_DIM, f"{at:%H:%M:%S}  "), (colour, sentence), (_DIM, f"  {details}" if details else "")]
    coloured = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    line = "".join(
        f"{code}{part}{_PLAIN_AGAIN}" if coloured and code and part else part for code, part in lines
    )
    return f"{line}\n{trace}" if trace else line
