"""Random queries and articles that often meet and often almost do.

A round has a handful of phrases, from the words of one script. Its queries are made of them by the grammar, its
articles by writing them down with changes: a word more, a hyphen, another case, a plural, a blank line between.
`rounds()` is the same for hypothesis.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from tests.oracle.meaning import Article
from tests.oracle.vocabulary import FILLERS, HOSTS, LANGUAGES, SCRIPTS, Script

NOW = datetime(2018, 9, 14, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Round:
    """Every query is asked about every article."""

    script: str
    queries: tuple[str, ...]
    articles: tuple[Article, ...]
    terms: tuple[tuple[str, str], ...]


def make_round(rng: Random, queries: int = 6, articles: int = 5) -> Round:
    """Return a random round of so many queries and articles."""
    script = rng.choice(SCRIPTS)
    phrases = _phrases(rng, script)
    writer = _QueryWriter(rng, script, phrases)
    terms = (("kim", writer.alternatives(0)), ("both", f"@kim, {writer.parts(0)}"))
    return Round(
        script.name,
        tuple(writer.query() for _ in range(queries)),
        tuple(_article(rng, script, phrases) for _ in range(articles)),
        terms,
    )


def rounds() -> st.SearchStrategy[Round]:
    """Return the strategy that makes small rounds."""
    return st.builds(make_round, st.randoms(use_true_random=False), st.just(2), st.just(1))


Phrase = tuple[str, ...]


def _phrases(rng: Random, script: Script) -> list[Phrase]:
    """Return phrases over few words, so that they share some."""
    words = rng.sample(script.words, min(7, len(script.words)))
    if rng.random() < 0.3:
        words += rng.sample(rng.choice(SCRIPTS).words, 2)
    return [
        tuple(rng.choice(words) for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 2, 3, 3, 5)))) for _ in range(6)
    ]


# ---------------------------------------------------------------- queries


@dataclass(slots=True)
class _QueryWriter:
    """Writes queries as people type them."""

    rng: Random
    script: Script
    phrases: Sequence[Phrase]

    def query(self) -> str:
        typed = self.alternatives(2)
        if self.chance(0.05):
            typed = "- " + typed
        if self.chance(0.05):
            typed = typed.replace(", ", "，").replace("(", "（").replace(")", "）")
        return typed.replace("&", "&amp;") if self.chance(0.1) else typed

    def alternatives(self, depth: int) -> str:
        count = self.rng.choice((1, 1, 1, 2, 2, 3))
        separator = self.rng.choice((", ", ", ", " OR ", "\n", "\n- ", " ,", ",", "\n\n• "))
        return separator.join(self.parts(depth) for _ in range(count))

    def parts(self, depth: int) -> str:
        typed = self.near(depth)
        while self.chance(0.4):
            joint = self.rng.choice(
                (" AND ", " AND ", " ", " -", " NOT ", " AND NOT ", " AND -", " +", " –", " - ")
            )
            typed += joint + self.near(depth)
        return typed

    def near(self, depth: int) -> str:
        if self.chance(0.88):
            return self.part(depth)
        typed = self.placed()
        while self.chance(0.3) or "NEAR" not in typed:
            typed += f" NEAR/{self.rng.randint(1, 5)} {self.placed()}"
        return typed

    def placed(self) -> str:
        """Return something that stands at a place of a text."""
        makers = (self.bare, self.bare, self.quoted, self.exact, lambda: f"({self.bare()}, {self.quoted()})")
        return self.rng.choice(makers)()

    def part(self, depth: int) -> str:
        makers = [self.bare] * 8 + [self.quoted] * 3 + [self.exact, self.fielded, self.fact]
        if depth:
            makers += [lambda: f"({self.alternatives(depth - 1)})"] * 3
            makers += [lambda: self.rng.choice(("@kim", "$kim", "@both"))]
            makers += [lambda: f"{self.text_field()}:({self.alternatives(depth - 1)})"]
        return self.rng.choice(makers)()

    def bare(self) -> str:
        return " ".join(self.words(prefixes=True).replace("@", "").split("\n"))

    def quoted(self) -> str:
        opening, closing = self.rng.choice(('""', '""', "“”", "„“", "«»", "＂＂"))
        return f"{opening}{self.words()}{closing}"

    def exact(self) -> str:
        if self.chance(0.3):
            return f'="{self.gap().join(self.rng.choice(self.phrases))}"'
        return "=" + self.rng.choice(self.rng.choice(self.phrases))

    def fielded(self) -> str:
        return f"{self.text_field()}:{self.rng.choice((self.bare, self.quoted))()}"

    def fact(self) -> str:
        site = self.rng.choice(HOSTS) or "example.org"
        language = self.rng.choice(LANGUAGES) or "de"
        date = self.rng.choice(("after:2d", "before:6h", "after:1w", "after:2018-09-13", "before:2018-09-10"))
        either = f"site:({site}, {self.rng.choice(HOSTS) or 'example.org'})"
        return self.rng.choice((f"site:{site}", either, f"lang:{language}", date))

    def text_field(self) -> str:
        return self.rng.choice(("title", "title", "body", "body", "author", "tag", "source"))

    def words(self, *, prefixes: bool = False) -> str:
        typed = [_retyped(self.rng, word) for word in self.rng.choice(self.phrases)]
        if prefixes and self.chance(0.08):
            place = self.rng.randrange(len(typed))
            stem = typed[place][: max(3, len(typed[place]) - self.rng.randint(0, 4))]
            typed[place] = stem + "*" if stem.isalnum() or self.chance(0.2) else stem
        return self.gap().join(typed)

    def gap(self) -> str:
        gaps = (self.script.gap, self.script.gap, " ", " ", "-")
        return self.rng.choice(
            gaps if self.chance(0.9) else ("  ", ". ", "; ", " / ", "! ", "\u00a0", "\u3000", "\t", "--")
        )

    def chance(self, share: float) -> bool:
        return self.rng.random() < share


def _retyped(rng: Random, word: str) -> str:
    """Return a word as another person, or another phone, would type it."""
    if rng.random() < 0.6:
        return word
    change = rng.choice(
        (
            str.upper,
            str.lower,
            str.title,
            _plural,
            _possessive,
            _curled,
            _decomposed,
            _widened,
            _dashed,
            _hidden,
        )
    )
    return change(word)


def _plural(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "o")) else "s")


def _possessive(word: str) -> str:
    return word + "’s"


def _curled(word: str) -> str:
    return word.replace("'", "’").replace("-", "‑")


def _decomposed(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def _widened(word: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in word)


def _dashed(word: str) -> str:
    return word.replace("-", "–")


def _hidden(word: str) -> str:
    """Put a character into a word that is not seen."""
    middle = len(word) // 2
    return word[:middle] + "\u00ad" + word[middle:]


# ---------------------------------------------------------------- articles


def _article(rng: Random, script: Script, phrases: Sequence[Phrase]) -> Article:
    text = _text(rng, script, phrases)
    cut = rng.choice((0, len(text), rng.randint(0, len(text)), rng.randint(0, len(text))))
    return Article(
        title=text[:cut],
        body=text[cut:],
        author=_text(rng, script, phrases[:2])[:40] if rng.random() < 0.4 else "",
        tags=tuple(_shown(rng, script, rng.choice(phrases)) for _ in range(rng.choice((0, 0, 1, 2)))),
        source=_shown(rng, script, rng.choice(phrases)) if rng.random() < 0.4 else "",
        site=rng.choice(HOSTS).removeprefix("www."),
        language=rng.choice(LANGUAGES),
        at=rng.choice((None, NOW - timedelta(hours=rng.randint(0, 120)))),
    )


def _text(rng: Random, script: Script, phrases: Sequence[Phrase]) -> str:
    """Return phrases in any order with this and that between them."""
    text = ""
    padding = (
        " ".join(rng.choices((*FILLERS, *script.words), k=rng.randint(60, 200)))
        if rng.random() < 0.04
        else ""
    )
    for _ in range(rng.randint(0, 7)):
        text += _shown(rng, script, rng.choice(phrases))
        text += rng.choice(
            (
                script.gap,
                " ",
                " ",
                ", ",
                ". ",
                "\n",
                "\n\n",
                " \r\n \n",
                "-",
                " – ",
                " –",
                "- ",
                "! ",
                "” ",
                "’ ",
                "/",
            )
        )
        if rng.random() < 0.4:
            text += rng.choice(FILLERS) + " "
        text += padding
    return text


def _shown(rng: Random, script: Script, phrase: Phrase) -> str:
    """Write a phrase down, as it is or not quite."""
    words = [_rewritten(rng, word) for word in phrase]
    if rng.random() < 0.2:
        rng.choice(_SHUFFLES)(rng, words, script)
    gap = rng.choice((script.gap, script.gap, script.gap, " ", "-", "\n", "–"))
    return gap.join(words)


def _rewritten(rng: Random, word: str) -> str:
    word = _retyped(rng, word)
    if rng.random() < 0.9:
        return word
    change = rng.choice(
        (
            lambda: (
                word
                + rng.choice(
                    ("이", "은", "에게", "'da", "'ın", "+", "++", "#", "'", "*", "ing", "2", ".", "s")
                )
            ),
            lambda: rng.choice(("#", "@", "l’", "d'", "“", "(", "re", "=", "U.S.-", "¿")) + word,
            lambda: word[:-1],
            lambda: ".".join(word) + "." if word.isalpha() else word,
            lambda: word.replace("-", rng.choice(("", " ", " - ", "--"))),
            lambda: word.replace(".", ""),
            lambda: unicodedata.normalize("NFKC", word),
        )
    )
    return change()


def _insert(rng: Random, words: list[str], script: Script) -> None:
    words.insert(rng.randint(0, len(words)), rng.choice((*FILLERS, *script.words)))


def _drop(rng: Random, words: list[str], script: Script) -> None:
    words.pop(rng.randrange(len(words)))


def _swap(rng: Random, words: list[str], script: Script) -> None:
    rng.shuffle(words)


def _break(rng: Random, words: list[str], script: Script) -> None:
    words.insert(rng.randint(0, len(words)), "\n\n")


_SHUFFLES = (_insert, _drop, _swap, _break)
