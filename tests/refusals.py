"""Whatever the bot sends in the whole test run, Telegram must accept: a refused call fails its test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_telegram import FakeTelegram


@pytest.fixture(autouse=True)
def nothing_refused() -> Iterator[None]:
    """Fails a test in which the bot made a call that is refused (HTTP 400 or 404) and not announced by ``expects``."""
    yield
    surprises = [surprise for fake in FakeTelegram.opened if fake.watched for surprise in fake.surprises()]
    FakeTelegram.opened.clear()
    assert not surprises, f"refused by Telegram; where it is meant to be, announce it by fake.expects(): {surprises}"
