"""What Discord refuses in a message body, worded as its `50035 Invalid Form Body`.

The written rules stand alone; where Discord's own OpenAPI document is at hand (`discord_schema`), it is asked too.
Lengths are counted in UTF-16 units, the stricter of the two ways in which Discord may count.
https://docs.discord.com/developers/resources/message
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

CONTENT_LIMIT = 2000
EMBEDS_LIMIT = 10
TOTAL_LIMIT = 6000
FIELDS_LIMIT = 25
NONCE_LIMIT = 25
URL_LIMIT = 2048

Json = Mapping[str, Any]
Fault = tuple[str, str, str]
"""A dotted place, Discord's code for the fault, and its words."""
Faults = Iterator[Fault]

_MESSAGE_KEYS = frozenset(
    {"content", "nonce", "enforce_nonce", "tts", "embeds", "allowed_mentions", "message_reference"}
    | {"components", "sticker_ids", "attachments", "flags", "poll", "files"}
)
_EMBED_KEYS = frozenset(
    {"title", "type", "description", "url", "timestamp", "color", "author", "footer", "fields"}
    | {"image", "thumbnail", "video", "provider"}
    # Not in the documentation; discord.py sends it as 0.
    | {"flags"}
)
_PART_KEYS = {
    "footer": frozenset({"text", "icon_url"}),
    "author": frozenset({"name", "url", "icon_url"}),
    "image": frozenset({"url"}),
    "thumbnail": frozenset({"url"}),
}
_EMBED_LIMITS = {"title": 256, "description": 4096}
_PART_LIMITS = {"footer": ("text", 2048), "author": ("name", 256)}


def length(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def message_faults(body: Json) -> list[Fault]:
    """Return everything that Discord would refuse of a message body."""
    embeds = body.get("embeds") or []
    faults = [*_unknown(body, _MESSAGE_KEYS, ""), *_plain_values(body)]
    if len(embeds) > EMBEDS_LIMIT:
        faults.append(("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS_LIMIT} or fewer in length."))
    for index, embed in enumerate(embeds):
        faults += _embed(embed, f"embeds.{index}")
    if sum(map(embed_length, embeds)) > TOTAL_LIMIT:
        faults.append(
            ("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {TOTAL_LIMIT}")
        )
    return faults


def is_empty(body: Json) -> bool:
    """Say whether a message has nothing to show, which Discord words as error 50006."""
    contents = ("content", "embeds", "sticker_ids", "components", "poll", "files")
    return not any(body.get(key) for key in contents)


def embed_length(embed: Json) -> int:
    """Count what goes into the 6,000 characters over all embeds of a message."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get(part) or {}).get(key) for part, (key, _) in _PART_LIMITS.items()]
    texts += [field.get(key) for field in embed.get("fields") or () for key in ("name", "value")]
    return sum(length(text) for text in texts if isinstance(text, str))


def _plain_values(body: Json) -> Faults:
    yield from _text(body, "content", CONTENT_LIMIT, "", required=False)
    nonce = body.get("nonce")
    if isinstance(nonce, str) and length(nonce) > NONCE_LIMIT:
        yield "nonce", "NONCE_TYPE_STRING_TOO_LONG", f"Must be {NONCE_LIMIT} or fewer in length."
    allowed = body.get("allowed_mentions") or {}
    for kind in allowed.get("parse") or ():
        if kind not in {"roles", "users", "everyone"}:
            yield (
                "allowed_mentions.parse",
                "BASE_TYPE_CHOICES",
                "Value must be one of {'roles', 'users', 'everyone'}.",
            )
        elif allowed.get(kind):
            yield (
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f"parse and {kind} are exclusive.",
            )


def _unknown(part: Json, allowed: frozenset[str], at: str) -> Faults:
    # Discord ignores unknown keys; here they are refused, because a word that is ignored was meant to do something.
    for key in sorted(set(part) - allowed):
        yield _join(at, key), "UNKNOWN_KEY", "Unknown key."


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _text(part: Json, key: str, limit: int, at: str, *, required: bool = True) -> Faults:
    text = part.get(key)
    if text in (None, ""):
        if required:
            yield _join(at, key), "BASE_TYPE_REQUIRED", "This field is required"
    elif not isinstance(text, str):
        yield _join(at, key), "STRING_TYPE_CONVERT", "Could not interpret as string."
    elif length(text) > limit:
        yield _join(at, key), "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."


def _embed(embed: Json, at: str) -> Faults:
    yield from _unknown(embed, _EMBED_KEYS, at)
    for key, limit in _EMBED_LIMITS.items():
        yield from _text(embed, key, limit, at, required=False)
    yield from _address(embed, "url", at)
    yield from _time_and_colour(embed, at)
    for part, keys in _PART_KEYS.items():
        if part in embed:
            yield from _part(embed[part], part, keys, f"{at}.{part}")
    fields = embed.get("fields") or []
    if len(fields) > FIELDS_LIMIT:
        yield f"{at}.fields", "BASE_TYPE_MAX_LENGTH", f"Must be {FIELDS_LIMIT} or fewer in length."
    for index, field in enumerate(fields):
        yield from _unknown(field, frozenset({"name", "value", "inline"}), f"{at}.fields.{index}")
        yield from _text(field, "name", 256, f"{at}.fields.{index}")
        yield from _text(field, "value", 1024, f"{at}.fields.{index}")


def _part(part: Json, name: str, keys: frozenset[str], at: str) -> Faults:
    yield from _unknown(part, keys, at)
    if name in _PART_LIMITS:
        yield from _text(part, *_PART_LIMITS[name], at)
    elif not part.get("url"):
        yield f"{at}.url", "BASE_TYPE_REQUIRED", "This field is required"
    for key in ("url", "icon_url"):
        yield from _address(part, key, at)


def _address(part: Json, key: str, at: str) -> Faults:
    url = part.get(key)
    if url is None:
        return
    parts = urlsplit(str(url))
    if parts.scheme not in {"http", "https"}:
        words = f"Scheme \"{parts.scheme}\" is not supported. Scheme must be one of ('http', 'https')."
        yield _join(at, key), "URL_TYPE_INVALID_SCHEME", words
    elif not parts.hostname or any(char.isspace() for char in str(url)):
        yield _join(at, key), "URL_TYPE_INVALID_URL", "Not a well formed URL."
    elif length(str(url)) > URL_LIMIT:
        yield _join(at, key), "BASE_TYPE_MAX_LENGTH", f"Must be {URL_LIMIT} or fewer in length."


def _time_and_colour(embed: Json, at: str) -> Faults:
    colour = embed.get("color")
    if colour is not None and not (isinstance(colour, int) and 0 <= colour <= 0xFFFFFF):
        yield f"{at}.color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215."
    try:
        datetime.fromisoformat(embed.get("timestamp") or "2000-01-01T00:00:00Z")
    except (ValueError, TypeError):
        yield f"{at}.timestamp", "DATE_TIME_TYPE_PARSE", "Could not parse. Should be ISO8601."


def refused_urls(body: Json, urls: set[str]) -> Faults:
    """Return the places of addresses that Discord will not have."""
    for index, embed in enumerate(body.get("embeds") or ()):
        for name, part in embed.items():
            for key, value in part.items() if isinstance(part, dict) else ():
                if value in urls:
                    yield f"embeds.{index}.{name}.{key}", "URL_TYPE_INVALID_URL", "Not a well formed URL."
