"""A fake Telegram, and a bot that listens to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fake_telegram import FakeTelegram
from running_bot import STAFF, Echo, application, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A Bot API that must have had nothing to refuse when the test is over."""
    async with FakeTelegram() as server:
        server.joins(STAFF)
        yield server
        assert server.refused == []


@pytest.fixture
def echo() -> Echo:
    """An assistant that shows what it is asked."""
    return Echo()


@pytest.fixture
async def bot(fake: FakeTelegram, echo: Echo) -> AsyncIterator[None]:
    """The Telegram application with the echo, polling the fake, with a staff chat."""
    async with running(application(fake.base_url, echo, fake.token, STAFF.id)):
        yield
