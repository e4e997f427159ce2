"""Outside text made harmless for each platform, and cut to length without cutting through a character or an escape.

Headlines, names and excerpts come from feeds, that is from anybody. `clean` takes out what is invisible or moves the
cursor; the platform functions make markup inert; `fit` shortens until the escaped text is short enough.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from urllib.parse import quote, urlsplit, urlunsplit

from bot.domain.message import Run, Text, plain

ELLIPSIS = "…"
_JOINERS = "\u200c\u200d"
"""Zero-width, but part of Persian and Indic spelling and of emoji families."""
_ZERO_WIDTH = "\u200b"
"""Ours: put where it breaks a mention or an emoji code."""
_KEPT_IN_URLS = "%/?#@!$&'()*+,;=:~-._[]"
_BREAK_WITHIN = 40
"""How far before a cut a space is looked for, characters."""


_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
"""Control characters, formats without a shape of their own, fillers, lone surrogates and private use."""
_LOOSE_JOINER = re.compile(rf"(?<![^\x00-\x7f])[{_JOINERS}]|[{_JOINERS}](?![^\x00-\x7f])")
"""A joiner beside ASCII, which cannot be joined: there it only hides."""
_RAW_PER_LIMIT = 8
"""Characters looked at for each that may be shown, so that a book in place of a headline costs nothing."""


def length(text: str) -> int:
    """Count UTF-16 units, the strictest count of any platform."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return text on one line without control, bidirectional, zero-width and private characters, in NFC."""
    visible = _INVISIBLE.sub("", re.sub(r"\s", " ", text))
    joined = _LOOSE_JOINER.sub("", unicodedata.normalize("NFC", visible))
    return re.sub(" +", " ", unicodedata.normalize("NFC", joined))


# ---------------------------------------------------------------- Discord


def discord_markdown(text: str) -> str:
    """Escape text for a place where Discord reads markdown: title, description, field."""
    escaped = re.sub(r"([\\`*_~|>#\-+\[\]()<:@])", r"\\\1", clean(text))
    escaped = re.sub(r"^(\s*\d+)\.", r"\1\\.", escaped)
    # A backslash does not stop a mention, a character between the @ and the name does.
    return escaped.replace("@", f"@{_ZERO_WIDTH}")


# ---------------------------------------------------------------- Slack

_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})


def slack_mrkdwn(text: str) -> str:
    """Escape text for a place where Slack reads mrkdwn, which knows no escape for its own marks.

    Marks that could format become characters that look alike; an underscore inside a word stays.
    """
    text = clean(text).translate(_LOOKALIKES)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", "ˍ", text)
    text = re.sub(r"^(\s*)>", r"\1›", text)
    text = re.sub(r":(?=[\w+'-]+:)", f":{_ZERO_WIDTH}", text)
    return slack_entities(text)


def slack_entities(text: str) -> str:
    """Replace the three characters that control Slack's text, the ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_link(url: str, label: str) -> str:
    """Return a link whose label is already escaped."""
    return f"<{slack_entities(url)}|{label.replace('|', '¦')}>"


# ---------------------------------------------------------------- links


def web_url(url: str | None, limit: int) -> str | None:
    """Return an http(s) address in ASCII that cannot break out of any markup, or None when it is none or too long.

    A user name before the host is left out: it makes one site look like another.
    """
    if not url or re.search(r"[\s\x00-\x1f\x7f-\x9f\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in {"http", "https"} or not host or not re.fullmatch(r"[\w.:-]+", host):
        return None
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    # Slack ends a link at > and a label at |; quotes and backticks have no place in an address either.
    path, query, fragment = (_quoted(part) for part in (parts.path, parts.query, parts.fragment))
    safe = urlunsplit((parts.scheme, netloc, path, query, fragment))
    return safe if length(slack_entities(safe)) <= limit else None


def _quoted(part: str) -> str:
    return quote(part.encode("utf-8", "ignore"), safe=_KEPT_IN_URLS)


# ---------------------------------------------------------------- length


def fit(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """Return as much of a text as fits, escaped, with … where it was cut."""
    return fit_runs((Run(text),), limit, lambda runs: escape(plain(runs)))


def fit_runs(text: Text, limit: int, render: Callable[[Text], str]) -> str:
    """Return as much of a marked text as `render` keeps within a limit, with … where it was cut."""
    tidy = tidy_runs(tuple(Run(run.text[: limit * _RAW_PER_LIMIT + 1], run.marked) for run in text))
    whole = render(tidy)
    if length(whole) <= limit:
        return whole
    # Rendering never makes a clean text shorter, so nothing beyond `limit` characters can fit.
    sizes = range(limit)
    count = bisect_right(sizes, limit, key=lambda size: length(render(cut_runs(tidy, size)))) - 1
    return render(cut_runs(tidy, count)) if count >= 0 else ""


def tidy_runs(text: Text) -> Text:
    """Clean every run, trim the ends, and join neighbours that are marked alike."""
    joined: list[Run] = []
    for run in text:
        words = clean(run.text)
        if joined and joined[-1].marked == run.marked:
            words = joined.pop().text + words
        joined.append(Run(words, run.marked))
    if joined:
        joined[0] = Run(joined[0].text.lstrip(), joined[0].marked)
        joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].marked)
    return tuple(run for run in joined if run.text)


def cut_runs(text: Text, size: int) -> Text:
    """Return at most `size` characters and …, cutting between characters as a reader sees them."""
    end = _cut_place(plain(text), size)
    kept: list[Run] = []
    for run in text:
        piece = run.text[: max(0, end)]
        end -= len(run.text)
        if piece:
            kept.append(Run(piece, run.marked))
    return (*kept, Run(ELLIPSIS))


def _cut_place(text: str, size: int) -> int:
    """Return where to cut: at a space if one is near, else before a whole character."""
    if size >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, size - _BREAK_WITHIN), size + 1)
    if space > 0:
        return space
    place = size
    while place > 0 and _continues(text, place):
        place -= 1
    return place or size


def _continues(text: str, place: int) -> bool:
    """Say whether a cut here would part a character from its accents, skin tone, joiner or second flag letter."""
    char, before = text[place], text[place - 1]
    if unicodedata.category(char)[0] == "M" or char in _JOINERS or before in _JOINERS:
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return _is_flag_letter(char) and _flag_letters_before(text, place) % 2 == 1


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, place: int) -> int:
    count = 0
    while place > count and _is_flag_letter(text[place - count - 1]):
        count += 1
    return count
