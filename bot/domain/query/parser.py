"""Read a keyword expression into its tree.

    query       = alternative { ("," | new line | "OR") alternative }
    alternative = part { ["AND"] part }
    part        = ("NOT" | "-" | "+") part | near
    near        = term { "NEAR/n" term }
    term        = bare words | "quoted" | =exact | @name | field:term | "(" query ")"

A run of bare words is one phrase. docs/query-language.md is the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.query import complaints
from bot.domain.query.facts import fact_of
from bot.domain.query.lexer import Sign, Token, separated, tokens
from bot.domain.query.nodes import field_of, joined, opposite, positional, side_text, true_of_nothing_found
from bot.domain.query.phrases import as_typed, spellings
from bot.domain.query.reading import Part, Reading, Run
from bot.domain.query.signs import Typed, read_signs
from bot.domain.query.tree import AllOf, AnyOf, Kind, Near, Phrase, Query, Term
from bot.errors import QueryError

MAX_CHARACTERS = 1_000
MAX_TERMS = 64
MAX_DISTANCE = 50
CORRECTIONS = 20
"""How many faults a suggestion mends at most."""

_ONE_TOKEN = frozenset({"tag", "source", "site", "lang", "after", "before"})
"""Fields that take one word, not a run."""
_FACTS = frozenset({"site", "lang", "after", "before"})
_STARTS = frozenset(
    {Sign.WORD, Sign.QUOTED, Sign.EXACT, Sign.NAME, Sign.FIELD, Sign.OPEN, Sign.NOT, Sign.REQUIRED}
)


def parse_query(text: str, terms: Mapping[str, str] | None = None, *, now: datetime | None = None) -> Query:
    """Read a keyword expression.

    `terms` holds the definitions of named terms by their names in lower case, without a sign; `now` says
    that this is a search, in which after: and before: may stand. Raise QueryError, whose position counts
    characters of `text`.
    """
    return read_query(text, terms, now=now).query


def read_query(text: str, terms: Mapping[str, str] | None = None, *, now: datetime | None = None) -> Reading:
    """Read a keyword expression and keep where its pieces stand; raise QueryError."""
    try:
        return _read(text, terms or {}, now)
    except QueryError as error:
        error.typed = text
        error.suggestion = _readable(error.suggestion, terms or {}, now)
        raise


def _readable(suggestion: str | None, terms: Mapping[str, str], now: datetime | None) -> str | None:
    """Follow corrections until one can be read; a query with two faults takes two. None when they lead nowhere."""
    for _ in range(CORRECTIONS):
        if suggestion is None:
            break
        try:
            _read(suggestion, terms, now)
        except QueryError as error:
            suggestion = error.suggestion
        else:
            return suggestion
    return None


def _read(text: str, terms: Mapping[str, str], now: datetime | None) -> Reading:
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"This query has {len(text):,} characters; {MAX_CHARACTERS:,} is the limit."
            " Make a named term of a part, or two subscriptions of the whole.",
            MAX_CHARACTERS,
        )
    return _Parser(read_signs(text), terms, now).read()


@dataclass(slots=True)
class _Parser:
    typed: Typed
    terms: Mapping[str, str]
    now: datetime | None
    within: tuple[str, ...] = ()
    """The named terms whose definitions are being read, outermost first."""
    inside: str | None = None
    """The field that a bracket stands in."""
    count: int = 0
    names: set[str] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)
    _tokens: list[Token] = field(default_factory=list)
    _open: list[Token] = field(default_factory=list)
    _at: int = 0

    def read(self) -> Reading:
        self._tokens = list(separated(tokens(self.typed)))
        alternatives = self._alternatives(Sign.END)
        if not alternatives:
            raise QueryError(
                "This query is empty. Type the words to watch for, for example: Kim Jong Un, summit"
            )
        for alternative in alternatives:
            if true_of_nothing_found(alternative.node):
                raise complaints.true_of_everything(self.typed, alternative.start, alternative.end)
        root = joined(AnyOf, [part.node for part in alternatives])
        query = Query(self.typed.text.strip(), root, frozenset(self.names))
        return Reading(self.typed, query, tuple(alternatives), tuple(self.runs))

    # ------------------------------------------------------------ the grammar, loosest first

    def _alternatives(self, closing: Sign) -> list[Part]:
        found: list[Part] = []
        wanted: Token | None = None
        while True:
            while self._next.sign in (Sign.SEPARATOR, Sign.LINE):
                self._take()
            token = self._next
            if token.sign is closing:
                if wanted:
                    raise complaints.nothing_after(self.typed, wanted)
                return found
            if token.sign is Sign.OR and (wanted or not found):
                raise complaints.nothing_before(self.typed, token)
            if token.sign is Sign.OR:
                wanted = self._take()
                continue
            found.append(self._alternative())
            wanted = None

    def _alternative(self) -> Part:
        parts = [self._part()]
        while True:
            if self._next.sign is Sign.AND:
                operator = self._take()
                if self._next.sign not in _STARTS:
                    raise complaints.nothing_after(self.typed, operator)
            elif self._next.sign not in _STARTS:
                return Part(joined(AllOf, [part.node for part in parts]), parts[0].start, parts[-1].end)
            parts.append(self._part())

    def _part(self) -> Part:
        token = self._next
        if token.sign not in (Sign.NOT, Sign.REQUIRED):
            return self._near()
        self._take()
        if self._next.sign not in _STARTS:
            raise complaints.nothing_after(self.typed, token)
        part = self._part()
        node = opposite(part.node) if token.sign is Sign.NOT else part.node
        return Part(node, token.start, part.end)

    def _near(self) -> Part:
        left = self._term()
        while self._next.sign is Sign.NEAR:
            operator = self._take()
            distance = int(operator.text)
            if not 1 <= distance <= MAX_DISTANCE:
                raise complaints.too_far(self.typed, operator, MAX_DISTANCE)
            if self._next.sign not in _STARTS:
                raise complaints.nothing_after(self.typed, operator)
            if self._next.sign in (Sign.NOT, Sign.REQUIRED):
                raise complaints.not_a_place(self.typed, self._next.start, self._next.end, operator)
            right = self._term()
            for side in (left, right):
                if not positional(side.node):
                    raise complaints.not_a_place(self.typed, side.start, side.end, operator)
            left = Part(self._nearby(left, right, operator), left.start, right.end)
        return left

    def _nearby(self, left: Part, right: Part, operator: Token) -> Near:
        fields = {field_of(left.node), field_of(right.node)}
        if len(fields) > 1:
            raise complaints.two_fields(self.typed, operator)
        written = self._near_text(left, right, operator)
        return Near(written, left.node, right.node, int(operator.text), fields.pop())  # type: ignore[arg-type]

    def _near_text(self, left: Part, right: Part, operator: Token) -> str:
        """Return what was typed; with names or line ends in it, what it stands for: it must be a query by itself."""
        within = (token.sign for token in self._tokens if left.start <= token.start < right.end)
        if not {Sign.NAME, Sign.LINE}.isdisjoint(within):
            return f"{side_text(left.node)} NEAR/{operator.text} {side_text(right.node)}"
        written = " ".join(self.typed.original(left.start, right.end).split())
        return f"{self.inside}:({written})" if self.inside else written

    def _term(self) -> Part:
        token = self._next
        readers: dict[Sign, Callable[[], Part]] = {
            Sign.WORD: self._run,
            Sign.QUOTED: self._quoted,
            Sign.EXACT: self._quoted,
            Sign.NAME: self._name,
            Sign.FIELD: self._in_field,
            Sign.OPEN: self._group,
        }
        if token.sign is Sign.END:
            raise complaints.unclosed_bracket(self.typed, self._open[-1])
        if token.sign not in readers:
            raise complaints.nothing_before(self.typed, token)
        return readers[token.sign]()

    # ------------------------------------------------------------ terms

    def _run(self) -> Part:
        """Read bare words: one phrase, or one word for a field that takes no more."""
        first = last = self._take()
        chunks = [first.text]
        while self._next.sign is Sign.WORD and self.inside not in _ONE_TOKEN:
            last = self._take()
            chunks.append(last.text)
        if self.inside in _FACTS:
            return self._fact(first, self.inside)
        complaints.check_stars(self.typed, self._tokens, first, last)
        phrase = self._phrase(chunks, Kind.BARE, first, last)
        self.runs.append(Run(phrase, first.start, last.end))
        return self._counted(phrase, first, last)

    def _quoted(self) -> Part:
        token = self._take()
        if self.inside in _FACTS:
            return self._fact(token, self.inside)
        kind = Kind.EXACT if token.sign is Sign.EXACT else Kind.QUOTED
        phrase = self._phrase(token.text.split(), kind, token, token)
        if kind is Kind.EXACT:
            phrase = replace(phrase, exact=as_typed(token.text))
        return self._counted(phrase, token, token)

    def _phrase(self, chunks: list[str], kind: Kind, first: Token, last: Token) -> Phrase:
        found = spellings(chunks, kind)
        if not found:
            raise complaints.no_word(self.typed, first.start, last.end)
        return Phrase(self._written(first.start, last.end), " ".join(chunks), found, kind, self.inside)

    def _fact(self, token: Token, field: str) -> Part:
        fact = fact_of(self.typed, field, token, self.now)
        return self._counted(replace(fact, text=self._written(token.start, token.end)), token, token)

    def _name(self) -> Part:
        token = self._take()
        if token.text not in self.terms:
            raise complaints.unknown_name(self.typed, token, self.terms)
        if token.text in self.within:
            raise complaints.cycle(self.typed, token, self.within)
        inner = replace(
            self,
            typed=read_signs(self.terms[token.text]),
            within=(*self.within, token.text),
            runs=[],
            _open=[],
            _at=0,
        )
        try:
            node = inner.read().query.root
        except QueryError as error:
            raise complaints.in_definition(self.typed, token, error) from None
        self.names |= {token.text, *inner.names}
        self.count = inner.count
        self._check_count(token)
        return Part(node, token.start, token.end)

    def _in_field(self) -> Part:
        token = self._take()
        if self.inside is not None:
            raise complaints.field_in_field(self.typed, token, self.inside)
        if self._next.sign not in (Sign.WORD, Sign.QUOTED, Sign.EXACT, Sign.NAME, Sign.OPEN):
            raise complaints.empty_field(self.typed, token)
        self.inside = token.text
        part = self._term()
        self.inside = None
        return replace(part, start=token.start)

    def _group(self) -> Part:
        opening = self._take()
        self._open.append(opening)
        alternatives = self._alternatives(Sign.CLOSE)
        self._open.pop()
        closing = self._take()
        if not alternatives:
            raise complaints.empty_brackets(self.typed, opening, closing)
        node = joined(AnyOf, [part.node for part in alternatives])
        return Part(node, opening.start, closing.end)

    # ------------------------------------------------------------ the small print

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _written(self, start: int, end: int) -> str:
        """Return what was typed, on one line, with the field that a bracket gave it."""
        typed = " ".join(self.typed.original(start, end).split())
        return f"{self.inside}:{typed}" if self.inside else typed

    def _counted(self, term: Term, first: Token, last: Token) -> Part:
        self.count += 1
        self._check_count(first)
        return Part(term, first.start, last.end)

    def _check_count(self, at: Token) -> None:
        if self.count > MAX_TERMS:
            raise QueryError(
                f"This query has more than {MAX_TERMS} terms, which is the limit. Make two subscriptions of it.",
                self.typed.at[at.start],
            )
