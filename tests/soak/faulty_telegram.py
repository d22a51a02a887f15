"""A Bot API on a bad day: it is slow, fails at random, and remembers what it has really delivered to whom."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web
from fake_telegram import FakeTelegram, Json, RefusalError, parse_html

SENDING, POLLING = "sendMessage", "getUpdates"
TOO_LATE = {SENDING: 6.0, POLLING: 16.0}
"""Seconds after which nobody listens any more: python-telegram-bot waits 5 s, and 10 s more for updates."""

LONGEST_WAIT = 3  # seconds, the most that a 429 asks for
REMEMBERED = 200  # updates that may come once more
MOST_AGAIN = 3  # updates that come once more together


class Fault(StrEnum):
    """What goes wrong with a call."""

    FLOOD = "429"
    ERROR = "500"
    GATEWAY = "502"
    GATEWAY_DONE = "502, but done"
    LATE = "too late"
    LATE_DONE = "too late, but done"
    RESET = "reset"
    RESET_DONE = "reset, but done"
    GARBAGE_DONE = "no JSON, but done"
    AGAIN = "updates once more"


DONE = {Fault.GATEWAY_DONE, Fault.LATE_DONE, Fault.RESET_DONE, Fault.GARBAGE_DONE}
"""After these the message stands in its chat, and the bot can't know."""

QUICK = tuple(fault for fault in Fault if fault not in {Fault.AGAIN, Fault.LATE, Fault.LATE_DONE})
EVERY = (*QUICK, Fault.LATE, Fault.LATE_DONE)


@dataclass(slots=True, eq=False)
class Call:
    """One call of sendMessage as it came; times are seconds of the monotonic clock."""

    at: float
    chat: int
    fault: Fault | None = None
    wait: int = 0  # seconds that a 429 asks for
    forbidden: bool = False  # the person has blocked the bot
    message_id: int | None = None  # where it was delivered
    text: str = ""  # after entity parsing
    bold: tuple[str, ...] = ()  # the words of it in bold
    reply_to: int | None = None
    answered_at: float | None = None  # when the bot was told; None where it can't have understood


@dataclass
class FaultyTelegram(FakeTelegram):
    """``rates`` are the shares of calls that fail, by method ("" for all others); 0 to 1."""

    latency: float = 0.0  # seconds that every call takes
    rates: dict[str, float] = field(default_factory=dict)
    kinds: tuple[Fault, ...] = EVERY  # that a call may have
    rng: random.Random = field(default_factory=random.Random)
    record: list[Call] = field(default_factory=list)  # every sendMessage, in order
    faults: Counter[Fault] = field(default_factory=Counter)
    handed_out: dict[int, float] = field(default_factory=dict)  # update id → when the bot got it first
    polls: int = 0
    delivering: asyncio.Event = field(default_factory=asyncio.Event)  # set at every delivery
    handing_out: asyncio.Event = field(default_factory=asyncio.Event)  # set whenever updates are handed out

    def __post_init__(self) -> None:
        super().__post_init__()
        self._earlier: deque[Json] = deque(maxlen=REMEMBERED)

    async def __aenter__(self) -> FaultyTelegram:
        await super().__aenter__()
        return self

    @property
    def latest(self) -> int:
        """The id of the update that was made last."""
        return int(self._pending[-1]["update_id"])

    async def _perform(self, method: str, action: Any, parameters: Json, request: web.Request) -> web.StreamResponse:
        call = Call(time.monotonic(), int(parameters.get("chat_id", 0)))
        if method == SENDING:
            call.text, entities = parse_html(parameters["text"])
            call.bold = tuple(words for tag, words in entities if tag == "b")
            call.reply_to = (parameters.get("reply_parameters") or {}).get("message_id")
            self.record.append(call)
        call.fault = self._drawn(method)
        done: dict[str, Any] = {}

        async def noted(given: Json) -> Any:
            done["result"] = result = await self._noted(method, action, given, call)
            return result

        if call.fault in DONE:
            await noted(parameters)
        if call.fault is None:
            response = await super()._perform(method, noted, parameters, request)
            await asyncio.sleep(self.latency)
            call.answered_at = time.monotonic()
            return response
        return await self._failed(method, call, request)

    async def _noted(self, method: str, action: Any, parameters: Json, call: Call) -> Any:
        """Performs a call, and notes what has come of it."""
        if method == POLLING:
            self.polls += 1
        try:
            result = await action(parameters)
        except RefusalError as refusal:
            call.forbidden = refusal.status == web.HTTPForbidden.status_code
            if call.fault is None:
                await asyncio.sleep(self.latency)
                call.answered_at = time.monotonic()
                raise
            return None
        if method == SENDING:
            call.message_id = result["message_id"]
            self.delivering.set()
        return result

    async def _failed(self, method: str, call: Call, request: web.Request) -> web.StreamResponse:
        fault = call.fault
        await asyncio.sleep(TOO_LATE.get(method, TOO_LATE[SENDING]) if fault in {Fault.LATE, Fault.LATE_DONE} else 0)
        match fault:
            case Fault.FLOOD:
                call.wait = self.rng.randint(1, LONGEST_WAIT)
                call.answered_at = time.monotonic()
                described = f"Too Many Requests: retry after {call.wait}"
                raise RefusalError(429, described, provoked=True, retry_after=call.wait)
            case Fault.ERROR:
                raise RefusalError(500, "Internal Server Error", provoked=True)
            case Fault.GATEWAY | Fault.GATEWAY_DONE:
                return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            case Fault.GARBAGE_DONE:
                return web.Response(text='{"ok": true, "resu', content_type="application/json")
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _do_get_updates(self, parameters: Json) -> list[Json]:
        updates = await super()._do_get_updates(parameters)
        if updates and self._earlier and self.rng.random() < self.rates.get(POLLING, 0.0):
            self.faults[Fault.AGAIN] += 1
            updates = self.rng.sample(self._earlier, min(len(self._earlier), MOST_AGAIN)) + updates
        now = time.monotonic() + self.latency
        for update in updates:
            self.handed_out.setdefault(update["update_id"], now)
        known = {update["update_id"] for update in self._earlier}
        self._earlier.extend(update for update in updates if update["update_id"] not in known)
        if updates:
            self.handing_out.set()
        return updates

    def _drawn(self, method: str) -> Fault | None:
        if self.rng.random() >= self.rates.get(method, self.rates.get("", 0.0)):
            return None
        fault = self.rng.choice(self.kinds)
        self.faults[fault] += 1
        return fault
