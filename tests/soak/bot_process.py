"""The bot as a process on a server: started, ended, killed, and watched through ``/proc``."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from command_line import ROOT, environment
from fake_telegram import FakeTelegram

from bot.config import Answering
from bot.dialogue.mind import Mind
from bot.preparation import Recipe

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0  # of processor time in a second
DATABASE = Path("data", "bot.db")
IN_FLIGHT = """
    SELECT member.update_id FROM outgoing AS one JOIN outgoing AS member ON one.id IN (member.id, member.carrier)
    WHERE one.state = 'sending' AND member.update_id IS NOT NULL
"""
"""The updates whose answers were being sent, also together with others."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run of the bot has ended; times are seconds of the monotonic clock."""

    at: float  # when it was killed, or told to end
    gone: float  # when it had ended
    status: int
    in_flight: frozenset[int]  # ids of the updates whose answers were being sent

    @property
    def killed(self) -> bool:
        """Whether it had no time to end by itself."""
        return self.status == -signal.SIGKILL


def installed(folder: Path, mind: Mind, settings: str) -> Path:
    """A folder as on a server: settings, a copy of the knowledge, the fitted matcher of it."""
    site = folder / "site"
    shutil.copytree(ROOT / "knowledge", site / "knowledge")
    (site / "config.yaml").write_text(settings, encoding="utf-8")
    shares = Answering()
    recipe = Recipe.of(
        mind.knowledge, answer_precision=shares.answer_precision, max_out_of_scope=shares.max_out_of_scope
    )
    (site / "data" / "matcher").mkdir(parents=True)
    shutil.copy(ROOT / "data" / "matcher" / f"{recipe.key}.pickle", site / "data" / "matcher")
    return site


@dataclass
class BotProcess:
    """A program that talks to a fake Telegram: ``python`` with these arguments, in a folder."""

    folder: Path
    fake: FakeTelegram
    arguments: tuple[str, ...] = ("-m", "bot", "run", "--config", "config.yaml")
    endings: list[Ending] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self, processors: set[int] | None = None) -> None:
        """Starts it, on these processors only."""
        its = environment(
            TELEGRAM_BOT_TOKEN=self.fake.token, TELEGRAM_BASE_URL=self.fake.base_url, PYTHONPATH=str(ROOT)
        )
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self.arguments, cwd=self.folder, env=its, stderr=log
            )
        if processors:
            os.sched_setaffinity(self.pid, processors)

    async def end(self, number: signal.Signals, patience: float) -> Ending:
        """Ends it by a signal, and looks at what it leaves behind."""
        at = time.monotonic()
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
        status = await asyncio.wait_for(self._process.wait(), patience)
        ending = Ending(at, time.monotonic(), status, in_flight(self.folder))
        self.endings.append(ending)
        return ending

    async def stop(self) -> None:
        """Makes sure that it is gone."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def processor_seconds(self) -> float:
        """The processor time that it has used, with all its threads."""
        fields = Path("/proc", str(self.pid), "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """The memory that it holds now, in MB."""
        status = Path("/proc", str(self.pid), "status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def in_flight(folder: Path) -> frozenset[int]:
    """What was being sent when the bot ended; looked up in a copy, so that the bot finds the files as it left them."""
    with tempfile.TemporaryDirectory() as copy:
        for file in (folder / DATABASE).parent.glob(f"{DATABASE.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, copy)
        with closing(sqlite3.connect(Path(copy, DATABASE.name))) as database:
            try:
                rows = database.execute(IN_FLIGHT).fetchall()
            except sqlite3.OperationalError:  # ended before there were any tables
                return frozenset()
    return frozenset(update_id for (update_id,) in rows)


async def until(done: Callable[[], bool], seconds: float) -> bool:
    """Waits for something to come about; False where it does not within ``seconds``."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True
