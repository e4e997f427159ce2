"""A full-text index of other terms, in a third of the space.

Revision 2.
"""

from __future__ import annotations

from alembic import op

from bot.stores.reindexing import reindex
from bot.stores.sqlite import Fts5Words

revision = "2"
down_revision = "1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the old rows with their table: one by one, each would have to be told what was in it.

    The tokenizer takes everything for a part of a term but blanks and control characters.
    https://www.sqlite.org/fts5.html#ascii_tokenizer
    """
    op.execute("DROP TABLE entry_words")
    op.execute(
        "CREATE VIRTUAL TABLE entry_words USING fts5 ("
        " terms, content='', columnsize=0, detail=none,"
        r""" tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'" """
        ")"
    )
    reindex(op.get_bind(), Fts5Words())
