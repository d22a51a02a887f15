"""Watching the knowledge files: one edit is told once, whatever an editor or git does on the way."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.curation import watch
from bot.curation.watch import changes, fingerprint

AFTER = 0.25  # seconds in which a second telling of the same edit would come
LATEST = 4.0  # seconds in which an edit is told
TICK_MS = 100  # instead of two seconds, for what sends no events


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the places where knowledge is read from."""
    made = tmp_path / "knowledge"
    for name in ("pesan.yaml", "faq/seleksi.yaml", "uji/seleksi.yaml"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text("- lama\n")
    return made


class Told:
    """How often an edit was told."""

    def __init__(self) -> None:
        self.times = 0
        self.once_more = asyncio.Event()

    async def in_the_end(self, expected: int) -> int:
        """How often it was told, after waiting for as many times as expected, and for one more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LATEST):
                while self.times < expected:
                    await self.once_more.wait()
                    self.once_more.clear()
        await asyncio.sleep(AFTER)
        return self.times


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Told]:
    """Counts the edits told while watching; watching has begun when this is entered."""
    told = Told()

    async def count() -> None:
        async for _ in changes(folder, seen):
            told.times += 1
            told.once_more.set()

    seen = fingerprint(folder)
    task = asyncio.create_task(count())
    await asyncio.sleep(0.05)
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def in_place(folder: Path) -> None:
    (folder / "faq" / "seleksi.yaml").write_text("- baru\n")


def by_replacing(folder: Path) -> None:
    """As most editors save: a new file takes the name of the old one."""
    (folder / "faq" / ".seleksi.yaml.tmp").write_text("- baru\n")
    (folder / "faq" / ".seleksi.yaml.tmp").replace(folder / "faq" / "seleksi.yaml")


def as_vim_saves(folder: Path) -> None:
    """A swap file, a probe named 4913, the old file as a backup, the new file."""
    faq = folder / "faq"
    for name in (".seleksi.yaml.swp", "4913"):
        (faq / name).write_text("")
    (faq / "4913").unlink()
    (faq / "seleksi.yaml").rename(faq / "seleksi.yaml~")
    (faq / "seleksi.yaml").write_text("- baru\n")
    (faq / "seleksi.yaml~").unlink()
    (faq / ".seleksi.yaml.swp").unlink()


def new_file(folder: Path) -> None:
    (folder / "faq" / "kontak.yaml").write_text("- baru\n")


def deleted_file(folder: Path) -> None:
    (folder / "uji" / "seleksi.yaml").unlink()


def fifty_files(folder: Path) -> None:
    for number in range(50):
        (folder / "faq" / f"topik-{number}.yaml").write_text("- baru\n")


def another_folder_of_the_same_name(folder: Path) -> None:
    """As a deployment that unpacks beside and renames."""
    shutil.copytree(folder, folder.with_name("neu"))
    in_place(folder.with_name("neu"))
    folder.rename(folder.with_name("old"))
    folder.with_name("neu").rename(folder)


def new_file_in_a_new_folder(folder: Path) -> None:
    (folder / "faq").mkdir(parents=True, exist_ok=True)
    new_file(folder)


def missing_folder(folder: Path) -> None:
    folder.rename(folder.with_name("old"))


EDITS = [in_place, by_replacing, as_vim_saves, new_file, deleted_file, fifty_files]


@pytest.mark.parametrize("edit", EDITS)
async def test_an_edit_is_told_once(folder: Path, edit: Callable[[Path], None]) -> None:
    async with watching(folder) as told:
        edit(folder)
        assert await told.in_the_end(1) == 1


@pytest.mark.parametrize("edit", [another_folder_of_the_same_name, missing_folder])
async def test_the_folder_may_be_another_one(
    folder: Path, edit: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it has gone is told, and what is edited in the one that takes its place as well."""
    monkeypatch.setattr(watch, "TICK_MS", TICK_MS)
    async with watching(folder) as told:
        edit(folder)
        assert await told.in_the_end(1) == 1
        new_file_in_a_new_folder(folder)
        assert await told.in_the_end(2) == 2


TEMPORARY = [
    ".seleksi.yaml.swp",
    "seleksi.yaml~",
    "#seleksi.yaml#",
    "4913",
    "seleksi.yaml.tmp",
    "seleksi.yaml.bak",
    ".goutputstream-X1",
    "seleksi.yaml___jb_tmp___",
    ".#seleksi.yaml",
]


async def test_temporary_files_are_no_edit(folder: Path) -> None:
    """What editors leave beside a file while it is open changes nothing."""
    async with watching(folder) as told:
        for name in TEMPORARY:
            (folder / "faq" / name).write_text("sementara")
            await asyncio.sleep(0.02)
        (folder / "faq" / "seleksi.yaml").read_text()
        assert await told.in_the_end(0) == 0


async def test_what_was_edited_before_watching_is_told(folder: Path) -> None:
    """An edit made while the bot was starting is not lost."""
    seen = fingerprint(folder)
    in_place(folder)
    async with asyncio.timeout(LATEST):
        await anext(changes(folder, seen))


async def test_a_file_written_in_pieces_is_told_when_it_is_whole(folder: Path) -> None:
    """Slow writing, with pauses shorter than the quiet time, is one edit."""
    whole = "- " + "baru " * 10
    async with watching(folder) as told:
        with (folder / "faq" / "seleksi.yaml").open("w") as file:
            for letter in range(0, len(whole), 8):
                file.write(whole[letter : letter + 8])
                file.flush()
                await asyncio.sleep(watch.QUIET / 2)
                assert told.times == 0
        assert await told.in_the_end(1) == 1


async def test_edits_while_the_last_one_is_taken_over_are_one_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow consumer hears once of everything that it has missed."""
    monkeypatch.setattr(watch, "TICK_MS", TICK_MS)
    told = changes(folder, frozenset())
    new_file(folder)
    await anext(told)
    for name in ("pesan.yaml", "faq/seleksi.yaml", "uji/seleksi.yaml"):
        await asyncio.sleep(0.1)
        (folder / name).write_text("- baru\n")
    async with asyncio.timeout(LATEST):
        await anext(told)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(told), AFTER)


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights of their own on Windows")
async def test_a_switched_link_is_an_edit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment by link sends no file event at all."""
    monkeypatch.setattr(watch, "TICK_MS", TICK_MS)
    shutil.copytree(folder, folder.with_name("v2"))
    link, switched = folder.with_name("current"), folder.with_name("switched")
    link.symlink_to(folder)
    switched.symlink_to(folder.with_name("v2"))
    async with watching(link) as told:
        switched.replace(link)
        assert await told.in_the_end(1) == 1
        in_place(folder.with_name("v2"))
        assert await told.in_the_end(2) == 2


# git


def git(folder: Path, *command: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *command],
        cwd=folder, check=True, capture_output=True, env={k: v for k, v in os.environ.items() if k[:4] != "GIT_"},
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_a_checkout_is_one_edit(folder: Path) -> None:
    """Sixty files that git changes in one go."""
    for state in ("lama", "baru"):
        for number in range(60):
            (folder / "faq" / f"topik-{number}.yaml").write_text(f"- {state} {number}\n")
        if state == "lama":
            git(folder, "init", "--quiet", "--initial-branch=lama")
        else:
            git(folder, "checkout", "--quiet", "-b", "baru")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", state)
    async with watching(folder) as told:
        git(folder, "checkout", "--quiet", "lama")
        assert await told.in_the_end(1) == 1


@pytest.mark.parametrize("second_tree", [False, True], ids=["repository", "second-working-tree"])
async def test_git_is_waited_for(folder: Path, second_tree: bool) -> None:
    """While git holds its lock the files are of two versions, however quiet they are."""
    git_folder = folder.parent / ".git"
    if second_tree:
        git_folder.write_text("gitdir: ../elsewhere/worktrees/tree\n")
        git_folder = folder.parent / "../elsewhere/worktrees/tree"
    git_folder.mkdir(parents=True)
    lock = git_folder / "index.lock"
    lock.touch()
    async with watching(folder) as told:
        in_place(folder)
        assert await told.in_the_end(0) == 0
        lock.unlink()
        assert await told.in_the_end(1) == 1


async def test_a_lock_left_behind_is_not_waited_for(folder: Path) -> None:
    """A git that crashed must not stop the staff's edits."""
    lock = folder.parent / ".git" / "index.lock"
    lock.parent.mkdir()
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    async with watching(folder) as told:
        in_place(folder)
        assert await told.in_the_end(1) == 1
