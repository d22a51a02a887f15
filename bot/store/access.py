"""How the parts of the store reach the database: reading, writing in one transaction, erasing for good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Delete, Executable, RowMapping, Table, Update, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import OperatorError
from bot.store.database import ONE_STATEMENT, empty_journal, explained

log = logging.getLogger(__name__)

LARGEST_NUMBER = 2**31 - 1
"""That a row can have in any database."""


class _Unit:
    """Several calls that are one transaction; it begins with the first of them that writes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.task = asyncio.current_task()
        self.stack = AsyncExitStack()
        self.connection: AsyncConnection | None = None
        self.erased = False
        self.done: list[Callable[[], None]] = []  # what is to be told once it is committed

    async def begin(self) -> AsyncConnection:
        if self.connection is None:
            self.connection = await self.stack.enter_async_context(self.engine.begin())
        return self.connection


_unit: ContextVar[_Unit | None] = ContextVar("unit", default=None)


class Access:
    """One database; every error of it is an OperatorError that names the file and the remedy."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{ONE_STATEMENT: True})

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[None]:
        """Make everything that this task writes inside one transaction: all of it is kept, or nothing.

        It takes the lock with the first write, so that reading, or waiting for something else before it, keeps nobody
        waiting. An exception undoes it. A unit inside a unit is part of it; a task that is started inside is not.

        Example::

            async with store.unit():
                await store.set_person_region("101", "35.24", now)
                await store.inbox.conclude(500001, now)
        """
        if self._own() is not None:
            yield
            return
        unit = _Unit(self._engine)
        token = _unit.set(unit)
        try:
            yield
        except BaseException as error:
            with explained(self._engine.url):
                await unit.stack.__aexit__(type(error), error, error.__traceback__)
            raise
        finally:
            _unit.reset(token)
        with explained(self._engine.url):
            await unit.stack.aclose()
        for told in unit.done:
            told()
        if unit.erased:
            await self._finalise()

    async def _finalise(self) -> None:
        """Make deletions final; a failure is no error of the unit, which is kept and must not be tried again."""
        try:
            with explained(self._engine.url):
                await empty_journal(self._engine)
        except OperatorError as error:
            log.error("what was deleted stays in the journal until the next deletion: %s", error)

    def _own(self) -> _Unit | None:
        """The unit of this task. One that it was started in belongs to another task, and may be over."""
        found = _unit.get()
        mine = found is not None and found.task is asyncio.current_task() and found.engine is self._engine
        return found if mine else None

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        own = self._own()
        with explained(self._engine.url):
            if own is not None:
                yield await own.begin()
                return
            async with self._engine.begin() as connection:
                yield connection

    async def _rows(self, query: Executable, parameters: dict[str, Any] | None = None) -> Sequence[RowMapping]:
        own = self._own()
        with explained(self._engine.url):
            if own is not None and own.connection is not None:  # what it has written itself is seen only there
                return (await own.connection.execute(query, parameters)).mappings().all()
            async with self._reader.connect() as connection:
                return (await connection.execute(query, parameters)).mappings().all()

    async def _change(self, change: Update) -> int:
        async with self._transaction() as connection:
            return (await connection.execute(change)).rowcount

    async def _erase(self, *deletions: Delete | Update) -> int:
        """Delete rows in one transaction, in the order given, and make that final on the disk; returns how many."""
        own = self._own()
        async with self._transaction() as connection:
            rows = sum([(await connection.execute(deletion)).rowcount for deletion in deletions])
        if own is not None:
            own.erased = own.erased or bool(rows)
        elif rows:
            with explained(self._engine.url):
                await empty_journal(self._engine)
        return rows

    def _once_kept(self, told: Callable[[], None]) -> None:
        """Calls ``told`` when the transaction is committed: at once where there is none."""
        own = self._own()
        if own is None:
            told()
        else:
            own.done.append(told)


async def inserted(connection: AsyncConnection, table: Table, row: dict[str, Any]) -> int:
    """Insert a row and return the number that the database gave it."""
    (number,) = tuple((await connection.execute(insert(table), row)).inserted_primary_key or ())
    return int(number)
