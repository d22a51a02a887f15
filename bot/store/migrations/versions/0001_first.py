"""The first tables: questions, conversations, regions of persons and chats, tickets.

A migration is frozen once it has run anywhere, so it repeats types and lengths instead of importing them. There is no
way back but a backup: a column that is dropped takes what people wrote with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.String(64)
WORD = sa.String(32)
CODE = sa.String(16)


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("decision", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("entries", sa.JSON, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("knowledge_version", ID, nullable=False),
        sa.Column("in_group", sa.Boolean, nullable=False),
        sa.Column("rating", sa.SmallInteger),
        sa.Column("rated_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_questions_asked_at", "questions", ["asked_at"])
    op.create_table(
        "conversations",
        sa.Column("person", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "chat", "topic", name="pk_conversations"),
    )
    for table, key in (("person_regions", "person"), ("chat_regions", "chat")):
        op.create_table(
            table,
            sa.Column(key, ID, nullable=False),
            sa.Column("region", CODE, nullable=False),
            sa.Column("set_at", MOMENT, nullable=False),
            sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
        )
    op.create_table(
        "tickets",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID, nullable=False),
        sa.Column("in_group", sa.Boolean, nullable=False),
        sa.Column("message_id", sa.Integer),
        sa.Column("staff_chat", ID),
        sa.Column("staff_message_id", sa.Integer),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("number", name="pk_tickets"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tickets_staff_chat_staff_message_id", "tickets", ["staff_chat", "staff_message_id"])
