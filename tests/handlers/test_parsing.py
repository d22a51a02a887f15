"""Updates as they come: what can't be read is set aside, and who receives hears how it goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from telegram.error import Conflict, TelegramError, TimedOut

from handlers.parsing import CarefulRequest, parsed

SOUND = {
    "update_id": 7,
    "message": {"message_id": 5, "date": 1, "chat": {"id": 101, "type": "private"}, "text": "halo"},
}
UNREADABLE = {"update_id": 8, "message": {"text": "rahasia"}}


@dataclass
class Line:
    """A connection for getUpdates to a server that gives one answer, and what it told of that."""

    heard: int = 0
    failures: list[TelegramError] = field(default_factory=list)

    def hears(self) -> None:
        self.heard += 1

    async def fetch(self, answer: object, status: int = 200, *, silent: bool = False) -> object:
        async with _server(answer, status, silent=silent) as address:
            request = CarefulRequest(self.hears, self.failures.append, read_timeout=0.2)
            async with request:
                return await request.post(address)


@asynccontextmanager
async def _server(answer: object, status: int, *, silent: bool) -> AsyncIterator[str]:
    async def serve(_: web.Request) -> web.Response:
        if silent:
            await asyncio.sleep(1)
        return web.Response(text=json.dumps(answer), status=status, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def test_a_sound_update_is_read() -> None:
    message = parsed(SOUND).message
    assert message is not None
    assert message.text == "halo"


def test_what_cannot_be_read_keeps_its_number(caplog: pytest.LogCaptureFixture) -> None:
    assert parsed(UNREADABLE).to_dict() == {"update_id": 8}
    assert "update 8 can't be read" in caplog.text
    assert "rahasia" not in caplog.text


async def test_one_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    line = Line()
    came = await line.fetch({"ok": True, "result": [UNREADABLE, SOUND, {"no": "number"}, "text"]})
    assert came == [{"update_id": 8}, SOUND]
    assert (line.heard, line.failures) == (1, [])


async def test_a_refusal_is_no_answer() -> None:
    """A second poller must not look like messages that come in."""
    line = Line()
    with pytest.raises(Conflict):
        await line.fetch({"ok": False, "error_code": 409, "description": "Conflict: terminated"}, 409)
    assert (line.heard, line.failures) == (0, [])  # the updater tells of it


async def test_silence_is_told_since_nobody_else_does() -> None:
    line = Line()
    with pytest.raises(TimedOut):
        await line.fetch({"ok": True, "result": []}, silent=True)
    assert line.heard == 0
    assert [type(error) for error in line.failures] == [TimedOut]
