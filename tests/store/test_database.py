"""Opening: from nothing, again, and everything that can be wrong with a database."""

import asyncio
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.errors import OperatorError
from bot.store.database import open_engine
from bot.store.tables import metadata

BAD_URLS = {
    "no url": "data/bot.db",
    "empty": "",
    "driver without asyncio": "sqlite:///bot.db",
    "unknown database": "nosuch://user:geheim@host/bot",
    "driver that is not installed": "postgresql+nosuchdriver://user:geheim@host/bot",
}


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


async def opened(url: str) -> None:
    engine = await open_engine(url)
    await engine.dispose()


async def refusal(url: str) -> str:
    """The message with which opening ``url`` fails."""
    threads = threading.active_count()
    with pytest.raises(OperatorError) as caught:
        await opened(url)
    async with asyncio.timeout(1):  # a driver's thread that outlived the refusal would keep us here
        while threading.active_count() > threads:  # noqa: ASYNC110 - a thread sets no event
            await asyncio.sleep(0.001)
    return str(caught.value)


async def test_the_migrations_create_exactly_the_tables_of_the_code(url: str) -> None:
    await opened(url)
    with create_engine(f"sqlite:///{path_of(url)}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


async def test_numbers_are_never_given_twice_in_a_migrated_file(url: str) -> None:
    """AUTOINCREMENT, which the comparison of tables does not see."""
    await opened(url)
    with sqlite3.connect(path_of(url)) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    connection.close()
    assert "AUTOINCREMENT" in made["tickets"]
    assert "AUTOINCREMENT" in made["questions"]


async def test_folders_are_created(url: str) -> None:
    assert not path_of(url).parent.exists()
    await opened(url)
    assert path_of(url).is_file()


async def test_a_percent_sign_in_a_folder_is_an_ordinary_character(tmp_path: Path) -> None:
    await opened(f"sqlite+aiosqlite:///{tmp_path}/100%/bot.db")
    assert (tmp_path / "100%" / "bot.db").is_file()


async def test_connections_wait_write_ahead_and_overwrite_what_is_deleted(url: str) -> None:
    engine = await open_engine(url)
    async with engine.connect() as connection:
        values = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "secure_delete", "busy_timeout")
        }
    await engine.dispose()
    assert values == {"journal_mode": "wal", "secure_delete": 1, "busy_timeout": 5000}


async def test_a_file_that_is_no_database_is_named_with_the_remedy(tmp_path: Path) -> None:
    text = tmp_path / "catatan.txt"
    text.write_text("bukan basis data\n" * 100, encoding="utf-8")
    message = await refusal(f"sqlite+aiosqlite:///{text}")
    assert message.startswith(f"{text} is not an SQLite database")
    assert "Remedy: move the file away" in message
    assert text.read_text(encoding="utf-8").startswith("bukan basis data")


async def test_a_folder_below_a_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    message = await refusal(f"sqlite+aiosqlite:///{tmp_path}/data/bot.db")
    assert message.startswith(f"{tmp_path}/data/bot.db has a file where its folder should be")
    assert "Remedy: " in message


async def test_a_folder_in_place_of_the_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    message = await refusal(f"sqlite+aiosqlite:///{tmp_path}")
    assert message.startswith(f"{tmp_path} cannot be opened")
    assert "Remedy: check that it is a file" in message


async def test_a_read_only_database_is_refused_at_once(url: str) -> None:
    await opened(url)
    message = await refusal(f"sqlite+aiosqlite:///file:{path_of(url)}?mode=ro&uri=true")
    assert "is read-only" in message
    assert "Remedy: make the file and its folder writable" in message


async def test_a_locked_database_is_waited_for_and_then_refused(url: str) -> None:
    await opened(url)
    other = sqlite3.connect(path_of(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    message = await refusal(f"{url}?timeout=0.05")
    other.close()
    assert "is in use by another program" in message
    assert "Remedy: stop the other bot" in message


async def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    await opened(url)
    with sqlite3.connect(path_of(url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    message = await refusal(url)
    assert "was written by a newer version of the bot" in message
    assert "Remedy: start that version" in message


async def test_a_database_of_another_program_is_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "lain.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE tickets (anything TEXT)")
    connection.close()
    assert "belongs to another program" in await refusal(f"sqlite+aiosqlite:///{file}")
    with sqlite3.connect(file) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["tickets"]
    connection.close()


@pytest.mark.parametrize("url", BAD_URLS.values(), ids=BAD_URLS)
async def test_a_bad_url_is_refused_with_an_example_and_without_its_password(url: str) -> None:
    message = await refusal(url)
    assert message.startswith("store.url cannot be used")
    assert message.endswith("Remedy: write store.url like sqlite+aiosqlite:///data/bot.db.")
    assert "geheim" not in message


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
async def test_only_the_owner_reads_a_new_database(url: str) -> None:
    """Also where nobody has set a umask, as the service does; what stands beside the file gets the same rights."""
    engine = await open_engine(url)
    rights = {file.stat().st_mode & 0o777 for file in path_of(url).parent.iterdir()}
    await engine.dispose()
    assert rights == {0o600}
