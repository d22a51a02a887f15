"""An older database keeps what it holds when the bot is updated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.model import Asker
from bot.store.database import MIGRATIONS
from bot.store.store import Store

ASKED, SETTLED = "2026-11-20 08:00:00.000000", "2026-11-20 09:00:00.000000"


def made_by_an_older_version(file: Path, revision: str) -> None:
    """A database as the bot of an earlier revision left it."""
    file.parent.mkdir(parents=True)
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


async def test_tickets_of_the_first_version_keep_askers_messages_and_numbers(tmp_path: Path) -> None:
    file = tmp_path / "data" / "bot.db"
    made_by_an_older_version(file, "0001")
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
