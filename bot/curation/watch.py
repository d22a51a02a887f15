"""Tells when the knowledge files have changed: once for every edit, however many files and writes it consists of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from watchfiles import awatch

from bot.curation.load import FAQ_FOLDER, REHEARSAL_FOLDER

STEP_MS = 50  # milliseconds without a further file event that end a batch of events
BATCH_MS = 1_000  # a batch that goes on for longer is looked at all the same
TICK_MS = 2_000  # the files are looked at this often without any event: a network folder or a switched link sends none
QUIET = 0.1  # seconds without a change after which an edit counts as written
LONGEST_GIT = 10.0  # seconds that a git command may take; an older lock was left behind by one that crashed
POLL = 0.05  # seconds between two looks at git's lock
NANOSECONDS = 1_000_000_000  # in a second
SUFFIXES = (".yaml", ".yml")

Fingerprint: TypeAlias = frozenset[tuple[str, int, int, int]]
"""Path, time of the last change, size and number of every knowledge file."""


def fingerprint(folder: Path) -> Fingerprint:
    """What tells one state of the knowledge files from the next, without reading them.

    Only files that are loaded count, so that what editors leave beside them (``.seleksi.yaml.swp``, ``seleksi.yaml~``,
    ``#seleksi.yaml#``, ``4913``) is no change. A folder that is missing has no files.
    """
    return frozenset(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, int, int, int]]:
    for part in (folder, folder / FAQ_FOLDER, folder / REHEARSAL_FOLDER):
        with suppress(OSError):
            for path in part.iterdir():
                if path.suffix in SUFFIXES and not path.name.startswith("."):
                    with suppress(OSError):  # it may be gone by now
                        at = path.stat()
                        yield str(path), at.st_mtime_ns, at.st_size, at.st_ino


def last_change(state: Fingerprint) -> datetime | None:
    """When the files of a state were written last, in UTC; None where there are none."""
    newest = max((written for _, written, _, _ in state), default=None)
    return None if newest is None else datetime.fromtimestamp(newest / NANOSECONDS, UTC)


async def changes(folder: Path, seen: Fingerprint) -> AsyncIterator[None]:
    """Yields once for every edit of the knowledge files, when they are quiet again and git is done.

    ``seen`` is the state already known. What changes while the consumer is busy is told as one more edit. Never ends
    by itself.

    Example: ``async for _ in changes(folder, fingerprint(folder)): …``
    """
    async for _ in _occasions(folder):
        if fingerprint(folder) != seen:
            now = await _settled(folder)
            if now != seen:
                seen = now
                yield


async def _occasions(folder: Path) -> AsyncIterator[None]:
    """Whenever something may have changed: at the start, after file events, and every ``TICK_MS``."""
    while True:
        identity = _identity(folder)
        yield
        events = awatch(
            folder, watch_filter=None, debounce=BATCH_MS, step=STEP_MS, rust_timeout=TICK_MS, yield_on_timeout=True
        )
        try:
            async with aclosing(events):
                async for _ in events:
                    yield
                    if _identity(folder) != identity:  # another folder of this name: events still come from the old one
                        break
        except (FileNotFoundError, PermissionError):
            await asyncio.sleep(TICK_MS / 1000)


def _identity(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        at = folder.stat()
        return at.st_dev, at.st_ino
    return None


async def _settled(folder: Path) -> Fingerprint:
    """The state of the files once nothing has changed for ``QUIET`` seconds, outside of any git command."""
    while True:
        await _git_done(folder)
        before = fingerprint(folder)
        await asyncio.sleep(QUIET)
        if fingerprint(folder) == before:
            return before


async def _git_done(folder: Path) -> None:
    """Waits while git writes files: it holds ``index.lock`` from the first to the last."""
    lock = _git_lock(folder)
    with suppress(OSError):
        while lock is not None and time.time() - lock.stat().st_mtime < LONGEST_GIT:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(POLL)


def _git_lock(folder: Path) -> Path | None:
    """The lock of the git working tree that holds the folder; None where there is no git."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        git = parent / ".git"
        if git.is_dir():
            return git / "index.lock"
        with suppress(OSError, UnicodeDecodeError):  # in a second working tree .git is a file that names the folder
            return parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip() / "index.lock"
    return None
