"""A fake Telegram, and a bot that listens to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from fake_telegram import FakeTelegram
from running_bot import NOW, STAFF, Echo, application, running
from talking import Talk, talking

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.store.store import Store


@pytest.fixture(scope="session", autouse=True)
def _no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The fake speaks plain HTTP; reading the list of authorities for every bot would take a third of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("authorities")))
        yield


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A Bot API that knows the staff chat."""
    async with FakeTelegram(now=NOW.timestamp) as server:
        server.joins(STAFF)
        yield server


@pytest.fixture
def echo() -> Echo:
    """An assistant that shows what it is asked."""
    return Echo()


@pytest.fixture
async def bot(fake: FakeTelegram, echo: Echo, store: Store) -> AsyncIterator[None]:
    """The Telegram application with the echo, polling the fake, with a staff chat."""
    async with running(await application(fake.base_url, echo, fake.token, STAFF.id, store=store)):
        yield


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty database in memory."""
    opened = await Store.open("sqlite+aiosqlite://")
    yield opened
    await opened.close()


@pytest.fixture
async def talk(fake: FakeTelegram, mind: Mind, store: Store) -> AsyncIterator[Talk]:
    """The bot with the real assistant, and staff behind it."""
    async with talking(fake, Assistant(mind, store, staffed=True), store) as talk:
        yield talk
