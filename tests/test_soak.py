"""The bot as a process on bad days and on busy ones: no message is lost, and it keeps pace.

Short here; in full with ``make soak``: more than 5,000 questions under faults and kills, then 30 questions a second for
five minutes. ``SOAK_QUESTIONS``, ``SOAK_KILLS``, ``SOAK_SECONDS`` (of the second part) and ``SOAK_SEED`` set it.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from soak import echo_bot
from soak.audit import FINAL, Audit, Books, Rules, books_of, most_within
from soak.bot_process import BotProcess, installed, until
from soak.crowd import Crowd, even, mixed
from soak.faulty_telegram import EVERY, POLLING, QUICK, SENDING, Fault, FaultyTelegram

from bot.dialogue.mind import Mind
from bot.model import RegionType

QUESTIONS = int(os.environ.get("SOAK_QUESTIONS", "60"))
KILLS = int(os.environ.get("SOAK_KILLS", "1"))
SECONDS = float(os.environ.get("SOAK_SECONDS", "2"))
SEED = int(os.environ.get("SOAK_SEED", "8"))
IN_FULL = "SOAK_QUESTIONS" in os.environ

PATIENCE = 60.0  # seconds for a start, or an end, of a process on a busy machine
STOPS_WITHIN = 5.0 if IN_FULL else PATIENCE  # seconds from SIGTERM until the process has ended
DRAINS_WITHIN = 240.0  # seconds from the last question until everything is finished

ASKED_PER_SECOND = 12.0  # under faults
FLOOD = 20 if IN_FULL else 5  # answered questions of a person within a minute
GROUP_PER_MINUTE = 20
FAULTS = {SENDING: 0.10, POLLING: 0.02, "": 0.02}  # shares of calls
KINDS = EVERY if IN_FULL else QUICK
LEAST_FAULTS = 0.06  # of the sends, in which case 5,000 questions meet 300 faults
ENOUGH = 1000  # questions of which each state and each fault has some
KILLS_A_TERM = 4  # for so many kills there is one SIGTERM more
AT_START = 0.15  # share of the ends that come while the bot is starting

LATENCY = 0.05  # seconds that every call takes
RATE = 30.0 if IN_FULL else 10.0  # questions a second, without faults
PEOPLE = 120
ECHO_SHARE = 0.2  # how long the echo bot is measured, as a share of the time of ours
SETTLING = 5.0 if IN_FULL else 0.5  # seconds of load before anything is measured
MOST_PROCESSOR, MOST_WAIT, MOST_GROWTH = 0.60, 0.300, 1.10  # share of one core; seconds, 95 %; last to first third
SAMPLES_PER_SECOND = 2

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to end the bot with"),
]


# --- what is told at the end ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def summary(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, str]]]:
    """Figures to be told in a table when everything is over: names and values, a name alone is a heading."""
    lines: list[tuple[str, str]] = []
    yield lines
    if not IN_FULL or not lines:
        return
    width = max(len(name) for name, _ in lines)
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n")
        for name, value in lines:
            print(f"  {name:<{width}}  {value}" if value else f"\n{name}")


def counted(counts: dict[str, int]) -> str:
    return " · ".join(f"{name} {number}" for name, number in sorted(counts.items()))


@pytest.fixture(scope="module")
def places(mind: Mind) -> list[str]:
    """The full names of all kabupaten and kota."""
    return [region.full_name for region in mind.knowledge.regions.values() if region.type is not RegionType.PROVINCE]


# --- faults and kills -----------------------------------------------------------------------------------------------


@dataclass
class Mishaps:
    """Ends the bot again and again, often at the worst moment, and starts it at once."""

    bot: BotProcess
    fake: FaultyTelegram
    rng: random.Random
    starts: list[float] = field(default_factory=list)  # seconds until it asked for messages

    async def happen(self, kills: int, seconds: float) -> None:
        """So many kills, and some gentler ends, spread over so many seconds."""
        begin = time.monotonic()
        ways = [signal.SIGKILL] * kills + [signal.SIGTERM] * -(-kills // KILLS_A_TERM)
        self.rng.shuffle(ways)
        for number, way in enumerate(ways):
            due = begin + seconds * (number + self.rng.random()) / len(ways)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._worst_moment()
            await self.bot.end(way, PATIENCE)
            await self.start(patient=self.rng.random() >= AT_START)

    async def start(self, *, patient: bool = True) -> None:
        """Starts the bot; who is not ``patient`` does not wait until it asks for messages."""
        started, polls = time.monotonic(), self.fake.polls
        await self.bot.start()
        if patient:
            assert await until(lambda: self.fake.polls > polls, PATIENCE), "the bot does not ask for messages"
            self.starts.append(time.monotonic() - started)

    async def _worst_moment(self) -> None:
        """Anytime, or as soon as something was delivered or handed out."""
        moment = self.rng.choice((None, self.fake.delivering, self.fake.handing_out))
        if moment is not None:
            moment.clear()
            try:
                await asyncio.wait_for(moment.wait(), 2)
            except TimeoutError:
                return
            await asyncio.sleep(self.rng.uniform(0, LATENCY))


@asynccontextmanager
async def site_of(folder: Path, mind: Mind, fake: FaultyTelegram) -> AsyncIterator[BotProcess]:
    """An installed bot that has not been started; it is gone when this is left."""
    settings = f"limits: {{flood_questions: {FLOOD}, group_per_minute: {GROUP_PER_MINUTE}}}\n"
    bot = BotProcess(installed(folder, mind, settings), fake)
    try:
        yield bot
    finally:
        await bot.stop()


def nothing_waits(books: Books, crowd: Crowd) -> bool:
    """Whether everything that was asked is in the books, and at its end."""
    return books.unfinished == 0 and all(question.update_id in books.states for question in crowd.asked)


async def drained(bot: BotProcess, crowd: Crowd) -> bool:
    end = time.monotonic() + DRAINS_WITHIN
    while time.monotonic() < end:
        if nothing_waits(await asyncio.to_thread(books_of, bot.folder), crowd):
            return True
        await asyncio.sleep(0.5)
    return False


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """What has happened in a run under faults."""

    bot: BotProcess
    fake: FaultyTelegram
    crowd: Crowd
    starts: list[float]  # seconds from each start until the bot asked for messages
    took: float  # seconds until everything was finished
    finished: bool

    def audit(self, notice: str) -> Audit:
        """Audits it; ``notice`` is how the notice to a flood begins."""
        ended_early, books = self.bot.endings[:-1], books_of(self.bot.folder)
        rules = Rules(FLOOD, GROUP_PER_MINUTE, notice)
        return Audit(self.crowd.asked, self.fake.record, self.crowd.blocked, ended_early, books, rules)

    def told(self, audit: Audit) -> list[tuple[str, str]]:
        """The figures, for people."""
        kills, faults = sum(end.killed for end in self.bot.endings), self.fake.faults
        sends = [call.at for call in self.fake.record]
        return [
            ("Faults and kills", ""),
            ("questions", f"{len(self.crowd.asked)}, all finished after {self.took:.0f} s (seed {SEED})"),
            ("ends of the process", f"{kills} SIGKILL · {len(self.bot.endings) - kills} SIGTERM"),
            ("start until first poll", f"{statistics.median(self.starts):.1f} s (median)"),
            ("faults", f"{faults.total()}: {counted({str(kind): number for kind, number in faults.items()})}"),
            ("states", counted(audit.states())),
            ("notices of floods", str(audit.notices)),
            ("unknown sends", f"{audit.unknown} delivered unseen, {audit.books.unknown} in the books"),
            ("repeats", str(audit.repeats)),
            ("tries in vain", f"{audit.tries_in_vain} more after somebody had blocked the bot"),
            ("most sends in a second", str(most_within(sends, 1.0))),
            ("findings", str(len(audit.findings))),
        ]


async def bad_days(folder: Path, mind: Mind, places: list[str]) -> Run:
    """Mixed load, a Telegram that fails in every way, and a process that is killed; then peace, and a gentle end."""
    rng, lasts = random.Random(SEED), QUESTIONS / ASKED_PER_SECOND
    async with (
        FaultyTelegram(latency=LATENCY, kinds=KINDS, rng=random.Random(SEED + 1)) as fake,
        site_of(folder, mind, fake) as bot,
    ):
        crowd, mishaps = Crowd(fake, places, rng), Mishaps(bot, fake, random.Random(SEED + 2))
        await mishaps.start()
        fake.rates = FAULTS
        began = time.monotonic()
        await asyncio.gather(crowd.act(mixed(QUESTIONS, lasts, FLOOD, rng)), mishaps.happen(KILLS, lasts))
        fake.rates = {}
        finished = await drained(bot, crowd)
        took = time.monotonic() - began
        await bot.end(signal.SIGTERM, PATIENCE)
    return Run(bot, fake, crowd, mishaps.starts, took, finished)


async def test_nothing_is_lost_on_bad_days(
    tmp_path: Path, mind: Mind, places: list[str], summary: list[tuple[str, str]]
) -> None:
    """Each question ends in one state, none is answered twice without need, and Telegram's limits are kept."""
    run = await bad_days(tmp_path, mind, places)
    audit = run.audit(mind.knowledge.messages["terlalu_cepat"].partition("{")[0])
    summary += run.told(audit)
    assert audit.findings == []
    assert run.finished, f"{audit.books.unfinished} updates or messages wait after {DRAINS_WITHIN:.0f} s"

    terms = [end for end in run.bot.endings if not end.killed]
    assert [end.status for end in terms] == [0] * len(terms)
    assert max(end.gone - end.at for end in terms) < STOPS_WITHIN
    assert terms[-1].in_flight == frozenset()
    assert len(run.bot.endings) - len(terms) == KILLS

    log = run.bot.log.read_text(encoding="utf-8")
    assert [words for words in ("Traceback", run.fake.token, "masuk 20") if words in log] == []  # the last is asked

    if QUESTIONS >= ENOUGH:  # it was as bad as it should be
        assert run.fake.faults.total() >= LEAST_FAULTS * len(audit.record)
        assert set(run.fake.faults) == set(Fault)
        assert set(audit.states()) == set(FINAL)
        assert audit.unknown > 0


