"""The kinds of value that settings have, beside plain numbers and text.

Each reads what a person writes and raises a sentence about it. Lists may also be one text with commas, which
is how the environment gives them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.domain.model import ChannelAddress
from bot.domain.query import parse_query
from bot.domain.urls import feed_url
from bot.errors import UserError
from bot.telemetry import redact

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION_PART = r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])\s*"
_SIZES = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2}
_T = TypeVar("_T")


def _said(read: Callable[[Any], _T]) -> Callable[[Any], _T]:
    """Turn the errors that a reader raises into ones that keep their sentence."""

    @wraps(read)
    def reading(value: Any) -> _T:
        try:
            return read(value)
        except (UserError, ValueError) as error:
            raise PydanticCustomError("said", "{sentence}", {"sentence": str(error)}) from None

    return reading


@_said
def read_duration(value: Any) -> timedelta:
    """Read "90s", "5m", "1h 30m", "48h" or "90d"; a number alone is refused, for its unit is a guess."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if re.fullmatch(rf"(?:{_DURATION_PART})+", text):
        return timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in re.findall(_DURATION_PART, text)))
    if re.fullmatch(r"\d+(\.\d+)?", text):
        raise ValueError(
            f'should be a length of time with its unit: "{text}s", "{text}m", "{text}h" or "{text}d"'
        )
    raise ValueError(f'should be a length of time, like "30s", "5m", "48h" or "90d", not {shown(value)}')


@_said
def read_size(value: Any) -> int:
    """Read 5000000, "5 MB" or "512 KiB" as a number of bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kKMG]?i?B)?", str(value).strip())
    if isinstance(value, bool) or not found or (found[2] or "B") not in _SIZES:
        raise ValueError(f'should be a size, like "5 MB", not {shown(value)}')
    return int(float(found[1]) * _SIZES[found[2] or "B"])


@_said
def read_network(value: Any) -> IPv4Network | IPv6Network:
    """Read "10.0.0.0/8" or a single address."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    try:
        return ip_network(str(value), strict=False)
    except ValueError:
        raise ValueError(f'should be a network, like "10.0.0.0/8" or "::1", not {shown(value)}') from None


@_said
def read_workspace(value: Any) -> tuple[str, str]:
    """Read "slack:T1", "discord:123" or "console" as platform and id."""
    if isinstance(value, tuple | list) and len(value) == 2:
        return str(value[0]), str(value[1])
    platform, _, name = str(value).partition(":")
    if platform == "console" and not name:
        return platform, "local"
    if not (platform and name) or "/" in name:
        raise ValueError(
            f'should be a workspace, like "slack:T0123", "discord:81384788" or "console", not {shown(value)}'
        )
    return platform, name


@_said
def read_channel(value: Any) -> ChannelAddress:
    return value if isinstance(value, ChannelAddress) else ChannelAddress.parse(str(value))


@_said
def read_feed_url(value: Any) -> str:
    return feed_url(str(value))


def read_query(value: Any, info: ValidationInfo) -> str:
    """Read a keyword expression; the context of the validation holds the terms that it may use."""
    terms: Mapping[str, str] = info.context or {}

    @_said
    def reading(value: Any) -> str:
        parse_query(str(value), terms)
        return str(value).strip()

    return reading(value)


@_said
def read_base_url(value: Any) -> str:
    """Read the address of a platform's interface; it ends in a slash ever after."""
    parts = urlsplit(str(value).strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f'should be a web address, like "https://slack.com/api/", not {shown(value)}')
    return parts.geturl().rstrip("/") + "/"


@_said
def read_gateway_url(value: Any) -> str:
    text = str(value).strip()
    parts = urlsplit(text)
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise ValueError(f'should be an address like "wss://gateway.discord.gg/", not {shown(value)}')
    return text


@_said
def read_command(value: Any) -> str:
    """Read the name under which commands are typed; it is kept without its slash."""
    name = str(value).strip().removeprefix("/")
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", name):
        raise ValueError(f'should be a word of small letters, like "news", not {shown(value)}')
    return name


@_said
def read_team(value: Any) -> str:
    name = str(value).strip().removeprefix("slack:")
    if not re.fullmatch(r"[TE][A-Z0-9]+", name):
        raise ValueError(f'should be the id of a Slack workspace, like "T0123ABCD", not {shown(value)}')
    return name


@_said
def read_host_address(value: Any) -> str:
    try:
        return str(ip_address(str(value).strip()))
    except ValueError:
        raise ValueError(
            f'should be an address of this machine, like "127.0.0.1" or "0.0.0.0", not {shown(value)}'
        ) from None


@_said
def read_store_url(value: Any) -> str:
    scheme, separator, rest = str(value).partition("://")
    if not separator or not rest.strip("/") or scheme not in {"sqlite", "postgresql"}:
        raise ValueError('should be the address of a database, like "sqlite:///newsbot.db"')
    if ":memory:" in rest:
        raise ValueError("should be a file: what newsbot remembers must outlive a restart")
    return str(value)


def split_commas(value: Any) -> Any:
    """Read one text with commas as the list it stands for."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def shown(value: Any) -> str:
    """Return a value as an error may show it: short, in quotes if it is text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list | tuple):
        return "a list"
    text = redact(str(value))
    text = text if len(text) <= 60 else text[:59] + "…"
    return f"“{text}”" if isinstance(value, str) else text


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
SomeTime = Annotated[timedelta, BeforeValidator(read_duration), Field(gt=timedelta(0))]
"""A duration that is more than nothing."""
Size = Annotated[int, BeforeValidator(read_size)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(read_network)]
WorkspaceName = Annotated[tuple[str, str], BeforeValidator(read_workspace)]
ChannelName = Annotated[ChannelAddress, BeforeValidator(read_channel)]
FeedUrl = Annotated[str, BeforeValidator(read_feed_url)]
QueryText = Annotated[str, BeforeValidator(read_query)]
BaseUrl = Annotated[str, BeforeValidator(read_base_url)]
GatewayUrl = Annotated[str, BeforeValidator(read_gateway_url)]
CommandName = Annotated[str, BeforeValidator(read_command)]
TeamId = Annotated[str, BeforeValidator(read_team)]
HostAddress = Annotated[str, BeforeValidator(read_host_address)]
StoreUrl = Annotated[str, BeforeValidator(read_store_url)]
SplitCommas = BeforeValidator(split_commas)
