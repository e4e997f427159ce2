"""Which channels want buttons under their alerts.

Revision 5.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channels", sa.Column("buttons", sa.Boolean(), server_default=sa.text("0"), nullable=False))
