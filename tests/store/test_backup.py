"""Copies of the database while it is written to, and the way back from them."""

# ruff: noqa: ASYNC221, ASYNC240 - nothing else runs in these loops

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from older_databases import made_by

from bot.errors import OperatorError
from bot.mail import Kind, Outgoing, Received
from bot.model import Asker
from bot.store.backup import Copied, backup, restore
from bot.store.store import LoggedQuestion, Store

NOW = datetime(2026, 11, 22, 8, 15, 30, tzinfo=UTC)
ANI = Asker("101", "101")
ROOT = Path(__file__).parent.parent.parent
HOLD = """
import asyncio, sys
from bot.store.store import Store

async def hold():
    store = await Store.open(sys.argv[1])
    print("open", flush=True)
    sys.stdin.read()
    await store.close()

asyncio.run(hold())
"""


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def open_elsewhere(url: str) -> Iterator[None]:
    """Another process, like the bot, has the database open and says nothing."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLD, url], stdin=pipe, stdout=pipe, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        try:
            yield
        finally:
            other.stdin.close()


async def ask(store: Store, *texts: str) -> None:
    for text in texts:
        question = LoggedQuestion(text, "answer", (), 1.0, "v1", group=False, kind="faq")
        await store.record(ANI, NOW, question, lambda _: None)


def texts(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM questions ORDER BY id")]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A database with one question, which no one has open."""
    file = tmp_path / "data" / "bot.db"
    async with opened(url_of(file)) as store:
        await ask(store, "satu")
    return file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


# Backup


async def test_a_copy_is_one_private_file_that_holds_everything(file: Path, tmp_path: Path) -> None:
    async with opened(url_of(file)) as store:  # what it wrote last is still in its journal
        await ask(store, "dua")
        await store.tickets.open(ANI, NOW, "tiga")
        target = tmp_path / "salinan.db"
        copied = backup(url_of(file), target)
    assert copied == Copied(target.stat().st_size, questions=2, tickets=1)
    assert texts(target) == ["satu", "dua"]
    assert files(tmp_path) == ["data", "salinan.db"]
    if os.name != "nt":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_copy_is_of_one_moment_while_the_bot_is_writing(file: Path, tmp_path: Path) -> None:
    """Every copy is sound, holds what was acknowledged before it, and keeps nobody from writing."""
    async with opened(url_of(file)) as store:

        async def write() -> None:
            for number in range(100):
                await ask(store, f"pertanyaan {number}")
                written.append(number)

        written: list[int] = []
        writing = asyncio.create_task(write())
        for number in range(5):
            await asyncio.sleep(0.02)
            before, target = len(written), tmp_path / f"{number}.db"
            copied = await asyncio.to_thread(backup, url_of(file), target)
            assert before + 1 <= copied.questions <= len(written) + 2
            assert texts(target)[1:] == [f"pertanyaan {number}" for number in range(copied.questions - 1)]
        await writing
    assert len(texts(file)) == 101


async def test_messages_on_their_way_are_left_out(file: Path, tmp_path: Path) -> None:
    """Not a trace of their words is in the file; what is answered and waits to be sent is left out as well."""
    async with opened(url_of(file)) as store:
        await store.inbox.receive(Received(7, '{"message": "rahasia masuk"}', "101", 5), NOW)
        await store.outbox.add(Outgoing("101", Kind.MESSAGE, {"html": "rahasia keluar"}, update_id=7), NOW)
    target = tmp_path / "salinan.db"
    backup(url_of(file), target)
    assert file.read_bytes().count(b"rahasia") == 2
    assert b"rahasia" not in target.read_bytes()
    assert texts(target) == ["satu"]
    async with opened(url_of(target)) as store:
        assert await store.ledger.quiet()


