"""An older database keeps what it holds when the bot is updated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from older_databases import made_by
from sqlalchemy import create_engine

from bot.errors import OperatorError
from bot.model import Asker
from bot.store.database import MIGRATIONS
from bot.store.store import Store
from bot.store.tables import metadata

ASKED, SETTLED = "2026-11-20 08:00:00.000000", "2026-11-20 09:00:00.000000"


async def test_tickets_of_the_first_version_keep_askers_messages_and_numbers(tmp_path: Path) -> None:
    file = tmp_path / "data" / "bot.db"
    made_by("0001", file)
    rows = [
        (1, "petugas", "lama", "1001", "1001", "", 0, 5, "-200", 50, ASKED, SETTLED),
        (2, "data", "baru", "1002", "-500", "7", 1, None, None, None, ASKED, None),
        (3, "petugas", "dihapus", "1003", "1003", "", 0, None, None, None, ASKED, None),
    ]
    with closing(sqlite3.connect(file)) as connection, connection:
        names = "number, kind, question, person, chat, topic, in_group, message_id"
        names += ", staff_chat, staff_message_id, opened_at, closed_at"
        connection.executemany(f"INSERT INTO tickets ({names}) VALUES ({', '.join('?' * 12)})", rows)
        connection.execute("DELETE FROM tickets WHERE number = 3")

    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    settled = await store.tickets.shown_in("-200", 50)
    assert settled is not None
    assert (settled.question, settled.open, settled.askers[0].message_id) == ("lama", False, 5)
    assert settled.waiting == ()
    (waiting,) = await store.tickets.unsettled()
    assert (waiting.kind, waiting.waiting[0].asker) == ("data", Asker("1002", "-500", group=True, topic="7"))
    assert waiting.opened is not None
    new = await store.tickets.open(Asker("1004", "1004"), waiting.opened, "halo")
    assert new.number == 4  # 3 was told to somebody
    await store.close()


REVISIONS = sorted(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())
FIRST_ROWS = (
    "INSERT INTO questions VALUES "
    f"(41, '{ASKED}', 'apa syaratnya?', 'answer', 'faq', '[\"a\"]', 0.9, 'v1', 1, -1, '{SETTLED}')",
    f"INSERT INTO conversations VALUES ('1001', '-500', '7', '{{}}', '{ASKED}')",
    f"INSERT INTO person_regions VALUES ('1001', '35.24', '{ASKED}')",
    f"INSERT INTO chat_regions VALUES ('-500', '16.04', '{ASKED}')",
    f"INSERT INTO tickets VALUES (9, 'petugas', 'halo', '1001', '-500', '7', 1, 5, '-200', 50, '{ASKED}', NULL)",
)


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_older_version_comes_to_the_tables_of_the_code(tmp_path: Path, revision: str) -> None:
    file = tmp_path / "bot.db"
    made_by(revision, file)
    await (await Store.open(f"sqlite+aiosqlite:///{file}")).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_everything_of_the_first_version_is_kept(tmp_path: Path) -> None:
    """A row of every table, read with the words of today."""
    file = tmp_path / "bot.db"
    made_by("0001", file, *FIRST_ROWS)
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    asked = datetime.fromisoformat(f"{ASKED}+00:00")
    memory = await store.recall(Asker("1001", "-500", group=True, topic="7"), asked, timedelta(minutes=30))
    assert (memory.context, memory.person_region, memory.chat_region) == ("{}", "35.24", "16.04")
    assert await store.question(41) == "apa syaratnya?"
    (disliked,) = await store.log.unanswered(asked)
    assert (disliked.entries, disliked.disliked, disliked.picked) == (("a",), True, False)
    ticket = await store.tickets.get(9)
    assert ticket is not None
    assert ticket.waiting[0].asker == Asker("1001", "-500", group=True, topic="7")
    await store.close()


async def test_a_migration_that_fails_leaves_the_older_database(tmp_path: Path) -> None:
    """Half a migration would be worse than none: here a table stands in its way."""
    file = tmp_path / "bot.db"
    made_by("0001", file, *FIRST_ROWS, "CREATE TABLE ticket_messages (anything TEXT)")
    before = dump(file)
    with pytest.raises(OperatorError, match="belongs to another program"):
        await Store.open(f"sqlite+aiosqlite:///{file}")
    assert dump(file) == before


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())
