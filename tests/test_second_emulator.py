"""A second opinion: the bot against a Bot API that we did not write, ``lo-bot-api-emulator``.

Our own fake may share our misunderstandings. This one was written by others for another service that speaks the same
API: it knows neither groups nor HTML, and some parameters are missing there (``MISSING``), but it reads every call
with eyes of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator  # type: ignore[import-untyped]
from running_bot import Webhook, application, running

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.store.store import Store

Json = dict[str, Any]

TOKEN = "7000000002:AAHn0-t0ken-of-the-second-opinion"
USERNAME = "TanyaSmartCityBot"
ANI = {"id": 101, "is_bot": False, "first_name": "Ani"}

MISSING = {"sendMessage": {"link_preview_options"}, "answerInlineQuery": {"button"}}
"""Parameters of the Bot API (7.0 and 6.7) that the emulator does not know yet: taken away before it looks."""

NOT_THERE = {(f"{verb}My{what}Description", 501) for verb, what in itertools.product(("get", "set"), ("", "Short"))}
"""Calls that the emulator answers with "not implemented", as it does for every bot."""

STILL_POLLING = {("getUpdates", 409)}
"""It notices up to 100 ms late that a poll was given up, so the last one, when the bot stops, meets the one before."""

PATIENCE = 10.0
"""Seconds until something that the bot does must have happened."""


class Named(LoBotApiEmulator):  # type: ignore[misc]  # it ships no types
    """The emulator with a bot that has a name, as every bot has, and with a memory for what it was told."""

    def __init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True)
        self.calls: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()

    def validate(self, method: str, fields: Json, uploads: Json) -> Any:
        known = {name: value for name, value in fields.items() if name not in MISSING.get(method, ())}
        result = super().validate(method, known, uploads)
        if method == "getMe":
            result = result | {"username": USERNAME}
        number = {"message_id": result["message_id"]} if method == "sendMessage" else {}
        self.calls.put_nowait((method, fields | number))
        return result

    @property
    def refused(self) -> set[tuple[str, int]]:
        return {(call["method"], call["status"]) for call in self.requests if call["status"] != 200}


@dataclass
class Ani:
    """Somebody who writes to the bot, and sees what comes of it."""

    emulator: Named
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))

    async def says(self, text: str) -> Json:
        """Sends a message and returns what the bot sends back."""
        command = {"type": "bot_command", "offset": 0, "length": len(text)}
        message = self._message() | {"from": ANI, "text": text} | ({"entities": [command]} if text[0] == "/" else {})
        return await self._brings({"message": message}, "sendMessage")

    async def presses(self, sent: Json, label: str) -> Json:
        """Presses a button under a message of the bot and returns the acknowledgement."""
        keyboard = json.loads(sent["reply_markup"])
        (data,) = (b["callback_data"] for row in keyboard["inline_keyboard"] for b in row if b["text"] == label)
        under = self._message() | {"message_id": sent["message_id"], "text": sent["text"], "reply_markup": keyboard}
        query = {"id": str(next(self.numbers)), "from": ANI, "chat_instance": "1", "message": under, "data": data}
        return await self._brings({"callback_query": query}, "answerCallbackQuery")

    async def types(self, words: str) -> Json:
        """Types after the bot's name in another chat and returns what the bot offers."""
        query = {"id": str(next(self.numbers)), "from": ANI, "query": words, "offset": ""}
        return await self._brings({"inline_query": query}, "answerInlineQuery")

    async def next(self, method: str) -> Json:
        """The next call of a method."""
        async with asyncio.timeout(PATIENCE):
            while True:
                called, fields = await self.emulator.calls.get()
                if called == method:
                    return fields

    async def _brings(self, update: Json, method: str) -> Json:
        await self.emulator.enqueue_update(update, token=TOKEN)
        return await self.next(method)

    def _message(self) -> Json:
        chat = {"id": ANI["id"], "type": "private", "first_name": "Ani"}
        return {"message_id": next(self.numbers), "date": 1, "chat": chat}


@pytest.fixture
async def emulator() -> AsyncIterator[tuple[Named, str]]:
    """The emulator on a free port, with the address up to the token."""
    made = Named()
    runner = web.AppRunner(made.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield made, f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    await runner.cleanup()


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_a_conversation(emulator: tuple[Named, str], mind: Mind, by_webhook: bool) -> None:
    """Greeting, answer, rating, choice and inline results arrive, and nothing that the bot says is refused."""
    server, base_url = emulator
    store = await Store.open("sqlite+aiosqlite://")
    ani, webhook = Ani(server), Webhook.on(_free_port()) if by_webhook else None
    async with running(await application(base_url, Assistant(mind, store), TOKEN, store=store), webhook):
        if webhook is not None:
            assert (await ani.next("setWebhook"))["url"] == webhook.url
            await _listening(webhook.port)
        assert mind.says("mulai") in (await ani.says("/start"))["text"].replace("<b>", "*").replace("</b>", "*")
        answer = await ani.says("apa saja syarat agar daerah terpilih?")
        assert "Sumber:" in answer["text"]
        assert (await ani.presses(answer, "👍"))["text"] == mind.says("nilai_membantu")
        assert json.loads((await ani.next("editMessageReplyMarkup"))["reply_markup"]) != answer["reply_markup"]
        topics = await ani.says("/topik")
        await ani.presses(topics, mind.knowledge.topics[0].title)
        assert mind.knowledge.topics[0].title in (await ani.next("sendMessage"))["text"]
        articles = json.loads((await ani.types("syarat"))["results"])
        assert "syarat" in articles[0]["title"].casefold()
    await store.close()
    assert server.refused <= NOT_THERE | STILL_POLLING


async def _listening(port: int) -> None:
    """Waits for the webhook: unlike Telegram the emulator does not try again by itself."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
