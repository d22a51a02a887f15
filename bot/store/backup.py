"""A copy of the database while the bot writes to it, and the way back: for SQLite files, by SQLite's own means."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import OperatorError
from bot.store.database import BUSY_SECONDS, MIGRATIONS, RESTORE, TROUBLES, open_engine

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be renamed anyway
    fcntl = None  # type: ignore[assignment]

PRIVATE = 0o600  # what people asked is for the bot's user only
LOCK_BYTES = (512, 0x40000000)  # how many bytes SQLite locks of an open file, and from which on (sqlite.org/lockingv3)
BESIDE = ("", "-wal", "-shm")  # what belongs to one database
OURS = {"alembic_version", "questions", "tickets"}  # tables that every version has
NO_DATABASE = "not a database"  # what SQLite says of any other file
UNFINISHED = ("updates", "outgoing")
"""Messages on their way in and out. They are left out of a copy: they are the only ones that are kept in full, and a
copy that is put back days later must not answer them again."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    bytes: int
    questions: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in place of the database now, and where the one before it is; None where there was none."""

    copied: Copied
    aside: Path | None


def backup(url: str, target: Path, *, force: bool = False) -> Copied:
    """Copies the database at ``url`` into the file ``target``, also while the bot is writing.

    The copy is of one moment, one file without a journal, readable by its owner only, checked before it gets its name,
    and without messages on their way. Nothing in the database changes: it is not migrated either. ``force`` replaces
    an older file. Raises OperatorError where the file is there already, the database cannot be read or the disk is
    full; then ``target`` is as it was.

    Example: ``backup("sqlite+aiosqlite:///data/bot.db", Path("bot-2026-11-22.db"))``
    """
    source = _file_of(url)
    if not source.is_file():
        raise OperatorError(f"{source} is not there. Remedy: run this where the bot runs, or check store.url.")
    if target.exists() and (not force or target.is_dir() or target.samefile(source)):
        raise OperatorError(f"{target} is there already. Remedy: choose another name, or replace it with --force.")
    with _beside(target) as unfinished:
        _copy(source, unfinished)
        with _explained(source), closing(_connect(unfinished)) as copy:
            _check_pages(copy, source)
            _leave_out_messages(copy)
            copied = _counted(copy)
        _keep(unfinished, target)
    return copied


async def restore(url: str, backup_file: Path, now: datetime) -> Restored:
    """Puts the database in ``backup_file`` in the place of the one at ``url``, brought to the newest form.

    The one before is kept beside it, under its name with ``now`` added. Raises OperatorError, and changes nothing,
    where the file is no sound database of this bot or one of a newer version, or where a bot has the database open
    (which Windows cannot always tell).

    Example: ``await restore("sqlite+aiosqlite:///data/bot.db", Path("bot-2026-11-22.db"), datetime.now(UTC))``
    """
    target = _file_of(url)
    _check_ours(backup_file)
    if target.exists() and target.samefile(backup_file):
        raise OperatorError(f"{target} is the database itself. Remedy: name a file made by python -m bot backup.")
    if _in_use(target):
        raise OperatorError(f"{target} is in use. Remedy: stop the bot, restore, then start it again.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target) as unfinished:
        _copy(backup_file, unfinished)
        engine = await open_engine(f"sqlite+aiosqlite:///{unfinished.as_posix()}")
        await engine.dispose()
        with _explained(target), closing(_connect(unfinished)) as copy:
            copied = _counted(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        _give_to_owner(unfinished, target)
        aside = _put_aside(target, now) if any(_part(target, part).exists() for part in BESIDE) else None
        _keep(unfinished, target)
    return Restored(copied, aside)


def _file_of(url: str) -> Path:
    try:
        target = make_url(url)
    except ArgumentError:
        target = None
    name = target.database if target is not None and target.drivername.startswith("sqlite") else None
    if not name or name == ":memory:" or name.startswith("file:"):
        raise OperatorError(
            "store.url names no SQLite file, so there is none to copy. Remedy: use the tools of your database server."
        )
    return Path(name)


def _part(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors into one that names the file and the remedy."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        for phrase, trouble, remedy in TROUBLES:
            if phrase in str(error):
                raise OperatorError(f"{file} {trouble} ({error}). Remedy: {remedy}.") from error
        raise OperatorError(f"{file} cannot be used ({error}). Remedy: check the file and its folder.") from error


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty file in the folder of ``target`` that only its owner reads; gone afterwards if it was not renamed."""
    unfinished = _part(target, f".{os.getpid()}.tmp")
    with _explained(target):
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
    try:
        yield unfinished
    finally:
        for part in BESIDE:
            with suppress(OSError):
                _part(unfinished, part).unlink()


