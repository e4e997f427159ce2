"""What platforms brought lately, so that of several newsbots one answers.

Revision 6.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sqlite_with_rowid=False,
    )
