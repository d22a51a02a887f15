"""What ``unanswered`` reads of the question log: which rows are choices, and which questions had no right choice."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the two columns; what was picked before this counts as typed."""
    op.add_column("questions", sa.Column("picked", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("questions", sa.Column("rejected_at", sa.DateTime(timezone=True)))
