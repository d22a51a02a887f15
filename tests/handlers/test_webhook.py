"""Telegram's calls: who may call, what is stored before the 200, and what never comes again for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from fake_telegram import FakeTelegram
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.errors import ConfigurationError
from handlers.listening import LARGEST_BODY
from handlers.webhook import SECRET_HEADER, announce, read, receiving

SECRET = "rahasia-webhook"
MESSAGE = {"message_id": 5, "date": 1, "chat": {"id": 101, "type": "private"}, "text": "halo"}
UPDATE = {"update_id": 7, "message": MESSAGE}


@dataclass(frozen=True)
class Settings:
    """A webhook on a free port."""

    listen: str = "127.0.0.1"
    port: int = 0
    path: str = "telegram"
    url: str = "https://bot.example.go.id/telegram"
    secret_token: str = SECRET
    max_connections: int = 8


@dataclass
class Inbox:
    """Keeps what it is given, unless it is told to fail, or to wait."""

    kept: list[Update] = field(default_factory=list)
    failure: Exception | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, update: Update) -> None:
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        self.kept.append(update)


@dataclass
class Hook:
    """The running server as Telegram sees it."""

    inbox: Inbox
    port: int

    async def call(
        self, body: bytes | None = None, *, secret: str | None = SECRET, path: str = "/telegram", method: str = "POST"
    ) -> tuple[int, bytes]:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        data = json.dumps(UPDATE).encode() if body is None else body
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, f"http://127.0.0.1:{self.port}{path}", data=data) as response,
        ):
            return response.status, await response.read()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Hook]:
    inbox = Inbox()
    inbox.open.set()
    async with receiving(settings, inbox.take) as port:
        yield Hook(inbox, port)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with running(Settings()) as hook:
        yield hook


async def test_an_update_is_stored(hook: Hook) -> None:
    assert await hook.call() == (200, b"")
    (update,) = hook.inbox.kept
    assert update.message is not None
    assert (update.update_id, update.message.text) == (7, "halo")


@pytest.mark.parametrize("path", ["telegram", "/telegram", "/a/b-c_d/"])
async def test_the_path_may_be_written_with_slashes(path: str) -> None:
    async with running(Settings(path=path)) as hook:
        clean = f"/{path.strip('/')}"
        assert (await hook.call(path=clean))[0] == (await hook.call(path=f"{clean}/"))[0] == 200


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ({"secret": None}, 403),
        ({"secret": ""}, 403),
        ({"secret": SECRET[:-1]}, 403),
        ({"secret": f"{SECRET}x"}, 403),
        ({"secret": "é"}, 403),
        ({"path": "/"}, 404),
        ({"path": "/telegram/lagi"}, 404),
        ({"path": "/telegramx"}, 404),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"body": b"x" * (LARGEST_BODY + 1)}, 400),
    ],
    ids=str,
)
async def test_who_is_not_telegram_is_refused_without_a_word(hook: Hook, call: dict[str, str], status: int) -> None:
    try:
        assert await hook.call(**call) == (status, b"")  # type: ignore[arg-type]
    except aiohttp.ClientConnectionError:
        assert "body" in call  # the connection is closed while we are still sending
    assert hook.inbox.kept == []


async def test_the_first_wrong_secret_is_logged_without_it(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    """A proxy that drops the header would be hard to find otherwise; strangers shall not fill the log."""
    for _ in range(3):
        await hook.call(secret="tebakan")
    assert caplog.text.count(f"let the proxy pass on the header {SECRET_HEADER}") == 1
    assert "tebakan" not in caplog.text
    assert SECRET not in caplog.text


async def test_telegram_is_answered_only_when_it_is_stored(hook: Hook) -> None:
    hook.inbox.open.clear()
    calling = asyncio.create_task(hook.call())
    await asyncio.sleep(0.2)
    assert not calling.done()
    hook.inbox.open.set()
    assert (await calling)[0] == 200


@pytest.mark.parametrize(("failure", "status"), [(TelegramError("locked"), 503), (ValueError("halo"), 500)])
async def test_what_cannot_be_stored_is_asked_for_again(
    hook: Hook, failure: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    hook.inbox.failure = failure
    assert await hook.call() == (status, b"")
    assert "halo" not in caplog.text
    hook.inbox.failure = None
    assert (await hook.call())[0] == 200


UNREADABLE = {
    "a message of another form": json.dumps({"update_id": 7, "message": {"text": "rahasia"}}).encode(),
    "broken off": json.dumps(UPDATE | {"x": "rahasia"}).encode()[:-9],
    "not UTF-8": b'{"update_id" : 7, "message": {"text": "rahasia \xff"}}',
    "too deep": b'{"update_id": 7, "message": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_cannot_be_read_is_set_aside_by_its_number(
    hook: Hook, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused, it would come again for ever, and hold up what comes after it."""
    assert (await hook.call(body))[0] == 200
    assert [update.to_dict() for update in hook.inbox.kept] == [{"update_id": 7}]
    assert "rahasia" not in caplog.text


@pytest.mark.parametrize("body", [b"", b"[]", b"halo", b'{"update_id": "x"}', b'{"update_id": true}'])
async def test_what_has_not_even_a_number_is_logged_and_dropped(
    hook: Hook, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await hook.call(body))[0] == 200
    assert hook.inbox.kept == []
    assert "without a number is no" in caplog.text


def test_a_sound_update_is_read_whole() -> None:
    update = read(json.dumps(UPDATE).encode())
    assert update is not None
    assert update.to_dict()["message"]["text"] == "halo"


@pytest.mark.parametrize("missing", ["url", "secret_token"])
async def test_settings_that_are_not_complete_are_named(missing: str) -> None:
    settings = Settings(url="") if missing == "url" else Settings(secret_token="")
    with pytest.raises(ConfigurationError, match=r"telegram\.webhook\.url"):
        async with running(settings):
            pass


# Telling Telegram


@asynccontextmanager
async def bot_of(fake: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(fake.token, base_url=fake.base_url) as bot:
        yield bot


async def test_telegram_is_told_where_to_call(fake: FakeTelegram) -> None:
    async with bot_of(fake) as bot:
        await announce(bot, Settings(), ["message", "callback_query"])
    expected = {"url": Settings.url, "secret_token": SECRET, "max_connections": 8}
    assert fake.webhook == expected | {"allowed_updates": ["message", "callback_query"]}


async def test_it_is_told_again_while_it_is_out_of_reach(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("handlers.webhook.FIRST_PAUSE", 0.01)
    fake.fail_next("setWebhook", "reset")
    fake.fail_next("setWebhook", 502)
    fake.fail_next("setWebhook", 429, retry_after=1)
    async with bot_of(fake) as bot:
        await announce(bot, Settings(), ["message"])
    assert fake.webhook["url"] == Settings.url
    assert caplog.text.count("the webhook can't be set, next try in") == 3


async def test_an_address_that_telegram_refuses_is_named(fake: FakeTelegram) -> None:
    fake.fail_next("setWebhook", 400)
    async with bot_of(fake) as bot:
        with pytest.raises(ConfigurationError, match=r"Telegram refuses the webhook .*telegram\.webhook\.url"):
            await announce(bot, Settings(), ["message"])