# --- throughput -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """What a program needed under an even load."""

    questions: int
    processor: float  # seconds
    lasted: float  # seconds
    waits: list[float]  # seconds from the message to the answer, sorted
    memory: list[float]  # MB, in the order of time

    @property
    def share(self) -> float:
        """Of one processor."""
        return self.processor / self.lasted

    @property
    def each(self) -> float:
        """Processor time of a question, in ms."""
        return 1000 * self.processor / self.questions

    def wait(self, share: float) -> float:
        """Within which time so many were answered."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]

    def thirds(self) -> tuple[float, float]:
        """The memory of the first and the last third."""
        third = max(1, len(self.memory) // 3)
        return statistics.mean(self.memory[:third]), statistics.mean(self.memory[-third:])


@contextmanager
def processors_apart() -> Iterator[set[int]]:
    """One processor for the bot alone, as far as the system lets us choose; this process keeps to the others."""
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) == 1:
        yield set()
        return
    mine = os.sched_getaffinity(0)
    one = {max(mine)}
    os.sched_setaffinity(0, mine - one)
    try:
        yield one
    finally:
        os.sched_setaffinity(0, mine)


async def measured(bot: BotProcess, fake: FaultyTelegram, places: list[str], seconds: float, one: set[int]) -> Pace:
    """Runs a program under load; all that was asked must be answered."""
    crowd = Crowd(fake, places, random.Random(SEED))
    await bot.start(one)
    assert await until(lambda: fake.polls > 0, PATIENCE)
    asking = asyncio.create_task(crowd.act(even(PEOPLE, RATE, SETTLING + seconds)))
    await asyncio.sleep(SETTLING)
    memory: list[float] = []
    began, used, before = time.monotonic(), bot.processor_seconds(), len(fake.record)
    while not asking.done():
        memory.append(bot.memory())
        await asyncio.sleep(1 / SAMPLES_PER_SECOND)
    lasted, used, answered = time.monotonic() - began, bot.processor_seconds() - used, len(fake.record) - before
    await asking
    assert await until(lambda: len(fake.record) >= len(crowd.asked), PATIENCE)
    sent: dict[int, list[float]] = {}
    for call in fake.record:
        sent.setdefault(call.chat, []).append(call.at)
    waits = []
    for question in crowd.asked:  # in a chat the order is kept, and every question has one answer
        came = fake.handed_out[question.update_id]
        waits.append(sent[question.chat].pop(0) - came)
    assert not any(sent.values())
    return Pace(answered, used, lasted, sorted(waits), memory)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc to read processor time from")
async def test_pace_on_busy_days(tmp_path: Path, mind: Mind, places: list[str], summary: list[tuple[str, str]]) -> None:
    """An even load without faults: how fast answers come, and what they cost beside an echo."""
    with processors_apart() as one:
        async with FaultyTelegram(latency=LATENCY) as fake, site_of(tmp_path, mind, fake) as bot:
            ours = await measured(bot, fake, places, SECONDS, one)
            assert (await bot.end(signal.SIGTERM, PATIENCE)).status == 0
        shutil.copy(str(echo_bot.__file__), tmp_path)
        async with FaultyTelegram(latency=LATENCY) as fake:
            echo = BotProcess(tmp_path, fake, ("echo_bot.py",))
            try:
                bare = await measured(echo, fake, places, max(1.0, ECHO_SHARE * SECONDS), one)
            finally:
                await echo.stop()
    first, last = ours.thirds()
    summary += [
        ("Pace", ""),
        ("load", f"{RATE:.0f} questions/s for {SECONDS:.0f} s from {PEOPLE} people, {1000 * LATENCY:.0f} ms latency"),
        ("processor", f"{100 * ours.share:.0f} % of one{' (its own)' if one else ''}"),
        ("processor, a question", f"{ours.each:.1f} ms; bare echo bot {bare.each:.1f} ms"),
        (
            "arrival to send",
            f"{1000 * ours.wait(0.5):.0f} ms (median) · {1000 * ours.wait(0.95):.0f} ms (95 %)"
            f" · {1000 * ours.waits[-1]:.0f} ms (all); bare echo bot {1000 * bare.wait(0.95):.0f} ms (95 %)",
        ),
        ("memory", f"{first:.0f} MB (first third) · {last:.0f} MB (last third)"),
    ]
    assert ours.questions > 0
    if IN_FULL:
        assert last <= MOST_GROWTH * first
        assert ours.share <= MOST_PROCESSOR
        assert ours.wait(0.95) <= MOST_WAIT
