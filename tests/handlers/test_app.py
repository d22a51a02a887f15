"""Starting, receiving and stopping, by polling and behind a webhook."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass, replace

import aiohttp
import pytest
from fake_telegram import FakeTelegram
from running_bot import ANI, BUDI, GROUP, NOW, Echo, Webhook, application, running

from bot.errors import OperatorError
from bot.store.store import Store
from handlers.app import UPDATES, run, serve


@dataclass(frozen=True)
class Settings:
    """The section of the configuration."""

    base_url: str
    webhook: Webhook
    mode: str = "polling"
    staff_chat: int | None = None
    admins: tuple[int, ...] = ()


@pytest.fixture
def webhook() -> Webhook:
    """A webhook on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Webhook.on(port)


async def test_backlog_is_answered_once(fake: FakeTelegram, echo: Echo) -> None:
    """What was written while the bot was away is answered, in order; a second start answers nothing again."""
    fake.says(ANI, "a")
    fake.says(ANI, "b")
    for expected in (["ask: a", "ask: b"], []):
        async with running(await application(fake.base_url, echo, fake.token)):
            fake.says(BUDI, "penanda")
            assert [(await fake.next_message()).text for _ in expected] == expected
            assert (await fake.next_message()).text == "ask: penanda"
    assert fake.unread() == 0


async def test_only_what_is_needed_is_asked_for(fake: FakeTelegram, echo: Echo) -> None:
    """Nothing comes that no handler waits for, and no backlog is thrown away."""
    async with running(await application(fake.base_url, echo, fake.token)):
        fake.says(ANI, "penanda")
        assert (await fake.next_message()).text == "ask: penanda"
    asked = [parameters for method, parameters in fake.calls if method == "getUpdates"]
    assert asked[0]["allowed_updates"] == list(UPDATES)
    assert not any(parameters.get("drop_pending_updates") for _, parameters in fake.calls)


async def test_serve(fake: FakeTelegram, echo: Echo, webhook: Webhook, store: Store) -> None:
    """The one call of the command line: settings in, a running bot out."""
    settings = Settings(fake.base_url, webhook)
    serving = asyncio.create_task(serve(echo, store, fake.token, settings, lambda: NOW))
    fake.says(ANI, "a")
    assert (await fake.next_message()).text == "ask: a"
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_stop_is_quick(fake: FakeTelegram, echo: Echo) -> None:
    """A stop does not wait for the long poll to end."""
    async with running(await application(fake.base_url, echo, fake.token)):
        fake.says(ANI, "a")
        await fake.next_message()
        start = time.monotonic()
    assert time.monotonic() - start < 2


async def test_rejected_token(fake: FakeTelegram, echo: Echo, store: Store) -> None:
    """A wrong token ends the start with the remedy, and without the token."""
    with pytest.raises(OperatorError, match="TELEGRAM_BOT_TOKEN") as caught:
        await run(await application(fake.base_url, echo, "1:wrong-token", store=store))
    assert "wrong-token" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_revoked_token(fake: FakeTelegram, echo: Echo, store: Store) -> None:
    """A token that is revoked while the bot runs ends it with the remedy, instead of silence for ever."""
    task = asyncio.create_task(run(await application(fake.base_url, echo, fake.token, store=store)))
    fake.says(ANI, "a")
    await fake.next_message()
    fake.token = "new"
    fake.says(ANI, "b")
    with pytest.raises(OperatorError, match="TELEGRAM_BOT_TOKEN"):
        await asyncio.wait_for(task, 5)


async def test_second_bot(fake: FakeTelegram, echo: Echo, caplog: pytest.LogCaptureFixture) -> None:
    """A second program with the same token is named in the log, with the remedy."""
    async with running(await application(fake.base_url, echo, fake.token)):
        fake.says(ANI, "a")
        await fake.next_message()
        async with aiohttp.ClientSession() as rival, rival.get(f"{fake.base_url}{fake.token}/getUpdates") as response:
            assert response.status == 200
        fake.says(ANI, "b")
        assert (await fake.next_message()).text == "ask: b"
    assert "Remedy: stop it" in caplog.text


async def test_telegram_is_away_at_the_start(fake: FakeTelegram, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot may start before the network does."""
    monkeypatch.setattr("handlers.app.FIRST_PAUSE", 0.01)
    fake.fail_next("getMe", "reset")
    fake.fail_next("getMe", 502)
    fake.fail_next("deleteWebhook", 500)
    async with running(await application(fake.base_url, echo, fake.token)):
        fake.says(ANI, "a")
        assert (await fake.next_message()).text == "ask: a"


async def test_stop_while_telegram_is_away(echo: Echo) -> None:
    """A bot that still waits for Telegram can be stopped."""
    start = time.monotonic()
    async with running(await application("http://127.0.0.1:9/bot", echo, "1:token")):
        await asyncio.sleep(0.1)
    assert time.monotonic() - start < 2


async def test_menu_that_is_refused(fake: FakeTelegram, echo: Echo, caplog: pytest.LogCaptureFixture) -> None:
    """A menu or a description that can't be set is no reason not to answer."""
    fake.fail_next("setMyCommands", 500)
    fake.fail_next("setMyDescription", 429, retry_after=3600)
    async with running(await application(fake.base_url, echo, fake.token)):
        fake.says(ANI, "a")
        assert (await fake.next_message()).text == "ask: a"
    assert "menu of commands" in caplog.text
    assert "description stays as it was" in caplog.text


async def test_webhook(fake: FakeTelegram, echo: Echo, webhook: Webhook) -> None:
    """Behind a webhook the same messages get the same answers."""
    fake.says(ANI, "sebelum")
    async with running(await application(fake.base_url, echo, fake.token), webhook):
        assert (await fake.next_message()).text == "ask: sebelum"
        fake.says(BUDI, "/tanya@TanyaSmartCityBot apa?", chat=GROUP)
        assert (await fake.next_message()).text == "ask: apa?"
    assert (fake.webhook["secret_token"], fake.webhook["allowed_updates"]) == ("rahasia-webhook", list(UPDATES))
    assert [status for _, status in fake.delivered][-2:] == [200, 200]


async def test_webhook_with_a_wrong_secret(fake: FakeTelegram, echo: Echo, webhook: Webhook) -> None:
    """Whoever does not know the secret is refused."""
    update = {"update_id": 1, "message": fake.says(ANI, "a")}
    async with running(await application(fake.base_url, echo, fake.token), webhook):
        await fake.next_message()
        async with aiohttp.ClientSession() as stranger:
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "tebakan"}):
                response = await stranger.post(webhook.url, json=update, headers=headers)
                assert response.status == 403
        fake.says(BUDI, "penanda")
        assert (await fake.next_message()).chat == BUDI.id


@pytest.mark.parametrize("missing", ["url", "secret_token"])
async def test_webhook_half_set_up(
    fake: FakeTelegram, echo: Echo, webhook: Webhook, missing: str, store: Store
) -> None:
    """Webhook mode without an address or a secret is refused with the remedy."""
    settings = Settings(fake.base_url, replace(webhook, **{missing: ""}), mode="webhook")
    with pytest.raises(OperatorError, match=r"telegram\.webhook\.url"):
        await serve(echo, store, fake.token, settings, lambda: NOW)


async def test_webhook_port_is_taken(fake: FakeTelegram, echo: Echo, webhook: Webhook, store: Store) -> None:
    """A port that something else uses is named with the remedy."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", webhook.port))
        other.listen()
        with pytest.raises(OperatorError, match=r"telegram\.webhook\.port"):
            await run(await application(fake.base_url, echo, fake.token, store=store), webhook)
