"""The tables, as SQLAlchemy Core sees them; the migrations create exactly these (a test compares the two).

Ids of persons and chats stand only in ``conversations``, the two region tables, what is kept of groups, and
``ticket_askers``, ``ticket_messages``, ``updates`` and ``outgoing``, where something has to find its way back to
somebody. The question log has none.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

ID_LENGTH = 64  # characters of a person, chat or topic id; those of Telegram have at most 20
CODE_LENGTH = 16  # characters of a region code; the Ministry of Home Affairs uses 2 or 5
WORD_LENGTH = 32  # characters of a decision or kind


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: goes in with any zone, lies in the database as UTC, comes out with zone UTC.

    SQLite keeps no zone, so it is taken off here and put on again. Raises ValueError for a time without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        """Convert to UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass for example datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        """Name the zone again on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Every constraint gets a name, without which a later migration could not change it on SQLite.
metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Column("text", Text, nullable=False),  # masked
    Column("decision", String(WORD_LENGTH), nullable=False),
    Column("kind", String(WORD_LENGTH), nullable=False),
    Column("entries", JSON, nullable=False),
    Column("score", Float, nullable=False),
    Column("knowledge_version", String(ID_LENGTH), nullable=False),
    Column("in_group", Boolean, nullable=False),
    Column("rating", SmallInteger),  # -1 or 1
    Column("rated_at", UtcDateTime),
    Column("picked", Boolean, nullable=False, server_default=false()),  # a choice or a command, not a question in words
    Column("rejected_at", UtcDateTime),  # when "Bukan ini semua" was picked from its choices
    sqlite_autoincrement=True,  # a button under an old answer must never rate another question
)

conversations = Table(
    "conversations",
    metadata,
    Column("person", String(ID_LENGTH), primary_key=True),
    Column("chat", String(ID_LENGTH), primary_key=True),
    Column("topic", String(ID_LENGTH), primary_key=True),
    Column("context", Text, nullable=False),  # JSON, its texts masked
    Column("updated_at", UtcDateTime, nullable=False),
)

person_regions = Table(
    "person_regions",
    metadata,
    Column("person", String(ID_LENGTH), primary_key=True),
    Column("region", String(CODE_LENGTH), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

chat_regions = Table(
    "chat_regions",
    metadata,
    Column("chat", String(ID_LENGTH), primary_key=True),
    Column("region", String(CODE_LENGTH), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

chat_settings = Table(
    "chat_settings",
    metadata,
    Column("chat", String(ID_LENGTH), primary_key=True),
    Column("settings", JSON, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("introduced_at", UtcDateTime),  # when the bot said there what it is for
    Column("left_at", UtcDateTime),  # when it was removed; None while it is there
)

group_answers = Table(
    "group_answers",
    metadata,
    Column("chat", String(ID_LENGTH), primary_key=True),
    Column("topic", String(ID_LENGTH), primary_key=True),
    Column("answer", String(ID_LENGTH), primary_key=True),  # a digest of its text
    Column("message_id", Integer, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(WORD_LENGTH), nullable=False),
    Column("question", Text, nullable=False),  # masked
    Column("additions", Text, nullable=False, server_default=""),  # what askers told later, masked
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    sqlite_autoincrement=True,  # a number that was told to somebody is never given to somebody else
)

ticket_askers = Table(
    "ticket_askers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("ticket", Integer, nullable=False, index=True),
    Column("person", String(ID_LENGTH), nullable=False),
    Column("chat", String(ID_LENGTH), nullable=False),
    Column("topic", String(ID_LENGTH), nullable=False),
    Column("in_group", Boolean, nullable=False),
    Column("message_id", Integer),  # the asker's message, which the answer replies to
    Column("joined_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),  # when the answer reached them; None while they wait
)

ticket_messages = Table(
    "ticket_messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("ticket", Integer, nullable=False, index=True),
    Column("staff_chat", String(ID_LENGTH), nullable=False),
    Column("message_id", Integer, nullable=False),
    Index(None, "staff_chat", "message_id"),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime),  # the date of the message
    Column("chat", String(ID_LENGTH), nullable=False),  # "" where there is none
    Column("message_id", BigInteger),
    Column("words", String(ID_LENGTH), nullable=False),  # digest
    Column("raw", Text),  # as it came, until it is handled
    Column("state", String(WORD_LENGTH), nullable=False, index=True),  # bot.mail.State
    Column("finished_at", UtcDateTime),
    Index(None, "chat", "message_id"),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("update_id", BigInteger, index=True),  # None for what answers no update
    Column("chat", String(ID_LENGTH), nullable=False),
    Column("topic", BigInteger),
    Column("kind", String(WORD_LENGTH), nullable=False),  # bot.mail.Kind
    Column("state", String(WORD_LENGTH), nullable=False, index=True),  # bot.mail.Way
    Column("payload", JSON, nullable=False),  # {} once it has arrived
    Column("then", JSON, nullable=False),
    Column("otherwise", JSON, nullable=False),
    Column("reply_to", BigInteger),
    Column("question", BigInteger),  # the message that it answers
    Column("target", Integer),  # the row that it changes
    Column("carrier", Integer, index=True),  # the row that it goes along with
    Column("message_id", BigInteger),  # where it has arrived
    Column("digest", String(ID_LENGTH), nullable=False),  # of what is shown
    Column("late", Boolean, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("unknown", SmallInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "chat", "question"),
    sqlite_autoincrement=True,  # an edit names its row by this number
)