def test_an_older_database_is_copied_as_it_is(tmp_path: Path) -> None:
    """Before an update one wants what the older version can read."""
    file, target = tmp_path / "data" / "bot.db", tmp_path / "salinan.db"
    made_by("0001", file)
    backup(url_of(file), target)
    for database in (file, target):
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_file_is_replaced_only_on_demand(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "salinan.db"
    target.write_text("lama")
    with pytest.raises(OperatorError, match=r"is there already\. Remedy: .*--force"):
        backup(url_of(file), target)
    assert target.read_text() == "lama"
    backup(url_of(file), target, force=True)
    assert texts(target) == ["satu"]


def test_the_database_itself_is_never_replaced(file: Path) -> None:
    with pytest.raises(OperatorError, match="is there already"):
        backup(url_of(file), file, force=True)
    assert texts(file) == ["satu"]


def test_a_folder_that_is_missing_is_named(file: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"salinan\.db cannot be used .*Remedy: check the file and its folder"):
        backup(url_of(file), tmp_path / "tidak-ada" / "salinan.db")


def test_nothing_to_copy_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"bot\.db is not there\. Remedy: run this where the bot runs"):
        backup(url_of(tmp_path / "bot.db"), tmp_path / "salinan.db")
    assert files(tmp_path) == []


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "postgresql+asyncpg://bot@db/bot", "bot.db"])
def test_only_files_can_be_copied(url: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Remedy: use the tools of your database server"):
        backup(url, tmp_path / "salinan.db")


async def test_a_damaged_database_is_named_and_not_copied(file: Path, tmp_path: Path) -> None:
    async with opened(url_of(file)) as store:
        await ask(store, *(f"pertanyaan {number} " + "x" * 200 for number in range(200)))
    damage(file)
    target = tmp_path / "salinan.db"
    with pytest.raises(OperatorError, match=r"bot\.db is damaged .*Remedy: "):
        backup(url_of(file), target)
    assert files(tmp_path) == ["data"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
async def test_a_full_disk_leaves_the_older_copy(file: Path, tmp_path: Path) -> None:
    """The process may write no more than 8 kilobytes to a file."""
    async with opened(url_of(file)) as store:
        await ask(store, *("x" * 500 for _ in range(100)))
    target = tmp_path / "salinan.db"
    target.write_text("lama")
    code = (
        "import resource, sys; from pathlib import Path; from bot.errors import OperatorError\n"
        "from bot.store.backup import backup\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))\n"
        "try: backup(sys.argv[1], Path(sys.argv[2]), force=True)\n"
        "except OperatorError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, url_of(file), str(target)], cwd=ROOT, capture_output=True, check=True
    )
    assert b"the disk fails (disk I/O error). Remedy: free some space" in done.stdout
    assert (target.read_text(), files(tmp_path)) == ("lama", ["data", "salinan.db"])


def damage(file: Path) -> None:
    """Overwrites pages in the middle, as a failing disk does."""
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\xa5" * 8192
    file.write_bytes(bytes(content))


# Restore


@pytest.fixture
def copy(file: Path, tmp_path: Path) -> Path:
    """A backup of the database with one question."""
    copy = tmp_path / "salinan.db"
    backup(url_of(file), copy)
    return copy


async def test_what_was_copied_comes_back_and_the_other_is_kept(file: Path, copy: Path) -> None:
    async with opened(url_of(file)) as store:
        await ask(store, "sesudahnya")
    restored = await restore(url_of(file), copy, NOW)
    assert restored.aside == file.with_name("bot.db.before-20261122T081530")
    assert (restored.copied.questions, texts(file), texts(restored.aside)) == (1, ["satu"], ["satu", "sesudahnya"])
    assert files(file.parent) == ["bot.db", "bot.db.before-20261122T081530"]
    assert texts(copy) == ["satu"]
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with opened(url_of(file)) as store:
        await ask(store, "dua")


async def test_what_the_bot_wrote_before_it_was_killed_is_kept_as_well(file: Path, copy: Path) -> None:
    """It lies in the journal, which would destroy another database of that name."""
    code = HOLD.replace('print("open", flush=True)', "pass").replace(
        "    sys.stdin.read()\n    await store.close()\n",
        "    from bot.store.store import LoggedQuestion\n    from bot.model import Asker\n"
        "    from datetime import UTC, datetime\n"
        "    row = LoggedQuestion('di jurnal', 'answer', (), 1.0, 'v', group=False, kind='faq')\n"
        "    await store.record(Asker('1', '1'), datetime.now(UTC), row, lambda _: None)\n"
        "    import os; os._exit(9)\n",
    )
    done = subprocess.run([sys.executable, "-c", code, url_of(file)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert "bot.db-wal" in files(file.parent)
    restored = await restore(url_of(file), copy, NOW)
    assert restored.aside is not None
    assert (texts(file), texts(restored.aside)) == (["satu"], ["satu", "di jurnal"])


async def test_a_new_machine_has_no_older_database(copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "baru" / "data" / "bot.db"
    restored = await restore(url_of(target), copy, NOW)
    assert restored.aside is None
    assert (texts(target), files(target.parent)) == (["satu"], ["bot.db"])


async def test_a_damaged_database_is_replaced(file: Path, copy: Path) -> None:
    file.write_bytes(b"rusak" * 1000)
    restored = await restore(url_of(file), copy, NOW)
    assert restored.aside is not None
    assert (texts(file), restored.aside.read_bytes()[:5]) == (["satu"], b"rusak")


async def test_an_older_backup_is_brought_to_the_newest_form(file: Path, tmp_path: Path) -> None:
    older = tmp_path / "lama.db"
    ticket_7 = "(7, 'petugas', 'x', '1', '1', '', 0, 5, '-2', 9, '2026-11-20 08:00:00.000000', NULL)"
    made_by("0001", older, f"INSERT INTO tickets VALUES {ticket_7}")
    await restore(url_of(file), older, NOW)
    async with opened(url_of(file)) as store:
        ticket = await store.tickets.get(7)
    assert ticket is not None
    assert ticket.askers[0].asker == Asker("1", "1")


@pytest.mark.skipif(os.name == "nt", reason="Windows only refuses to rename the file")
async def test_nothing_is_restored_under_a_running_bot(file: Path, copy: Path) -> None:
    with open_elsewhere(url_of(file)):
        with pytest.raises(OperatorError, match=r"bot\.db is in use\. Remedy: stop the bot"):
            await restore(url_of(file), copy, NOW)
        assert [name for name in files(file.parent) if "before" in name or "tmp" in name] == []
    await restore(url_of(file), copy, NOW)


NOT_OURS = r"is not a database of this bot\. Remedy: name a file made by python -m bot backup"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"is not there\. Remedy: name a file"),
        (b"catatan saya\n" * 100, NOT_OURS),
        (b"", NOT_OURS),
    ],
    ids=["missing", "a text", "empty"],
)
async def test_a_file_that_is_no_backup_changes_nothing(
    file: Path, tmp_path: Path, content: bytes | None, message: str
) -> None:
    other = tmp_path / "lain.db"
    if content is not None:
        other.write_bytes(content)
    with pytest.raises(OperatorError, match=message):
        await restore(url_of(file), other, NOW)
    assert (texts(file), files(file.parent)) == (["satu"], ["bot.db"])


async def test_a_database_of_another_program_changes_nothing(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE tickets (anything TEXT)")
    with pytest.raises(OperatorError, match=NOT_OURS):
        await restore(url_of(file), other, NOW)
    assert texts(file) == ["satu"]


async def test_a_backup_of_a_newer_version_changes_nothing(file: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(OperatorError, match=r"written by a newer version of the bot\. Remedy: update"):
        await restore(url_of(file), copy, NOW)
    assert (texts(file), files(file.parent)) == (["satu"], ["bot.db"])


async def test_a_damaged_backup_changes_nothing(file: Path, tmp_path: Path) -> None:
    large = tmp_path / "besar" / "bot.db"
    async with opened(url_of(large)) as store:
        await ask(store, *(f"pertanyaan {number} " + "x" * 200 for number in range(200)))
    damage(large)
    with pytest.raises(OperatorError, match=r"is damaged .*Remedy: "):
        await restore(url_of(file), large, NOW)
    assert (texts(file), files(file.parent)) == (["satu"], ["bot.db"])


async def test_the_database_is_not_restored_from_itself(file: Path) -> None:
    with pytest.raises(OperatorError, match="is the database itself"):
        await restore(url_of(file), file, NOW)
    assert texts(file) == ["satu"]
