"""The bot as a process, edited while people ask: nothing is lost, nothing wrong is told, good edits are live in time.

Short here; in full with ``make soak-reload``: 50 edits in a row while 20 questions a second arrive.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import pytest
from command_line import ROOT, environment
from fake_telegram import FakeTelegram, Group, Person, Sent
from soak.bot_process import installed

from bot.curation.load import load
from bot.dialogue.mind import Mind

EDITS = int(os.environ.get("SOAK_EDITS", "6"))
RATE = int(os.environ.get("SOAK_RATE", "5"))  # questions a second
IN_FULL = "SOAK_EDITS" in os.environ
PATIENCE = 60.0  # seconds after which what has not come is taken for lost; the machine may be busy with other tests
LIVE_WITHIN = 3.0 if IN_FULL else PATIENCE  # seconds from the last write to the first answer
TOLD_WITHIN = 5.0 if IN_FULL else PATIENCE  # seconds from a bad edit until staff have heard of it
ANSWERED_WITHIN = 2.0 if IN_FULL else PATIENCE  # seconds from a question to its answer, whatever else is going on

STAFF, ANI = Group(-1003, "Petugas"), Person(101, "Ani")
FIRST_ASKER = 10_000
PROBE = "Apa saja persyaratan agar daerah kami dapat terpilih?"
ANSWER = "  jawaban: |\n    "  # of the first entry in the file, which PROBE is a phrasing of
PHRASING = "    - What does a region need in order to qualify?\n"
MARK = "Penanda {}. "
MARKED = re.compile(r"Penanda (\d+)\. ")
WRONG = "RUSAK"  # stands in every state of the files that must not be served
REJECTED = "Penyuntingan basis pengetahuan ditolak"  # how the message to staff begins
SEED_FILE = "faq/seleksi.yaml"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to end the bot with")


# --- the editor -----------------------------------------------------------------------------------------------------


@dataclass
class Editor:
    """Somebody at the files: each edit writes a new mark into the answer to PROBE."""

    site: Path
    mark: int = 0
    good: list[Path] = field(default_factory=list)  # copies of every state that may be served

    def __post_init__(self) -> None:
        self.folder = self.site / "knowledge"
        self.text = self.file.read_text(encoding="utf-8")
        self.keep()

    @property
    def file(self) -> Path:
        return self.folder / SEED_FILE

    def marked(self) -> str:
        """The file's next good text."""
        self.mark += 1
        bare = MARKED.sub("", self.text, count=1)
        self.text = bare.replace(ANSWER, ANSWER + MARK.format(self.mark), 1)
        return self.text

    def wrong(self) -> str:
        """A text that must never be answered from."""
        return MARKED.sub("", self.text, count=1).replace(ANSWER, f"{ANSWER}{WRONG} ", 1)

    def keep(self) -> None:
        copy = self.site.parent / "good" / str(len(self.good)) / "knowledge"
        shutil.copytree(self.folder, copy)
        self.good.append(copy)

    def git(self, *command: str, **environ: str) -> str:
        said = subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *command],
            cwd=self.site,
            check=True,
            capture_output=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | environ,
        )
        return said.stdout.decode().strip()


Edit = Callable[[Editor], Awaitable[None]]


async def in_place(editor: Editor) -> None:
    editor.file.write_text(editor.marked(), encoding="utf-8")


async def by_replacing(editor: Editor) -> None:
    """As vim does: swap file, backup, new file, each for a while."""
    (editor.file.parent / ".seleksi.yaml.swp").write_text("sementara")
    await asyncio.sleep(0.05)
    editor.file.rename(editor.file.with_name("seleksi.yaml~"))
    editor.file.write_text(editor.marked(), encoding="utf-8")
    (editor.file.parent / "seleksi.yaml~").unlink()
    (editor.file.parent / ".seleksi.yaml.swp").unlink()


async def half_written(editor: Editor) -> None:
    """A slow disk, or an editor that pauses in the middle of a line."""
    text = editor.marked()
    editor.file.write_text(text[: text.index("  diperiksa:") + 6], encoding="utf-8")
    await asyncio.sleep(0.4)
    editor.file.write_text(text, encoding="utf-8")


async def new_phrasing(editor: Editor) -> None:
    """The only kind of edit after which the matcher is fitted anew; its cuts come a while after it."""
    editor.text = editor.text.replace(
        PHRASING, f"{PHRASING}    - penanda ke {editor.mark} itu syaratnya bagaimana\n", 1
    )
    editor.file.write_text(editor.marked(), encoding="utf-8")


async def checkout(editor: Editor) -> None:
    """git changes every file of the FAQ at once."""
    staging = editor.site.parent / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(editor.folder, staging / "knowledge")
    for file in (staging / "knowledge" / "faq").iterdir():
        with file.open("a", encoding="utf-8") as opened:
            opened.write(f"# {editor.mark}\n")
    editor.text += f"# {editor.mark}\n"
    (staging / "knowledge" / SEED_FILE).write_text(editor.marked(), encoding="utf-8")
    apart = {"GIT_INDEX_FILE": str(editor.site.parent / "index"), "GIT_WORK_TREE": str(staging)}
    editor.git("add", "--all", ".", GIT_DIR=str(editor.site / ".git"), **apart)
    tree = editor.git("write-tree", GIT_DIR=str(editor.site / ".git"), **apart)
    await asyncio.to_thread(
        editor.git, "checkout", "--quiet", "--force", "--detach", editor.git("commit-tree", "-m", "edit", tree)
    )


