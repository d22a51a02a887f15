"""The only one who sends: a lane for each chat, in which order is kept, and as many lanes at once as Telegram likes."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import timedelta

from telegram.ext import ExtBot

from bot.mail import Outgoing, Settled, Way
from handlers import merging
from handlers.calls import call
from handlers.context import Services
from handlers.errors import describe
from handlers.limits import LONG_AGO, MINUTE, Pace, pace_of, pace_of_all
from handlers.notes import Notes
from handlers.outcomes import Fate, Outcome
from handlers.records import Records, patiently

log = logging.getLogger(__name__)

PAUSES = (0.5, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds before the second, third … try of a message; the last one repeats."""

MOST_UNKNOWN = 10
"""Tries of which nobody knows whether they arrived, until a message is given up: each may be one more in the chat."""

LONGEST_WAIT = timedelta(hours=23)
"""How long a message is tried: a little shorter than its words are kept (``bot.store.inbox.RAW_LIFE``)."""

LAST_WORDS = 3.0
"""Seconds that a stop waits for what is being sent."""

MOST_LANES = 1_000
"""Lanes that are kept although nothing waits in them; then those that have rested long enough are forgotten."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time that paces the lanes, in seconds from any moment; ``speed`` lets a test see minutes pass in seconds."""

    speed: float = 1.0

    def now(self) -> float:
        """The time."""
        return time.monotonic() * self.speed

    async def wait(self, news: asyncio.Event, seconds: float | None) -> None:
        """Waits for news, at most so long."""
        try:
            await asyncio.wait_for(news.wait(), None if seconds is None else seconds / self.speed)
        except TimeoutError:
            return


@dataclass(eq=False, slots=True)
class Lane:
    """What waits for one chat."""

    chat: str
    pace: Pace
    rows: deque[Outgoing] = field(default_factory=deque)
    busy: bool = False  # something is being sent, or its turn is planned
    closed_until: float = LONG_AGO  # after a failure
    crowded: bool = False  # it had to wait because of Telegram's limit for groups


