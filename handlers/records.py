"""Keeps what becomes of sends: many lanes at once, as few transactions as possible.

A transaction costs milliseconds of processor time, so whatever has gathered while one was written goes into the next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.errors import DatabaseError
from bot.mail import Outgoing, Settled, Way
from handlers.context import Mail
from handlers.errors import describe
from handlers.notes import Notes

log = logging.getLogger(__name__)

PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds before a transaction that failed is tried again; the last one repeats."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something to be kept, and who waits for that."""

    row: Outgoing
    settled: Settled | None  # None: it is about to be sent
    kept: asyncio.Future[None]


class Records:
    """The one writer of what the lanes report."""

    def __init__(self, mail: Mail, notes: Notes, now: Callable[[], datetime]) -> None:
        self._mail = mail
        self._notes = notes
        self._now = now
        self._pending: list[_Entry] = []
        self._news = asyncio.Event()
        self._ending = False
        self._writing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to write."""
        self._writing = asyncio.create_task(self._run(), name="records")

    async def stop(self, patience: float) -> None:
        """Writes what is left, for at most ``patience`` seconds."""
        self._ending = True
        self._news.set()
        if self._writing is not None:
            _, late = await asyncio.wait({self._writing}, timeout=patience)
            for writing in late:
                writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def mark(self, row: Outgoing) -> None:
        """Keeps that a message is about to be sent."""
        await self._keep(row, None)

    async def settle(self, row: Outgoing, settled: Settled) -> None:
        """Keeps what has become of it."""
        await self._keep(row, settled)

    async def _keep(self, row: Outgoing, settled: Settled | None) -> None:
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append(_Entry(row, settled, kept))
        self._news.set()
        await kept

    async def _run(self) -> None:
        while self._pending or not self._ending:
            await self._news.wait()
            self._news.clear()
            batch, self._pending = self._pending, []
            if not batch:
                continue
            await self._write(batch)
            for entry in batch:
                if not entry.kept.done():
                    entry.kept.set_result(None)

    async def _write(self, batch: Sequence[_Entry]) -> None:
        try:
            await patiently(lambda: self._together(batch, self._notes))
        except Exception as error:
            log.error("what became of a message could not be noted: %s", describe(error))
            for entry in batch:  # without the notes of the one that fails
                await self._alone(entry)

    async def _alone(self, entry: _Entry) -> None:
        """With as little as can be kept of it; where that is nothing, only its own lane hears of it."""
        least = entry if entry.settled is None else replace(entry, settled=replace(entry.settled, message_id=None))
        for less, notes in ((entry, self._notes), (entry, None), (least, None)):
            try:
                return await patiently(partial(self._together, [less], notes))
            except Exception as error:
                failure = error
        if not entry.kept.done():
            entry.kept.set_exception(failure)
        return None

    async def _together(self, batch: Sequence[_Entry], notes: Notes | None) -> None:
        outbox, now = self._mail.outbox, self._now()
        marked = [entry.row.id for entry in batch if entry.settled is None]
        settled = [(entry.row, entry.settled) for entry in batch if entry.settled is not None]
        async with self._mail.unit():
            if marked:
                await outbox.mark(marked)
            if not settled:
                return
            await outbox.settle([one for _, one in settled], now)
            if notes is not None:
                for row, one in settled:
                    await notes.take(row, one, now)
            final = [one.id for _, one in settled if one.way is not Way.WAITING]
            if final:
                await outbox.end(final, now)


async def patiently(write: Callable[[], Awaitable[None]]) -> None:
    """Writes to the database, again and again while it can't be used: what it is told must not be lost."""
    failures = 0
    while True:
        try:
            return await write()
        except DatabaseError as error:
            if not failures:
                log.error("waiting for the database: %s", error)
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1