async def quick_edits(editor: Editor) -> None:
    """Three in half a second, two of them with other phrasings: the last one counts."""
    for write in (new_phrasing, new_phrasing, in_place):
        await asyncio.sleep(0.15)
        await write(editor)


async def broken_line(editor: Editor) -> None:
    editor.file.write_text(editor.wrong().replace("  judul:", "  judul", 1), encoding="utf-8")


async def unknown_reference(editor: Editor) -> None:
    editor.file.write_text(editor.wrong().replace("terkait: [", "terkait: [tidak-ada, ", 1), encoding="utf-8")


async def missing_file(editor: Editor) -> None:
    """The right mark comes back with the next edit, as after a checkout that lacked a file."""
    (editor.folder / "sumber.yaml").rename(editor.site.parent / "sumber.yaml")
    editor.file.write_text(editor.wrong(), encoding="utf-8")


ROUND = (
    in_place,
    broken_line,
    half_written,
    checkout,
    new_phrasing,
    missing_file,
    by_replacing,
    unknown_reference,
    in_place,
    quick_edits,
)
BAD = {broken_line, unknown_reference, missing_file}


# --- the people -----------------------------------------------------------------------------------------------------


@dataclass
class Asked:
    """A question and when it came (seconds), then its answer."""

    text: str
    at: float
    answers: list[tuple[float, str]] = field(default_factory=list)


