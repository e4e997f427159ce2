"""Every error the program raises on purpose, as one tree.

NewsbotError                 what happened, in words a reader can act on
├── UserError                something a person typed cannot be used
│   ├── QueryError           a keyword expression, with the place of the fault
│   ├── AddressError         a web or channel address
│   ├── LimitError           a workspace would have more than it may: `used`
│   └── NotFound             a name or id that is not there
├── ConfigError              the configuration cannot be read or contradicts itself
├── StaleDecision            what a decision was based on changed; read again and decide again
├── StoreError               the database failed: disk full, locked, damaged
└── OutsideError             somebody else's system failed: `retry_after_s`, `permanent`
    ├── FetchError           a feed's server did not give a document
    ├── ParseError           a document is not a feed that can be read
    └── ChatError            a chat platform did not take a message

Services branch on `permanent` and `retry_after_s`, never on a library's own exception types.
"""

from __future__ import annotations


class NewsbotError(Exception):
    """Anything newsbot raises on purpose; `str(error)` is fit for a user's eyes."""


class UserError(NewsbotError):
    """What a person typed cannot be used."""


class QueryError(UserError):
    """A keyword expression that cannot be read.

    `position` counts characters of what was typed, from 0; `suggestion` is a whole query to try instead;
    `typed` is the query itself, once the whole of it is known.
    """

    def __init__(self, message: str, position: int = 0, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion
        self.typed = ""


class AddressError(UserError):
    """A web address or channel address that cannot be used."""


class LimitError(UserError):
    """A workspace would have more of something than it may; `used` is how much it has."""

    def __init__(self, most: int, used: int) -> None:
        super().__init__(f"The limit here is {most:,}, and {used:,} are in use.")
        self.used = used


class NotFound(UserError):
    """A name or id that stands for nothing."""


class ConfigError(NewsbotError):
    """The configuration cannot be read; one line per fault."""


class StaleDecision(NewsbotError):
    """A subscription, a follow or a story changed after it was read: read again and decide again."""


class StoreError(NewsbotError):
    """The database failed: its disk is full, it is locked by another program, or it is damaged."""


class OutsideError(NewsbotError):
    """Another system failed.

    `reason` is a sentence for an operator; `permanent` says that trying again cannot help;
    `retry_after_s` is the wait in seconds that the other side asked for, if it did.
    """

    def __init__(self, reason: str, *, permanent: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after_s = retry_after_s


class FetchError(OutsideError):
    """A feed's server gave no document; `status` is the HTTP status where there was one."""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after_s: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(reason, permanent=permanent, retry_after_s=retry_after_s)
        self.status = status


class ParseError(OutsideError):
    """A document is not a feed that can be read."""


class ChatError(OutsideError):
    """A chat platform did not take a message.

    `ambiguous` says that the platform may have taken it all the same (the answer was lost).
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after_s: float | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(reason, permanent=permanent, retry_after_s=retry_after_s)
        self.ambiguous = ambiguous