def _copy(source: Path, target: Path) -> None:
    """Copies in one step, for which no writer waits: page by page, each write of the bot would start it anew."""
    with _explained(source), closing(_connect(source)) as reading:
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()  # an error here is one of the source
        with closing(_connect(target)) as writing, _explained(target):
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")


def _leave_out_messages(copy: sqlite3.Connection) -> None:
    copy.execute("PRAGMA secure_delete = ON")
    there = _tables(copy)
    for table in UNFINISHED:
        if table in there:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
    copy.execute("VACUUM")


def _tables(opened: sqlite3.Connection) -> set[str]:
    return {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _check_pages(opened: sqlite3.Connection, file: Path) -> None:
    """Raises OperatorError with the name of ``file`` where a page of a database is damaged."""
    found = [str(line) for (line,) in opened.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise OperatorError(f"{file} is damaged ({found[0]}). Remedy: {RESTORE}; one that is sound.")


def _counted(opened: sqlite3.Connection) -> Copied:
    def number(query: str) -> int:
        return int(opened.execute(query).fetchone()[0])

    pages, size = number("PRAGMA page_count"), number("PRAGMA page_size")
    return Copied(pages * size, number("SELECT count(*) FROM questions"), number("SELECT count(*) FROM tickets"))


def _check_ours(file: Path) -> None:
    """Raises OperatorError where a file is no sound database of this bot, or one of a newer version."""
    remedy = "Remedy: name a file made by python -m bot backup."
    if not file.is_file():
        raise OperatorError(f"{file} is not there. {remedy}")
    with _explained(file), closing(_connect(file)) as opened:
        try:
            ours = _tables(opened) >= OURS
        except sqlite3.DatabaseError as error:
            if NO_DATABASE not in str(error):
                raise
            ours = False
        if not ours:
            raise OperatorError(f"{file} is not a database of this bot. {remedy}")
        versions = {version for (version,) in opened.execute("SELECT version_num FROM alembic_version")}
        _check_pages(opened, file)
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if not versions <= known:
        raise OperatorError(
            f"{file} was written by a newer version of the bot. Remedy: update the bot first, then restore."
        )


def _in_use(file: Path) -> bool:
    """Whether another program has an SQLite file open: in WAL mode it holds a lock all the time."""
    if fcntl is None or not file.exists():
        return False
    with _explained(file), file.open("r+b") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, *LOCK_BYTES)
        except (BlockingIOError, PermissionError):
            return True
    return False


def _give_to_owner(unfinished: Path, target: Path) -> None:
    """Lets whoever owns the database, or its folder, own the new one: often root restores for the bot's user."""
    with suppress(OSError, AttributeError):  # only root may, and Windows has no such thing
        owner = (target if target.exists() else target.parent).stat()
        os.chown(unfinished, owner.st_uid, owner.st_gid)


def _put_aside(target: Path, now: datetime) -> Path:
    """Renames a database with its journal, which may hold what was written last; returns its new name."""
    aside = _part(target, f".before-{now:%Y%m%dT%H%M%S}")
    with suppress(sqlite3.Error), closing(_connect(target)) as old:  # a damaged one is kept as it is
        old.execute("PRAGMA journal_mode = DELETE")  # takes what the journal holds into the file
    with _explained(target):
        for part in reversed(BESIDE):  # the journal first: beside another database it would destroy that
            with suppress(FileNotFoundError):
                _part(target, part).rename(_part(aside, part))
    return aside


def _keep(unfinished: Path, target: Path) -> None:
    """Gives a finished file its name, for good: it is on the disk before that."""
    with _explained(target):
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
