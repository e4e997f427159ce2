"""What becomes of a case on which the two disagree: the smallest one found that still does, fit to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from tests.oracle.comparing import Case, Disagreement, Engine, disagreements
from tests.oracle.meaning import Article, Reason

_NAMED = re.compile(r"[@$]\w")


def shrink(wrong: Disagreement, engine: Engine) -> Disagreement:
    """Leave out of a case whatever is not needed for the two to disagree in the same way."""

    def still(case: Case) -> Disagreement | None:
        return next((other for other in disagreements(case, engine) if other.way == wrong.way), None)

    smallest, before = wrong.case, None
    while smallest != before:
        before = smallest
        smallest = _shortened(smallest, lambda case: still(case) is not None)
    return still(smallest) or wrong


def _shortened(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Go through a case once."""
    case = replace(case, query=_least(case.query, lambda text: fails(replace(case, query=text))))
    for field in fields(Article):
        emptied = _with(case, field.name, _EMPTY[field.name])
        if emptied != case and fails(emptied):
            case = emptied
    for name in ("title", "body", "author", "source"):
        case = _with(case, name, _least_of(case, name, fails))
    return case


def _least_of(case: Case, name: str, fails: Callable[[Case], bool]) -> str:
    return _least(getattr(case.article, name), lambda text: fails(_with(case, name, text)))


def _with(case: Case, name: str, value: Any) -> Case:
    return replace(case, article=replace(case.article, **{name: value}))


_EMPTY = {
    field.name: () if field.name == "tags" else getattr(Article(""), field.name) for field in fields(Article)
}


def _least(text: str, fails: Callable[[str], bool]) -> str:
    """Return the shortest text found that still fails."""
    shorter = next((cut for cut in _cuts(text) if fails(cut)), None)
    while shorter is not None:
        text = shorter
        shorter = next((cut for cut in _cuts(text) if fails(cut)), None)
    return text


def _cuts(text: str) -> Iterator[str]:
    """Yield a text with something left out: halves, quarters and so on, words, pairs of brackets, characters."""
    size = len(text) // 2
    while size > 8:
        for start in range(0, len(text), size):
            yield text[:start] + text[start + size :]
        size //= 2
    for word in re.finditer(r"\S+\s*|\s+", text):
        yield text[: word.start()] + text[word.end() :]
    for pair in re.finditer(r"[\w:]*\(([^()]*)\)", text):
        yield text[: pair.start()] + pair[1] + text[pair.end() :]
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def told(wrong: Disagreement) -> str:
    """Tell of a disagreement."""
    lines = [f"{wrong.way}, {wrong.kind}: {wrong.case.query!r}"]
    if _NAMED.search(wrong.case.query):
        lines += [f"  @{name} = {text!r}" for name, text in wrong.case.terms]
    for field in fields(Article):
        if value := getattr(wrong.case.article, field.name):
            lines.append(f"  {field.name}: {value!r}")
    lines.append(f"  engine: {_answer(wrong.engine, wrong.case.article)}")
    lines.append(f"  oracle: {_answer(wrong.oracle, wrong.case.article)}")
    return "\n".join(lines)


def _answer(answer: object, article: Article) -> str:
    if answer is None:
        return "does not match"
    if not isinstance(answer, frozenset):
        return answer if isinstance(answer, str) else "reads it"
    found = sorted({(reason.field, reason.spans) for reason in answer if isinstance(reason, Reason)})
    shown = [
        f"{name} {', '.join(f'{start}–{end} {article.text(name)[start:end]!r}' for start, end in spans)}".strip()
        for name, spans in found
    ]
    return "matches: " + ("; ".join(shown) or "for no reason")
