"""Cutting a folded text into words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tests.oracle.folding import Letter, is_unspaced, is_word, is_written
from tests.oracle.lists import ELISIONS, ENDINGS


@dataclass(frozen=True, slots=True)
class Piece:
    """A word: letters `first` to `last` of the folded text; `before` is what stands between it and the one before."""

    norm: str
    first: int
    last: int
    kind: str = "plain"
    """plain, unspaced (a character of a script without spaces), single (one letter), initials."""
    before: str = ""
    paragraph: int = 0


def cut(folded: Sequence[Letter]) -> list[Piece]:
    """Return the words of a text, in order."""
    text = "".join(letter.char for letter in folded)
    words = _glued(_glued(_parted(list(_atoms(text)), text), text, _held), text, _initials)
    return _placed([_with_dot(_with_sign(word, text), text) for word in words], text)


def _atoms(text: str) -> Iterator[Piece]:
    """Yield the runs of letters and digits, and each character of a script without spaces."""
    place = 0
    while place < len(text):
        end = place + 1
        if is_word(text[place]):
            while end < len(text) and is_word(text[end]):
                end += 1
            kind = "single" if end == place + 1 and text[place].isalpha() else "plain"
            yield Piece(text[place:end], place, end - 1, kind)
        elif is_unspaced(text[place]):
            yield Piece(text[place], place, place, "unspaced")
        place = end


def _parted(atoms: Sequence[Piece], text: str) -> list[Piece]:
    """Settle each apostrophe: possessive, part of a word, or what parts two words."""
    settled: list[Piece] = []
    for atom in atoms:
        if _is_possessive(atom, text):
            continue
        if settled and _is_hooked(settled[-1], atom, text) and _is_one(settled[-1], atom):
            settled[-1] = Piece(f"{settled[-1].norm}'{atom.norm}", settled[-1].first, atom.last)
        else:
            settled.append(atom)
    return settled


def _is_hooked(left: Piece, right: Piece, text: str) -> bool:
    """Whether nothing but an apostrophe stands between the letters of two pieces."""
    return text[left.last + 1 : right.first] == "'" and is_written(text[left.last])


def _is_possessive(piece: Piece, text: str) -> bool:
    """Whether this is the s of a possessive."""
    return piece.norm == "s" and text[: piece.first].endswith("'")


def _is_one(left: Piece, right: Piece) -> bool:
    """Whether an apostrophe is a letter of one word, as in o'brien."""
    parts = left.norm in ELISIONS or right.norm in ENDINGS or "unspaced" in (left.kind, right.kind)
    return not parts


def _glued(
    atoms: Sequence[Piece], text: str, whole: Callable[[Piece, Piece, str], Piece | None]
) -> list[Piece]:
    """Put together what belongs together, from the left."""
    pieces: list[Piece] = []
    for atom in atoms:
        between = text[pieces[-1].last + 1 : atom.first] if pieces else ""
        joined = (
            whole(pieces[-1], atom, between)
            if pieces and "unspaced" not in (pieces[-1].kind, atom.kind)
            else None
        )
        if joined:
            pieces[-1] = joined
        else:
            pieces.append(atom)
    return pieces


def _held(left: Piece, right: Piece, between: str) -> Piece | None:
    """Return AT&T, 9/11, 3.5 and 1,000 as one word."""
    digits = left.norm[-1].isdigit() and right.norm[0].isdigit()
    if between == "&" or (between in ("/", ".") and digits):
        return Piece(left.norm + between + right.norm, left.first, right.last)
    if between == "," and digits and _leading_digits(right.norm) == 3:
        return Piece(left.norm + right.norm, left.first, right.last)
    return None


def _initials(left: Piece, right: Piece, between: str) -> Piece | None:
    if between == "." and left.kind in ("single", "initials") and right.kind == "single":
        return Piece(left.norm + right.norm, left.first, right.last, "initials")
    return None


def _leading_digits(norm: str) -> int:
    count = 0
    while count < len(norm) and norm[count].isdigit():
        count += 1
    return count


def _with_sign(piece: Piece, text: str) -> Piece:
    """Give C++ and C# their signs."""
    for sign in ("++", "#"):
        after = text[piece.last + 1 + len(sign) :][:1] or " "
        ends = not is_word(after) and not (sign + after).endswith("+++")
        if piece.kind == "single" and text.startswith(sign, piece.last + 1) and ends:
            return replace(piece, norm=piece.norm + sign, last=piece.last + len(sign), kind="plain")
    return piece


def _with_dot(piece: Piece, text: str) -> Piece:
    """Give initials their last dot."""
    after = text[piece.last + 1 : piece.last + 3]
    dotted = piece.kind == "initials" and after[:1] == "." and not is_word(after[1:] or " ")
    return replace(piece, last=piece.last + 1) if dotted else piece


def _placed(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """Note of each piece what stands before it, and in which paragraph it is."""
    placed: list[Piece] = []
    end = number = 0
    for piece in pieces:
        before = text[end : piece.first]
        number += _has_blank_line(before)
        placed.append(replace(piece, before=before.removeprefix("'s"), paragraph=number))
        end = piece.last + 1
    return placed


def _has_blank_line(between: str) -> bool:
    lines = between.split("\n")[1:-1]
    return any(not line.strip() for line in lines)
