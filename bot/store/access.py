"""How the parts of the store reach the database: reading, writing in one transaction, erasing for good."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Delete, Executable, RowMapping, Table, Update, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import ONE_STATEMENT, empty_journal, explained

LARGEST_NUMBER = 2**31 - 1
"""That a row can have in any database."""


class Access:
    """One database; every error of it is an OperatorError that names the file and the remedy."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{ONE_STATEMENT: True})

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        with explained(self._engine.url):
            async with self._engine.begin() as connection:
                yield connection

    async def _rows(self, query: Executable, parameters: dict[str, Any] | None = None) -> Sequence[RowMapping]:
        with explained(self._engine.url):
            async with self._reader.connect() as connection:
                return (await connection.execute(query, parameters)).mappings().all()

    async def _change(self, change: Update) -> int:
        async with self._transaction() as connection:
            return (await connection.execute(change)).rowcount

    async def _erase(self, *deletions: Delete) -> int:
        """Delete rows in one transaction, in the order given, and make that final on the disk; returns how many."""
        async with self._transaction() as connection:
            rows = sum([(await connection.execute(deletion)).rowcount for deletion in deletions])
        if rows:
            with explained(self._engine.url):
                await empty_journal(self._engine)
        return rows


async def inserted(connection: AsyncConnection, table: Table, row: dict[str, Any]) -> int:
    """Insert a row and return the number that the database gave it."""
    (number,) = tuple((await connection.execute(insert(table), row)).inserted_primary_key or ())
    return int(number)
