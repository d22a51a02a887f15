"""Settings and answers of groups; a ticket can have several askers, and several messages tell staff of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
ID = sa.String(64)
MOVED = ("person", "chat", "topic", "in_group", "message_id", "staff_chat", "staff_message_id")


def upgrade() -> None:
    """Create the new tables, move askers and messages of tickets there, and drop them from the tickets."""
    _create_tables()
    op.execute(
        "INSERT INTO ticket_askers (ticket, person, chat, topic, in_group, message_id, joined_at, delivered_at) "
        "SELECT number, person, chat, topic, in_group, message_id, opened_at, closed_at FROM tickets ORDER BY number"
    )
    op.execute(
        "INSERT INTO ticket_messages (ticket, staff_chat, message_id) "
        "SELECT number, staff_chat, staff_message_id FROM tickets "
        "WHERE staff_chat IS NOT NULL AND staff_message_id IS NOT NULL ORDER BY number"
    )
    op.drop_index("ix_tickets_staff_chat_staff_message_id", "tickets")
    highest = _highest_number()
    with op.batch_alter_table("tickets", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("additions", sa.Text, nullable=False, server_default=""))
        for column in MOVED:
            batch.drop_column(column)
    if highest is not None:
        _keep_counting_from(highest)


def _create_tables() -> None:
    op.create_table(
        "chat_settings",
        sa.Column("chat", ID, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("introduced_at", MOMENT),
        sa.Column("left_at", MOMENT),
        sa.PrimaryKeyConstraint("chat", name="pk_chat_settings"),
    )
    op.create_table(
        "group_answers",
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID, nullable=False),
        sa.Column("answer", ID, nullable=False),
        sa.Column("message_id", sa.Integer, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat", "topic", "answer", name="pk_group_answers"),
    )
    op.create_table(
        "ticket_askers",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID, nullable=False),
        sa.Column("in_group", sa.Boolean, nullable=False),
        sa.Column("message_id", sa.Integer),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("delivered_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_askers"),
    )
    op.create_index("ix_ticket_askers_ticket", "ticket_askers", ["ticket"])
    op.create_table(
        "ticket_messages",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("staff_chat", ID, nullable=False),
        sa.Column("message_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_messages"),
    )
    op.create_index("ix_ticket_messages_ticket", "ticket_messages", ["ticket"])
    op.create_index("ix_ticket_messages_staff_chat_message_id", "ticket_messages", ["staff_chat", "message_id"])


def _highest_number() -> int | None:
    """The highest number that a ticket ever had; SQLite forgets it when the table is copied."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return None
    return connection.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'tickets'")).scalar()


def _keep_counting_from(highest: int) -> None:
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'tickets'"))
    connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('tickets', :highest)"), {"highest": highest})
