"""The parts of a query's tree, put together and asked what they are."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.query.tree import AllOf, AnyOf, Fact, Near, Node, Not, Phrase


def joined(how: type[AllOf | AnyOf], nodes: list[Node]) -> Node:
    """Return one node, without a nesting of equals and with each part once."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.parts if isinstance(node, how) else (node,)
    once: dict[Node, Node] = {}
    for node in flat:
        once.setdefault(_said(node), node)
    parts = tuple(once.values())
    return parts[0] if len(parts) == 1 else how(parts)


def _said(node: Node) -> Node:
    """Return a part whatever dashes and quotation marks it was typed with."""
    return replace(node, text=node.shown) if isinstance(node, Phrase) else node


def true_of_nothing_found(node: Node) -> bool:
    """Say whether a query is true of an article in which nothing of it is found."""
    match node:
        case AllOf(parts):
            return all(map(true_of_nothing_found, parts))
        case AnyOf(parts):
            return any(map(true_of_nothing_found, parts))
        case Not(part):
            return not true_of_nothing_found(part)
        case _:
            return False


def opposite(node: Node) -> Node:
    """Return what is true whenever a part is not."""
    return node.part if isinstance(node, Not) else Not(node)


def positional(node: Node) -> bool:
    """Say whether something stands at a place of a text, so that NEAR can measure from it."""
    if isinstance(node, AnyOf):
        return all(map(positional, node.parts))
    return isinstance(node, Phrase | Near)


def side_text(node: Node) -> str:
    """Return a side of a Near as it is typed."""
    if isinstance(node, AnyOf):
        return f"({', '.join(map(side_text, node.parts))})"
    assert isinstance(node, Phrase | Near)  # noqa: S101 - nothing else stands at a place
    return f"({node.text})" if isinstance(node, Near) else node.text


def field_of(node: Node) -> str | None:
    """Return the field in which a part is looked for, that of its first part if it has several."""
    if isinstance(node, AnyOf):
        return field_of(node.parts[0])
    return node.field if isinstance(node, Phrase | Near | Fact) else None