class Sender:
    """Sends what the outbox keeps."""

    def __init__(self, bot: ExtBot[None], work: Services, clock: Clock) -> None:
        self.failures: Counter[str] = Counter()  # tries that did not arrive, by kind
        self._metrics = work.metrics
        self._bot = bot
        self._mail = work.mail
        self._assistant = work.assistant
        self._now = work.now
        self._limits = work.limits
        self._clock = clock
        self._records = Records(work.mail, Notes(work.assistant, work.mail.outbox), work.now)
        self._lanes: dict[str, Lane] = {}
        self._plan: list[tuple[float, int, Lane]] = []  # a heap: when each lane may go on
        self._order = itertools.count()
        self._pace = pace_of_all(work.limits)
        self._news = asyncio.Event()
        self._stopping = False
        self._calls: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None

    # --- start and stop ---

    async def start(self) -> None:
        """Takes up what the last run has left, and begins to send."""
        outbox, now = self._mail.outbox, self._now()
        lost = await outbox.recover()
        if lost:
            log.warning("%d messages were being sent when the bot ended; they are sent again", lost)
        for chat, at in await outbox.posted(now - timedelta(seconds=MINUTE)):
            if at <= now:  # later ones are from before the clock was set back
                self._lane(chat).pace.take(self._clock.now() - (now - at).total_seconds())
        outbox.added = self.take
        for row in await outbox.waiting():
            for _ in range(row.unknown):  # it may be in the chat already
                self._lane(row.chat).pace.take(self._clock.now())
            self.take(row)
        self._records.start()
        self._running = asyncio.create_task(self._run(), name="sender")

    async def stop(self) -> None:
        """Begins nothing new, lets what is being sent come to its end, and leaves the rest for the next run."""
        self._stopping = True
        self._news.set()
        if self._calls:
            _, late = await asyncio.wait(set(self._calls), timeout=LAST_WORDS)
            for task in late:
                task.cancel()
        await self._records.stop(1.0)
        tasks = [*self._calls, *([self._running] if self._running else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- lanes ---

    def take(self, row: Outgoing) -> None:
        """Puts a message that is kept at the end of its lane."""
        lane = self._lane(row.chat)
        lane.rows.append(row)
        self._schedule(lane)

    def _lane(self, chat: str) -> Lane:
        lane = self._lanes.get(chat)
        if lane is None:
            if len(self._lanes) >= MOST_LANES:
                self._forget_idle()
            lane = self._lanes[chat] = Lane(chat, pace_of(int(chat), self._limits))
        return lane

    def _forget_idle(self) -> None:
        long_ago = self._clock.now() - MINUTE
        for chat, lane in list(self._lanes.items()):
            if not lane.busy and not lane.rows and lane.pace.taken_at() < long_ago:
                del self._lanes[chat]

    def _schedule(self, lane: Lane) -> None:
        """Plans when the lane goes on, where anything waits in it."""
        if lane.busy or not lane.rows:
            return
        lane.busy = True
        now, free = self._clock.now(), lane.pace.free_at() if lane.rows[0].posts else LONG_AGO
        lane.crowded = int(lane.chat) < 0 and free > now
        heapq.heappush(self._plan, (max(free, lane.closed_until, now), next(self._order), lane))
        self._news.set()

    async def _run(self) -> None:
        while not self._stopping:
            self._news.clear()
            now = self._clock.now()
            wait = self._plan[0][0] - now if self._plan else None
            if wait is not None and wait <= 0:
                wait = self._pace.free_at() - now
            if wait is not None and wait <= 0 and len(self._calls) < self._limits.side_by_side:
                _, _, lane = heapq.heappop(self._plan)
                self._pace.take(now)
                task = asyncio.create_task(self._go_on(lane))
                self._calls.add(task)
                task.add_done_callback(self._served)
                continue
            await self._clock.wait(self._news, None if wait is not None and wait <= 0 else wait)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._calls.discard(task)
        self._news.set()

    async def _go_on(self, lane: Lane) -> None:
        try:
            await self._serve(lane)
        except Exception as error:  # nothing may stop a lane for good
            log.error("a message could not be sent, and is tried again: %s", describe(error))
            lane.closed_until = self._clock.now() + PAUSES[-1]
        lane.busy = False
        self._schedule(lane)

    # --- one message ---

    async def _serve(self, lane: Lane) -> None:
        if lane.crowded:
            await self._merge(lane)
        row = lane.rows[0]
        if row.written_at is not None and self._now() - row.written_at > LONGEST_WAIT:
            log.error("a message of update %s could not be sent for a day and is given up", row.update_id)
            await self._finish(lane, row, Way.FAILED)
            return
        target = row.payload.get("message_id")
        if row.target is not None:
            target = await self._mail.outbox.place(row.target)
        await self._records.mark(row)
        outcome = await call(self._bot, row, target)
        if row.posts:
            lane.pace.take(self._clock.now())
        await self._settle(lane, row, outcome)

    async def _merge(self, lane: Lane) -> None:
        rows = merging.together(lane.rows)
        if not rows:
            return
        kept = await self._merged(rows)
        for _ in rows:
            lane.rows.popleft()
        lane.rows.appendleft(kept)

    async def _merged(self, rows: tuple[Outgoing, ...]) -> Outgoing:
        made: list[Outgoing] = []

        async def write() -> None:
            made[:] = [await self._mail.outbox.merge(merging.carrier(rows), [row.id for row in rows], self._now())]

        await patiently(write)
        return made[0]

    async def _settle(self, lane: Lane, row: Outgoing, outcome: Outcome) -> None:
        if outcome.kind:
            self.failures[outcome.kind] += 1
            self._metrics.failed(outcome.kind)
        match outcome.fate:
            case Fate.ARRIVED:
                self._metrics.sent(row.update_id)
                await self._finish(lane, row, Way.SENT, outcome.message_id)
            case Fate.REFUSED:
                log.error("Telegram refused a message of update %s", row.update_id)
                await self._finish(lane, row, Way.FAILED)
            case Fate.MUTE:
                log.info("not delivered: the bot may not write there")
                await self._finish(lane, row, Way.UNREACHABLE)
            case Fate.LOST:
                log.info("not delivered: the chat has blocked or removed the bot")
                await asyncio.gather(*(self._finish(lane, each, Way.UNREACHABLE) for each in list(lane.rows)))
            case Fate.MOVED if outcome.moved_to is not None:
                await self._records.settle(row, Settled(row.id, Way.WAITING))
                await self._move(lane, str(outcome.moved_to))
            case _:
                await self._postpone(lane, row, outcome)

    async def _finish(self, lane: Lane, row: Outgoing, way: Way, message_id: int | None = None) -> None:
        await self._records.settle(row, Settled(row.id, way, message_id))
        lane.rows.remove(row)

    async def _postpone(self, lane: Lane, row: Outgoing, outcome: Outcome) -> None:
        """Keeps a message at the head of its lane until it is worth another try; nobody else waits for that."""
        unknown = outcome.fate is Fate.UNKNOWN and row.posts
        if unknown and row.unknown + 1 > MOST_UNKNOWN:
            await self._finish(lane, row, Way.FAILED)
            return
        pause = PAUSES[min(row.attempts, len(PAUSES) - 1)] if outcome.pause is None else outcome.pause
        if unknown:
            self._metrics.repeated()
        log.info("a message is sent again in %.1f s (%s)", pause, outcome.kind)
        lane.closed_until = self._clock.now() + pause
        await self._records.settle(row, Settled(row.id, Way.WAITING, unknown=unknown))
        lane.rows[0] = replace(row, attempts=row.attempts + 1, unknown=row.unknown + unknown)

    async def _move(self, lane: Lane, new: str) -> None:
        """A group has become a supergroup: what waits for it goes there, and so do its settings."""

        async def write() -> None:
            async with self._mail.unit():
                await self._assistant.chats.moved(lane.chat, new)
                await self._mail.outbox.move(lane.chat, new)

        await patiently(write)
        waiting = await self._mail.outbox.waiting(new)
        there = self._lane(new)
        known = {row.id for row in there.rows}  # also those that were written while we read
        moved = [row for row in waiting if row.id not in known]
        gone = {row.id for row in moved}
        lane.rows = deque(row for row in lane.rows if row.id not in gone)  # what was written meanwhile moves next time
        there.rows.extend(moved)
        self._schedule(there)
