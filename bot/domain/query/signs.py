"""What people type, with its signs made plain: smart quotes, full-width signs, `&amp;`, dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PLAIN = {
    **dict.fromkeys("“”„‟«»＂「」『』〝〞〟❝❞", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("，、،﹐､", ","),
    **{chr(0xFEE0 + ord(sign)): sign for sign in "()=:*@$#+&;|/'"},
    **dict.fromkeys("\t\v\f\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\r\x85\u2028\u2029", "\n"),
}  # fmt: skip
_ENTITIES = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&apos;": "'",
    "&nbsp;": " ",
}
_UNIT = re.compile(r"&(?:amp|lt|gt|quot|#39|apos|nbsp);|\r\n|.", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """A query's characters with plain signs, and where in the typed text each of them stands."""

    text: str
    plain: str
    at: tuple[int, ...]
    """For each character of `plain`, and for its end, the position in `text`."""

    def original(self, start: int, end: int) -> str:
        """Return what was typed for the plain characters `start` to `end`."""
        return self.text[self.at[start] : self.at[end]]

    def replaced(self, start: int, end: int, by: str) -> str:
        """Return the typed text with some plain characters replaced."""
        changed = self.text[: self.at[start]] + by + self.text[self.at[end] :]
        return re.sub(r"[ \t]+", " ", changed).strip()


def read_signs(text: str) -> Typed:
    """Make a typed query's signs plain; every character keeps its position."""
    units = list(_units(text))
    return Typed(text, "".join(sign for sign, _ in units), (*(at for _, at in units), len(text)))


def _units(text: str) -> Iterator[tuple[str, int]]:
    for found in _UNIT.finditer(text):
        unit = found.group()
        yield _ENTITIES.get(unit.lower()) or _PLAIN.get(unit[0], unit[0]), found.start()
