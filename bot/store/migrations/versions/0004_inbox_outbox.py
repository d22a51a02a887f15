"""What came in and what goes out: updates until they are answered, and messages until they have arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
ID, WORD = sa.String(64), sa.String(32)


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "updates",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("chat", ID, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("words", ID, nullable=False),
        sa.Column("raw", sa.Text),
        sa.Column("state", WORD, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.PrimaryKeyConstraint("update_id", name="pk_updates"),
    )
    op.create_index("ix_updates_state", "updates", ["state"])
    op.create_index("ix_updates_chat_message_id", "updates", ["chat", "message_id"])
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("update_id", sa.BigInteger),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", sa.BigInteger),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("then", sa.JSON, nullable=False),
        sa.Column("otherwise", sa.JSON, nullable=False),
        sa.Column("reply_to", sa.BigInteger),
        sa.Column("question", sa.BigInteger),
        sa.Column("target", sa.Integer),
        sa.Column("carrier", sa.Integer),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("digest", ID, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("unknown", sa.SmallInteger, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing"),
        sqlite_autoincrement=True,
    )
    for column in ("update_id", "state", "carrier"):
        op.create_index(f"ix_outgoing_{column}", "outgoing", [column])
    op.create_index("ix_outgoing_chat_question", "outgoing", ["chat", "question"])