@dataclass
class Crowd:
    """Everybody asks one question, every other one PROBE."""

    fake: FakeTelegram
    others: Iterator[str]
    asked: dict[int, Asked] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)  # in the staff chat
    live: dict[int, float] = field(default_factory=dict)  # mark → when it was first answered
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self) -> None:
        due = time.monotonic()
        while True:
            number = FIRST_ASKER + len(self.asked)
            text = PROBE if number % 2 else next(self.others)
            self.asked[number] = Asked(text, time.monotonic())
            self.fake.says(Person(number, "Penanya"), text)
            due += 1 / RATE
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def listen(self) -> None:
        while True:
            sent: Sent = await self.fake.next_message(timeout=60)
            now = time.monotonic()
            if sent.chat in self.asked:
                self.asked[sent.chat].answers.append((now, sent.text))
            else:
                self.told.append(sent.text)
            if mark := MARKED.search(sent.text):
                self.live.setdefault(int(mark[1]), now)
            self.news.set()

    async def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Waits for something to come about; False where it does not within ``seconds``."""
        end = time.monotonic() + seconds
        while not done():
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), end - time.monotonic())
            except TimeoutError:
                return done()
        return True

    def rejected(self) -> int:
        """How many edits staff have been told of as rejected."""
        return sum(text.startswith(REJECTED) for text in self.told)

    def unanswered(self) -> list[str]:
        return [question.text for question in self.asked.values() if not question.answers]

    def waits(self) -> list[float]:
        return [question.answers[0][0] - question.at for question in self.asked.values() if question.answers]


@asynccontextmanager
async def asking(crowd: Crowd) -> AsyncIterator[None]:
    """People ask until this is left, and everything is answered then."""
    listening, asking_now = asyncio.create_task(crowd.listen()), asyncio.create_task(crowd.ask())
    try:
        yield
        asking_now.cancel()
        await crowd.until(lambda: not crowd.unanswered(), PATIENCE)
    finally:
        asking_now.cancel()
        listening.cancel()
        await asyncio.gather(listening, asking_now, return_exceptions=True)


# --- the bot --------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path, mind: Mind) -> Path:
    """A folder as on a server: settings, a copy of the knowledge under git, the fitted matcher of it."""
    settings = (
        f"telegram: {{staff_chat: {STAFF.id}, admins: [{ANI.id}]}}\n"
        "limits: {group_per_minute: 1000}\n"  # staff hear of an edit every other second
    )
    site = installed(tmp_path, mind, settings)
    (site / ".gitignore").write_text("data/\n")
    return site


@asynccontextmanager
async def running(site: Path, fake: FakeTelegram) -> AsyncIterator[None]:
    """``python -m bot run`` until this is left; it must end well then."""
    its = environment(TELEGRAM_BOT_TOKEN=fake.token, TELEGRAM_BASE_URL=fake.base_url, PYTHONPATH=str(ROOT))
    with (site / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", "config.yaml", cwd=site, env=its, stderr=log
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0


@dataclass
class Live:
    """What became of one edit."""

    name: str
    bad: bool
    seconds: float  # from its last write to its first answer, or until staff have heard of it; infinite where neither


async def take_part(edit: Edit, editor: Editor, crowd: Crowd) -> Live:
    """Makes one edit and waits for what must follow."""
    bad, rejected = edit in BAD, crowd.rejected()
    missing = editor.site.parent / "sumber.yaml"
    if missing.exists():
        missing.rename(editor.folder / "sumber.yaml")
    await edit(editor)
    written = time.monotonic()
    if bad:
        came = await crowd.until(lambda: crowd.rejected() > rejected, PATIENCE)
        return Live(edit.__name__, True, time.monotonic() - written if came else math.inf)
    editor.keep()
    mark = editor.mark
    await crowd.until(lambda: mark in crowd.live, PATIENCE)
    return Live(edit.__name__, False, crowd.live.get(mark, math.inf) - written)


def logged_versions(site: Path) -> list[str]:
    """The version behind every answer, in order."""
    with closing(sqlite3.connect(site / "data" / "bot.db")) as database:
        return [version for (version,) in database.execute("SELECT knowledge_version FROM questions ORDER BY id")]


def figures(crowd: Crowd, lives: list[Live]) -> str:
    """What was measured, for people."""
    waits = [1000 * wait for wait in crowd.waits()]
    centiles = statistics.quantiles(waits, n=100)
    lines = [
        f"{len(lives)} edits, {sum(live.bad for live in lives)} of them bad; {len(crowd.asked)} questions at {RATE}/s",
        f"answered within {centiles[49]:.0f} ms (median), {centiles[94]:.0f} ms (95 %), {centiles[98]:.0f} ms (99 %), "
        f"{max(waits):.0f} ms (all)",
    ]
    for name, bad in dict.fromkeys((live.name, live.bad) for live in lives):
        took = [live.seconds for live in lives if live.name == name]
        what, middle, slowest = "told" if bad else "live", statistics.median(took), max(took)
        lines.append(f"{name}: {what} after {middle:.2f} s (median), {slowest:.2f} s (slowest of {len(took)})")
    return "\n".join(lines)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_edits_under_questions(site: Path, mind: Mind, capsys: pytest.CaptureFixture[str]) -> None:
    """Good, bad and half-written edits and mass checkouts in a row, while questions arrive."""
    editor = Editor(site)
    editor.git("init", "--quiet", "--initial-branch=main")
    editor.git("add", "--all", ".")
    editor.git("commit", "--quiet", "--message", "start")
    others = [utterance for entry in mind.knowledge.entries.values() for utterance in entry.utterances[:2]]
    lives: list[Live] = []
    async with FakeTelegram() as fake:
        fake.joins(STAFF)
        crowd = Crowd(fake, cycle(others))
        async with running(site, fake):
            fake.says(ANI, "halo")
            await fake.next_message(timeout=PATIENCE)  # it has started
            async with asking(crowd):
                for edit in islice(cycle(ROUND), EDITS):
                    lives.append(await take_part(edit, editor, crowd))
            bad_at_the_end = lives[-1].bad
            fake.says(ANI, "/tentang")
            fake.says(ANI, "/muat_ulang")
            about, report = (await fake.next_message()).text, (await fake.next_message()).text
            await new_phrasing(editor)
            await asyncio.sleep(0.8)  # it is being fitted when the bot is told to end
        assert fake.refused == []

    assert "Traceback" not in (site / "bot.log").read_text()

    if IN_FULL:
        with capsys.disabled():
            print(f"\n{figures(crowd, lives)}")
    says = mind.knowledge.messages
    bad = sum(live.bad for live in lives)
    answers = [text for question in crowd.asked.values() for _, text in question.answers]

    # no question lost, none answered twice, none by an apology
    assert [len(question.answers) for question in crowd.asked.values()] == [1] * len(crowd.asked)
    assert says["gangguan"] not in answers
    assert max(crowd.waits()) < ANSWERED_WITHIN

    # no answer from a broken version, and never one from an older version after a newer one
    assert [text for text in answers if WRONG in text] == []
    came = sorted((at, text) for question in crowd.asked.values() for at, text in question.answers)
    marks = [int(mark[1]) for _, text in came if (mark := MARKED.search(text))]
    assert marks == sorted(marks)
    served = {version for version, _ in ((k.version, p) for k, p in map(load, editor.good) if k is not None)}
    assert len(served) == len(editor.good)
    unforeseen = set(logged_versions(site)) - served
    assert len(unforeseen) <= 2 * sum(live.name == "quick_edits" for live in lives)  # its first two are good as well

    # staff hear of every bad edit once, and once that it is over
    mended = says["muat_ulang_pulih"].partition("{")[0]
    assert crowd.rejected() == bad
    assert sum(text.startswith(mended) for text in crowd.told) == bad - bad_at_the_end
    assert (says["tentang_ditolak"].partition("{")[0] in about) == bad_at_the_end
    assert report.startswith(REJECTED if bad_at_the_end else says["muat_ulang_sama"].partition("{")[0])

    # good edits live in time
    assert [live for live in lives if live.seconds > (TOLD_WITHIN if live.bad else LIVE_WITHIN)] == []
