"""The bot as it runs on a server: a real process and database, HTTP to a fake Telegram, and things that go wrong."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from command_line import ROOT, environment
from fake_telegram import FakeTelegram, Group, Person
from knowledge_builder import FAQ_PROGRAM, write_knowledge

from bot.cli import MISCONFIGURED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to stop the bot with")

ANI, BUDI, STAFF = Person(101, "Ani"), Person(102, "Budi"), Group(-1003, "Petugas")
QUESTION = "program smart city itu apa sih min"
ANSWER = "Program yang membimbing"
MARK = "zwembadtegels"  # a word that stands nowhere else
PATIENCE = 30.0  # seconds that the machine may take when it is busy
STOPS_WITHIN = 5.0  # seconds
SECRET = "rahasia-webhook"


@dataclass
class Site:
    """A folder as on a server: settings, knowledge, data; and the bot in it."""

    folder: Path
    fake: FakeTelegram
    port: int
    sections: dict[str, Any] = field(default_factory=dict)
    process: Process | None = None

    def __post_init__(self) -> None:
        self.fake.joins(STAFF)
        write_knowledge(self.folder / "knowledge")
        self.sections = {
            "telegram": {"staff_chat": STAFF.id},
            "monitoring": {"port": self.port},
            "store": {"url": "sqlite+aiosqlite:///data/bot.db?timeout=1"},
        }

    @property
    def log(self) -> str:
        return (self.folder / "bot.log").read_text(encoding="utf-8")

    @property
    def database(self) -> Path:
        return self.folder / "data" / "bot.db"

    async def start(self, *, ready: bool = True, piped: bool = False, **added: str) -> Process:
        """Starts the bot and, where it is to be ``ready``, waits until it is well.

        Its log is added to what it wrote before, or ``piped`` to whoever reads it from the process.
        """
        (self.folder / "config.yaml").write_text(json.dumps(self.sections), encoding="utf-8")
        its = environment(
            TELEGRAM_BOT_TOKEN=self.fake.token, TELEGRAM_BASE_URL=self.fake.base_url, PYTHONPATH=str(ROOT)
        )
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=self.folder,
                env=its | added,
                stderr=asyncio.subprocess.PIPE if piped else log,
            )
        if ready:
            await self.until_health(lambda status, _: status == 200)
        return self.process

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ends the bot; returns the seconds that it took."""
        assert self.process is not None
        start = time.monotonic()
        self.process.send_signal(number)
        status = await asyncio.wait_for(self.process.wait(), PATIENCE)
        took = time.monotonic() - start
        self.process = None
        assert status == (0 if number == signal.SIGTERM else -number)
        return took

    async def get(self, page: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.port}{page}"
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            return response.status, await response.text()

    async def health(self) -> tuple[int, dict[str, Any]]:
        status, text = await self.get("/healthz")
        return status, json.loads(text)

    async def until_health(self, well: Callable[[int, dict[str, Any]], bool]) -> dict[str, Any]:
        """Waits for a state that ``/healthz`` tells."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    status, told = await self.health()
                    if well(status, told):
                        return told
                except aiohttp.ClientConnectionError:
                    assert self.process is not None
                    assert self.process.returncode is None, self.log
                await asyncio.sleep(0.05)

    async def bot(self, *arguments: str) -> tuple[int, str]:
        """Another command in the same folder; its status and everything that it says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=environment(PYTHONPATH=str(ROOT)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def asks(self, person: Person, text: str = QUESTION) -> str:
        self.fake.says(person, text)
        return (await self.fake.next_message(PATIENCE)).text


@pytest.fixture
async def site(tmp_path: Path, free_port: int) -> AsyncIterator[Site]:
    async with FakeTelegram() as fake:
        site = Site(tmp_path, fake, free_port)
        yield site
        if site.process is not None and site.process.returncode is None:
            site.process.kill()
            await site.process.wait()


@asynccontextmanager
async def locked(database: Path) -> AsyncIterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


# Start and stop


async def test_it_stops_in_time_and_goes_on_where_it_was(site: Site) -> None:
    """Idle, in the middle of its work, and while Telegram does not answer; everything asked is answered once."""
    await site.start()
    assert await site.stop() < STOPS_WITHIN
    await site.start()
    people = [Person(1000 + number, "Penanya") for number in range(60)]
    for person in people:
        site.fake.says(person, QUESTION)
    answered = [await site.fake.next_message(PATIENCE)]
    assert await site.stop() < STOPS_WITHIN
    await site.start()
    while len(answered) < len(people):
        answered.append(await site.fake.next_message(PATIENCE))
    await site.until_health(lambda _, told: told["waiting"] == {"inbox": 0, "outbox": 0, "oldest_seconds": 0.0})
    assert site.fake.unread() == 0
    assert sorted(sent.chat for sent in answered) == [person.id for person in people]


async def test_it_stops_while_telegram_is_out_of_reach(site: Site) -> None:
    process = await site.start(ready=False, TELEGRAM_BASE_URL="http://127.0.0.1:9/bot")
    told = await site.until_health(lambda status, _: status == 503)
    assert told["problems"] == ["no messages are received, yet or any more. Remedy: see the log."]
    assert process.returncode is None
    assert await site.stop() < STOPS_WITHIN


@pytest.mark.parametrize(
    ("sections", "added", "status", "told"),
    [
        ({"telegram": {"mod": "polling"}}, {}, MISCONFIGURED, "the setting telegram.mod is unknown"),
        ({}, {"TELEGRAM_BOT_TOKEN": "1:salah"}, MISCONFIGURED, "Telegram rejects the bot's token"),
        ({"knowledge": {"path": "tidak-ada"}}, {}, MISCONFIGURED, "folder ini tidak ada"),
        ({"store": {"url": "sqlite+aiosqlite:///config.yaml"}}, {}, 1, "is not an SQLite database"),
        ({"monitoring": {"listen": "203.0.113.7", "port": 9464}}, {}, 1, "monitoring can't listen on 203.0.113.7:9464"),
    ],
)
async def test_what_a_person_must_set_right_has_a_status_of_its_own(
    site: Site, sections: dict[str, Any], added: dict[str, str], status: int, told: str
) -> None:
    """systemd does not try again then; see deploy/."""
    site.sections |= sections
    process = await site.start(ready=False, **added)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == status
    assert told in site.log
    assert "Remedy: " in site.log
    assert "Traceback" not in site.log
    assert "1:salah" not in site.log


async def test_a_second_bot_is_named_once_by_both(site: Site, tmp_path: Path) -> None:
    """Two bots with one token throw each other out every second, and all is answered all the same."""
    await site.start()
    rival = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=site.folder, stderr=asyncio.subprocess.PIPE,
        env=environment(
            TELEGRAM_BOT_TOKEN=site.fake.token, TELEGRAM_BASE_URL=site.fake.base_url, PYTHONPATH=str(ROOT),
            BOT_CONFIG=str(other_settings(site, tmp_path)),
        ),
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        while site.fake.times("getUpdates") < 6:  # noqa: ASYNC110 - the fake has no event for it
            await asyncio.sleep(0.1)
    rival.send_signal(signal.SIGTERM)
    _, rivals_log = await asyncio.wait_for(rival.communicate(), PATIENCE)
    told = "another program receives this bot's messages, since "
    assert (site.log.count(told), rivals_log.decode().count(told)) == (1, 1)
    assert "Remedy: stop it, only one may run with this token." in site.log
    assert ANSWER in await site.asks(ANI)


def other_settings(site: Site, folder: Path) -> Path:
    file = folder / "lain" / "config.yaml"
    file.parent.mkdir()
    file.write_text(json.dumps({"knowledge": {"path": str(site.folder / "knowledge")}}), encoding="utf-8")
    return file


# What can be seen


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_log_holds_neither_messages_nor_the_token(site: Site, form: str) -> None:
    """Questions, names of groups, commands, refused and failing sends, an update that can't be read."""
    site.sections["logging"] = {"format": form}
    await site.start()
    assert await site.asks(Person(103, MARK), f"{MARK} {QUESTION}")
    site.fake.fail_next("sendMessage", 400)
    site.fake.says(ANI, f"apa itu {MARK}?")
    for fault in (500, "reset", "garbage"):
        site.fake.fail_next("sendMessage", fault)
        assert await site.asks(BUDI, f"{MARK} {QUESTION}")
    site.fake._pending.append({"update_id": 600_000, "message": {"text": MARK}})
    site.fake.says(ANI, f"/{MARK}")
    site.fake.says(ANI, f"@TanyaSmartCityBot {MARK}", chat=Group(-1001, MARK))
    site.fake.fail_next("getUpdates", 502)
    await site.asks(BUDI)
    await site.stop()
    lines = site.log.splitlines()
    assert [line for line in lines if MARK in line or site.fake.token in line or "l0gged" in line] == []
    read: Callable[[str], dict[str, str]] = json.loads if form == "json" else pairs
    assert all({"time", "level", "logger", "message"} <= read(line).keys() for line in lines)
    assert any("is listening, by polling" in read(line)["message"] for line in lines)
    assert any("600000" in read(line)["message"] for line in lines)  # set aside by its number


def pairs(line: str) -> dict[str, str]:
    """A line of key=value pairs as a program reads it."""
    return dict(part.split("=", 1) for part in shlex.split(line))


async def test_health_and_metrics_tell_what_goes_on(site: Site) -> None:
    await site.start()
    await site.asks(ANI)
    await site.asks(BUDI, "qqq zzz xxx")
    await site.until_health(lambda _, told: told["waiting"]["outbox"] == 0)
    status, metrics = await site.get("/metrics")
    assert status == 200
    assert 'tanya_questions_total{decision="answer"} 1.0' in metrics
    assert 'tanya_updates{state="answered"} 2.0' in metrics
    assert "tanya_answer_sent_seconds_count 2.0" in metrics
    assert "tanya_answer_queued_seconds_count 2.0" in metrics
    version = (await site.health())[1]["knowledge"]
    assert f'tanya_knowledge_info{{version="{version}"}} 1.0' in metrics


async def test_a_restart_in_the_middle_of_an_edit_answers_from_the_last_good_version(site: Site) -> None:
    """Staff, /tentang and /healthz tell of the mistakes; the correction is taken over without another restart."""
    await site.start()
    version = (await site.health())[1]["knowledge"]
    await site.stop(signal.SIGKILL)
    write_knowledge(site.folder / "knowledge", faq_program=FAQ_PROGRAM.replace("jawaban:", "jawabn:"))
    await site.start()
    refused = await site.fake.next_message(PATIENCE)
    assert (refused.chat, "muat_ulang_ditolak" in refused.text) == (STAFF.id, True)
    assert ANSWER in await site.asks(ANI)
    assert "tentang_ditolak" in await site.asks(ANI, "/tentang")
    _, told = await site.health()
    assert told["knowledge"] == version
    assert told["rejected_edit"].startswith("penyuntingan terakhir ditolak: 8 masalah, sejak ")
    write_knowledge(site.folder / "knowledge", faq_program=FAQ_PROGRAM.replace(ANSWER, "Gerakan yang mendampingi"))
    mended = await site.fake.next_message(PATIENCE)
    assert (mended.chat, "muat_ulang_pulih" in mended.text) == (STAFF.id, True)
    assert "Gerakan yang mendampingi" in await site.asks(BUDI)
    assert (await site.health())[1]["rejected_edit"] is None


# By webhook


async def test_behind_a_webhook_nothing_is_lost_while_the_bot_is_away(site: Site, free_port: int) -> None:
    """Telegram keeps calling: the webhook stays set, and what was written meanwhile comes when the bot is back."""
    hook = free_port_beside(free_port)
    site.sections["telegram"] |= {
        "mode": "webhook",
        "webhook": {"port": hook, "url": "https://bot.example.go.id/telegram", "secret_token": SECRET},
    }
    site.fake.reaches["https://bot.example.go.id/telegram"] = f"http://127.0.0.1:{hook}/telegram"
    await site.start()
    assert ANSWER in await site.asks(ANI)
    assert (await site.health())[1]["mode"] == "webhook"
    assert await site.stop() < STOPS_WITHIN
    assert site.fake.webhook["url"]
    site.fake.says(BUDI, QUESTION)
    await asyncio.sleep(0.3)
    await site.start()
    sent = await site.fake.next_message(PATIENCE)
    assert (sent.chat, ANSWER in sent.text) == (BUDI.id, True)
    assert site.fake.unread() == 0


def free_port_beside(port: int) -> int:
    """Another free port."""
    import socket  # noqa: PLC0415

    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            found = int(free.getsockname()[1])
            if found != port:
                return found


# Data


async def test_a_copy_is_made_while_people_ask_and_put_back_only_when_the_bot_is_stopped(site: Site) -> None:
    await site.start()
    await site.asks(ANI, f"{MARK} {QUESTION}")
    status, said = await site.bot("backup", "salinan.db")
    assert (status, said.startswith("salinan.db: 1 questions, 0 tickets")) == (0, True)
    await site.asks(BUDI)
    status, said = await site.bot("restore", "salinan.db")
    assert (status, "bot.db is in use. Remedy: stop the bot" in said) == (1, True)
    await site.stop()
    status, said = await site.bot("restore", "salinan.db")
    assert (status, said.startswith("Restored from salinan.db: 1 questions")) == (0, True)
    await site.start()
    assert ANSWER in await site.asks(ANI)
    assert site.fake.unread() == 0  # nothing is answered a second time


async def test_a_lock_of_some_seconds_delays_and_loses_nothing(site: Site) -> None:
    """Longer than the database itself waits, and longer than the bot tries before it sends Telegram away."""
    await site.start()
    async with locked(site.database):
        site.fake.says(ANI, QUESTION)
        site.fake.says(BUDI, QUESTION)
        await asyncio.sleep(6)
        assert site.fake.unread() == 0
    answers = [await site.fake.next_message(PATIENCE), await site.fake.next_message(PATIENCE)]
    assert sorted(sent.chat for sent in answers) == [ANI.id, BUDI.id]
    assert "is in use by another program (database is locked). Remedy: " in site.log
    await asyncio.sleep(0.5)
    assert site.fake.unread() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit the files of another process")
async def test_a_full_disk_is_told_and_what_was_asked_meanwhile_is_answered_later(site: Site) -> None:
    """From one moment on the process can write to no file any more; then there is space again."""
    import resource  # noqa: PLC0415

    process = await site.start(piped=True)
    assert process.stderr is not None
    await site.asks(ANI)
    no_space = (0, resource.RLIM_INFINITY)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, no_space)
    site.fake.says(BUDI, QUESTION)
    told = await site.until_health(lambda status, _: status == 503)
    assert told["problems"][0].startswith("messages can't be stored, since ")
    await asyncio.sleep(2)
    assert process.returncode is None
    assert site.fake.unread() == 0
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    sent = await site.fake.next_message(PATIENCE)
    assert (sent.chat, ANSWER in sent.text) == (BUDI.id, True)
    assert ANSWER in await site.asks(ANI)
    await asyncio.sleep(0.5)
    assert site.fake.unread() == 0
    process.terminate()
    log = (await process.stderr.read()).decode()
    assert "data/bot.db cannot be read or written: the disk fails (disk I/O error). Remedy: free some space" in log
    assert "messages can't be stored, since " in log
