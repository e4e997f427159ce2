"""What phones and chats do to signs, undone."""

from __future__ import annotations

QUOTES = "“”„‟«»「」『』〝〞〟"
DASHES = "‐‑‒–—―−﹣"
ENTITIES = (
    ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&"),
    ("\r\n", "\n"),
)  # fmt: skip


def plain(query: str) -> str:
    """Undo what phones and chats do to signs."""
    for entity, sign in ENTITIES:
        query = query.replace(entity, sign)
    return "".join(_plain(char) for char in query)


def _plain(char: str) -> str:
    for chars, sign in ((QUOTES, '"'), (DASHES, "-"), ("、،", ",")):
        if char in chars:
            return sign
    wide = "！" <= char <= "～" and not char.isalnum()
    return chr(ord(char) - 0xFEE0) if wide else char
