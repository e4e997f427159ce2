"""How a query is read, by recursive descent.

query        = alternative { ("," | "OR" | new line) alternative }
alternative  = part { ["AND"] part }
part         = ("NOT" | "-" | "+") part | near
near         = term { "NEAR/n" term }
term         = "(" query ")" | field ":" (term | token) | "=" (quoted | token) | "@" name | quoted | words
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from tests.oracle.signs import plain
from tests.oracle.tree import FACTS, Every, Near, Some, Term, Tree, Unreadable, Without, inside, one

FIELDS = ("title", "body", "author", "tag", "source", "site", "lang", "after", "before")
ONE_TOKEN = ("tag", "source")
BULLETS = "-•*·"
OPERATORS = ("AND", "OR", "NOT", "NEAR")
MAX_DISTANCE = 50
MAX_CHARACTERS = 1_000
MAX_TERMS = 64
DIGITS = "0123456789"


def read(query: str, terms: Mapping[str, str] | None = None) -> Tree:
    """Return what a query says; raise Unreadable."""
    if len(query) > MAX_CHARACTERS:
        raise Unreadable("too long")
    reader = _Reader(plain(query), terms or {})
    tree = reader.whole()
    if reader.count > MAX_TERMS:
        raise Unreadable("too many terms")
    return tree


class _Reader:
    """Reads from the left; `at` is the next character."""

    def __init__(self, text: str, terms: Mapping[str, str]) -> None:
        self.text = text
        self.terms = terms
        self.at = 0
        self.one_token = False
        self.count = 0
        """Terms so far, those of names among them."""

    def whole(self) -> Tree:
        tree = self.query()
        if self.at < len(self.text):
            raise Unreadable(f"something is left over at {self.at}")
        return tree

    # -------------------------------------------------------- the five levels

    def query(self) -> Tree:
        found = []
        while True:
            while self.takes_separator():
                pass
            if self.is_over():
                break
            found.append(self.alternative())
        return one(Some, found)

    def alternative(self) -> Tree:
        found = [self.part()]
        while True:
            if self.takes_word("AND"):
                found.append(self.part())
            elif self.is_over() or self.sees_separator():
                return one(Every, found)
            else:
                found.append(self.part())

    def part(self) -> Tree:
        if self.takes_word("NOT") or self.takes_sign("-"):
            return Without(self.part())
        if self.takes_sign("+"):
            return self.part()
        return self.near()

    def near(self) -> Tree:
        tree = self.term()
        while (distance := self.takes_near()) is not None:
            if self.sees_sign("-") or self.sees_sign("+"):
                raise Unreadable("NEAR takes words")
            tree = Near(tree, self.term(), distance)
        return tree

    def term(self) -> Tree:
        self.skip_blanks()
        if self.peek() == "(":
            return self.group()
        if self.sees_name():
            return self.named()
        if self.sees_field():
            return self.field()
        self.count += 1
        if self.peek() == '"':
            return Term("quoted", self.quoted())
        if self.peek() == "=":
            self.at += 1
            return Term("exact", self.quoted() if self.peek() == '"' else self.token())
        return self.words()

    # -------------------------------------------------------- terms

    def group(self) -> Tree:
        self.at += 1
        tree = self.query()
        if self.peek() != ")":
            raise Unreadable("a bracket is not closed")
        self.at += 1
        return tree

    def quoted(self) -> str:
        end = self.text.find('"', self.at + 1)
        if end < 0:
            raise Unreadable("a quotation is not closed")
        typed = self.text[self.at + 1 : end]
        self.at = end + 1
        return typed

    def token(self) -> str:
        """Take everything up to a blank, a bracket, a quotation or a comma."""
        start = self.at
        while (
            self.peek() and not self.peek().isspace() and self.peek() not in '()"' and not self.sees_comma()
        ):
            self.at += 1
        if start == self.at:
            raise Unreadable(f"a word was expected at {start}")
        return self.text[start : self.at]

    def named(self) -> Tree:
        name = self.letters()
        if name not in self.terms:
            raise Unreadable(f"there is no term {name}")
        others = {known: text for known, text in self.terms.items() if known != name}
        reader = _Reader(plain(self.terms[name]), others)
        reader.one_token = self.one_token
        tree = reader.whole()
        self.count += reader.count
        return tree

    def letters(self) -> str:
        """Take the name after a sign."""
        self.at += 1
        start = self.at
        while self.peek() and (self.peek() in "_-" or unicodedata.category(self.peek())[0] in "LMN"):
            self.at += 1
        return self.text[start : self.at].lower()

    def field(self) -> Tree:
        name = self.sees_field() or ""
        self.at += len(name) + 1
        self.one_token = name in FACTS or name in ONE_TOKEN
        tree = inside(name, self.term())
        self.one_token = False
        return tree

    def words(self) -> Tree:
        """Take a run of bare words; one word in a field that takes no more."""
        start = self.at
        if any(self.sees_word(word) for word in OPERATORS) or self.sees_near():
            raise Unreadable(f"an operator stands where a term should, at {start}")
        self.token()
        end = self.at
        while self.continues():
            self.token()
            end = self.at
        self.at = end
        return Term("bare", self.text[start:end])

    def continues(self) -> bool:
        """Whether a bare word follows on this line; blanks are skipped on the way."""
        before = self.at
        self.skip_blanks()
        if self.one_token or self.at == before or self.is_over() or self.sees_separator():
            return False
        if self.peek() in '("=' or self.sees_name():
            return False
        operators = any(self.sees_word(word) for word in OPERATORS) or self.sees_near()
        return (
            not operators
            and self.sees_field() is None
            and not self.sees_sign("-")
            and not self.sees_sign("+")
        )

    # -------------------------------------------------------- what stands at a place

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip_blanks(self) -> None:
        """Skip blanks; also a line end before an operator that joins, which separates nothing."""
        while self.peek().isspace() and (self.peek() != "\n" or self.joins_lines()):
            self.at += 1

    def joins_lines(self) -> bool:
        after = self.text[self.at :].split(maxsplit=1)
        return bool(after) and after[0].partition("/")[0] in ("AND", "OR", "NEAR")

    def skip_lines(self) -> None:
        """Skip what may stand between an operator and what it takes: blanks, line ends and bullets."""
        while self.peek().isspace() or self.takes_bullet():
            self.at += 1

    def is_over(self) -> bool:
        self.skip_blanks()
        return self.peek() in ("", ")")

    def sees_comma(self) -> bool:
        """Whether a comma separates here; the one in 1,000 is part of the number."""
        if self.peek() != ",":
            return False
        digits = self.text[self.at + 1 : self.at + 4]
        in_number = self.text[self.at - 1 : self.at].isdigit() and len(digits) == 3 and digits.isdigit()
        return not (in_number and not self.text[self.at + 4 : self.at + 5].isdigit())

    def sees_separator(self) -> bool:
        self.skip_blanks()
        return self.peek() == "\n" or self.sees_comma() or self.sees_word("OR")

    def takes_separator(self) -> bool:
        """Skip a comma, an OR, or a new line with its bullet; also the bullet of the first line."""
        self.skip_blanks()
        if self.takes_bullet():
            return True
        if not self.sees_separator():
            return False
        self.at += 2 if self.sees_word("OR") else 1
        return True

    def takes_bullet(self) -> bool:
        if self.opens_line() and self.peek() in BULLETS and self.text[self.at + 1 : self.at + 2].isspace():
            self.at += 1
            return True
        return False

    def opens_line(self) -> bool:
        return self.peek() != "" and not self.text[: self.at].rpartition("\n")[2].strip()

    def sees_word(self, word: str) -> bool:
        after = self.text[self.at + len(word) : self.at + len(word) + 1]
        return self.text.startswith(word, self.at) and (after == "" or after in '(),"' or after.isspace())

    def takes_word(self, word: str) -> bool:
        self.skip_blanks()
        if self.sees_word(word):
            self.at += len(word)
            self.skip_lines()
            return True
        return False

    def sees_sign(self, sign: str) -> bool:
        before, after = self.text[self.at - 1 : self.at], self.text[self.at + 1 : self.at + 2]
        stands_free = self.at == 0 or before.isspace() or before in ("(", ",")
        return self.peek() == sign and stands_free and after not in ("", ")", ",") and not after.isspace()

    def takes_sign(self, sign: str) -> bool:
        self.skip_blanks()
        if self.sees_sign(sign):
            self.at += 1
            return True
        return False

    def sees_name(self) -> bool:
        return self.peek() in ("@", "$") and self.text[self.at + 1 : self.at + 2].isalpha()

    def sees_field(self) -> str | None:
        """Return the field that is named here; letters before a colon that are none are an error."""
        end = self.at
        while self.text[end : end + 1].isascii() and self.text[end : end + 1].isalpha():
            end += 1
        after = self.text[end + 1 : end + 2]
        if end == self.at or self.text[end : end + 1] != ":":
            return None
        name = self.text[self.at : end].lower()
        if name in FIELDS:
            return name
        if after == "" or after.isspace():
            return None
        raise Unreadable(f"{name} is no field")

    def sees_near(self) -> bool:
        end = self.at + len("NEAR/")
        while self.text[end : end + 1] in (*DIGITS,):
            end += 1
        after = self.text[end : end + 1]
        return self.text.startswith("NEAR/", self.at) and (after == "" or after in '(),"' or after.isspace())

    def takes_near(self) -> int | None:
        self.skip_blanks()
        if not self.sees_near():
            return None
        self.at += len("NEAR/")
        start = self.at
        while self.peek() in (*DIGITS,):
            self.at += 1
        distance = self.text[start : self.at]
        if not distance or not 1 <= int(distance) <= MAX_DISTANCE:
            raise Unreadable("too far, or no distance at all")
        self.skip_lines()
        return int(distance)
