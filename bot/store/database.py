"""Opening the database: the engine, its settings for SQLite, the migrations, and errors that name the remedy."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, InvalidRequestError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import ConfigurationError, DatabaseError, OperatorError

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 5.0  # how long to wait for another program that writes; "?timeout=20" in the URL overrides it
ONE_STATEMENT = "one_statement"  # execution option: this connection only runs a single SELECT, which needs no BEGIN
LAST_WORD_SECONDS = 0.05  # after a failed connection the driver's thread calls the event loop once more, unasked

PRAGMAS = (
    "journal_mode = WAL",  # readers such as a backup do not wait for the bot, nor the bot for them
    "synchronous = NORMAL",  # safe with WAL: a power cut may cost the last answers, never the database
    "secure_delete = ON",  # what is deleted is overwritten
)

RESTORE = "restore a backup with: python -m bot restore FILE"

# What the driver or the system says, what that means and what to do about it.
TROUBLES = (
    ("File exists", "has a file where its folder should be", "move that file away, or choose another store.url"),
    ("not a database", "is not an SQLite database", f"move the file away (a new one is created), or {RESTORE}"),
    ("malformed", "is damaged", f"stop the bot, then {RESTORE}, or move the file away (a new one is created)"),
    ("disk I/O error", "cannot be read or written: the disk fails", "free some space, and see the system's log"),
    ("readonly", "is read-only", "make the file and its folder writable for the user who runs the bot"),
    ("locked", "is in use by another program", "stop the other bot or the tool that has the file open"),
    ("full", "cannot grow: the disk is full", "free some space; what was stored is safe"),
    ("unable to open", "cannot be opened", "check that it is a file, in a folder that the bot's user may write to"),
    ("already exists", "belongs to another program", "choose another file in store.url"),
)
URL_REMEDY = "write store.url like sqlite+aiosqlite:///data/bot.db"


async def open_engine(url: str) -> AsyncEngine:
    """Connect to the database at ``url`` and bring its tables to the newest form.

    The folder of an SQLite file is created. Raises OperatorError, naming the file and the remedy, where the database
    cannot be opened, is no database, is locked or read-only, or was written by a newer version of the bot.

    Example: ``engine = await open_engine("sqlite+aiosqlite:///data/bot.db")``
    """
    engine = _engine(url)
    try:
        with explained(engine.url):
            _make_folder(engine.url)
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
    except BaseException:
        await engine.dispose()  # the driver's thread would outlive the error
        await asyncio.sleep(LAST_WORD_SECONDS)
        raise
    return engine


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn the database's errors into an OperatorError that names the database and the remedy."""
    try:
        yield
    except CommandError as error:
        raise ConfigurationError(
            f"{_name(url)} was written by a newer version of the bot ({error}). "
            "Remedy: start that version, or restore a backup from before the update."
        ) from error
    except (IntegrityError, DataError, ProgrammingError) as error:  # a mistake of ours: the same again would fail again
        raise OperatorError(_explain(_name(url), error)) from error
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        raise DatabaseError(_explain(_name(url), error)) from error


async def empty_journal(engine: AsyncEngine) -> None:
    """Make deletions final on the disk: SQLite's write-ahead journal still holds the pages as they were before."""
    if engine.dialect.name != "sqlite":
        return
    async with engine.execution_options(**{ONE_STATEMENT: True}).connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _explain(name: str, error: Exception) -> str:
    cause = str(error.orig if isinstance(error, DBAPIError) else error)
    for phrase, trouble, remedy in TROUBLES:
        if phrase in cause:
            return f"{name} {trouble} ({cause}). Remedy: {remedy}."
    return f"{name} cannot be used ({cause}). Remedy: check store.url, and that the bot's user may write there."


def _name(url: URL) -> str:
    """What an operator calls the database: the file, or the address of a server without its password."""
    return url.database or "the database in memory" if _is_sqlite(url) else url.render_as_string(hide_password=True)


def _is_sqlite(url: URL) -> bool:
    return url.drivername == "sqlite+aiosqlite"


def _engine(url: str) -> AsyncEngine:
    try:
        target = make_url(url)
        engine = create_async_engine(
            target,
            hide_parameters=True,  # texts and ids of users belong into no error message
            **(_sqlite_options(target) if _is_sqlite(target) else {}),
        )
    except (ArgumentError, InvalidRequestError, ImportError, ValueError) as error:
        raise ConfigurationError(f"store.url cannot be used ({error}). Remedy: {URL_REMEDY}.") from error
    if _is_sqlite(target):
        event.listen(engine.sync_engine, "connect", _prepare_connection)
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _sqlite_options(url: URL) -> dict[str, Any]:
    """One connection for all coroutines: SQLite has one writer anyway, and the pool is a fair queue without polling.

    For a database in memory it is also what makes everybody see the same one, without the half-done transactions
    of others as on a StaticPool. Other programs are kept apart by BEGIN IMMEDIATE and the driver's timeout.
    """
    options: dict[str, Any] = {"isolation_level": None}  # the driver begins nothing by itself, see _begin
    if "timeout" not in url.query:
        options["timeout"] = BUSY_SECONDS
    return {"connect_args": options, "poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}


def _prepare_connection(connection: Any, _record: object) -> None:
    try:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except Exception:
        connection.close()  # the pool does not know it yet
        raise


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that asks for it half-way fails without waiting."""
    if not connection.get_execution_options().get(ONE_STATEMENT):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_there(url: str) -> bool:
    """Tells whether a database stands at ``url`` already: a server is taken to, a database in memory never does.

    Raises OperatorError where the URL cannot be used.
    """
    try:
        target = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(f"store.url cannot be used ({error}). Remedy: {URL_REMEDY}.") from error
    if not _is_sqlite(target):
        return True
    name = target.database or ":memory:"
    return name.startswith("file:") or Path(name).exists()


def _make_folder(url: URL) -> None:
    if _is_sqlite(url) and url.database and not url.database.startswith((":memory:", "file:")):
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            with suppress(OSError):  # SQLite tells of it in a moment
                file.touch(mode=0o600)  # what people ask is for the bot's user only; the journal gets the same rights


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # "%" is special to ConfigParser
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    # SQLite opens a read-only file without a word; better to hear of it now than at the first question.
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
