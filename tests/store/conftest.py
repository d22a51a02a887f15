"""A store of each kind, and the files it leaves behind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of an SQLite file in a folder that does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path}/data/bot.db"


@pytest.fixture(params=["memory", "file"])
async def store(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Store]:
    """An empty store, once in memory and once as a file."""
    opened = await Store.open("sqlite+aiosqlite://" if request.param == "memory" else url)
    yield opened
    await opened.close()
