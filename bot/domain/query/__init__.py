"""The query language: what people type, read into a tree, said back in plain English, and commented on.

docs/query-language.md is its definition. `parse_query` reads it, `bot.domain.evaluation` gives it its meaning.
"""

from bot.domain.query.describe import describe, describe_node
from bot.domain.query.lint import lint
from bot.domain.query.narrowing import Every, Holds, Need, Some, need_of
from bot.domain.query.parser import MAX_CHARACTERS, MAX_DISTANCE, MAX_TERMS, parse_query
from bot.domain.query.tree import (
    AllOf,
    AnyOf,
    Fact,
    Kind,
    Near,
    Node,
    Not,
    Note,
    Phrase,
    Positional,
    Query,
    Spelling,
    Term,
    Word,
)

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DISTANCE",
    "MAX_TERMS",
    "AllOf",
    "AnyOf",
    "Every",
    "Fact",
    "Holds",
    "Kind",
    "Near",
    "Need",
    "Node",
    "Not",
    "Note",
    "Phrase",
    "Positional",
    "Query",
    "Some",
    "Spelling",
    "Term",
    "Word",
    "describe",
    "describe_node",
    "lint",
    "need_of",
    "parse_query",
]
