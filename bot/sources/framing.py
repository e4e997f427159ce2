"""RSS 1.0 in the frame of RSS 2.0: the items are the same, and the fast parser reads all of them then."""

from __future__ import annotations

import re

_ROOT = re.compile(rb"<(rdf:RDF|RDF)(\s[^<>]*)>")
_NAMESPACE = re.compile(rb"""\sxmlns\s*=\s*(?:"http://purl\.org/rss/1\.0/"|'http://purl\.org/rss/1\.0/')""")
_NEAR_START = 4000


def in_rss2_frame(body: bytes) -> bytes:
    """Return a document whose items stand within its channel; any other document as it is.

    RSS 1.0 closes the channel before the items; the parser would leave out the text of these.
    """
    root = _ROOT.search(body, 0, _NEAR_START)
    end = body.rfind(b"</" + root[1]) if root else -1
    close = body.find(b"</channel>", root.end(), end) if root and end >= 0 else -1
    if root is None or close < 0 or not _NAMESPACE.search(root[2]):
        return body
    return b"".join(
        (
            body[: root.start()],
            b'<rss version="2.0"' + _NAMESPACE.sub(b"", root[2]) + b">",
            body[root.end() : close],
            body[close + len(b"</channel>") : end],
            b"</channel></rss>",
        )
    )
