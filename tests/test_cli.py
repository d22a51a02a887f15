"""The command line: its contract with other programs, and what it says when something is wrong."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, bot, environment
from fake_telegram import FakeTelegram, Person
from knowledge_builder import write_knowledge
from typer.testing import CliRunner, Result

from bot.cli import FAULTY, MISCONFIGURED, app, prepare
from bot.config import Answering, Config, KnowledgeSettings
from bot.dialogue.mind import Mind
from bot.model import Asker
from bot.preparation import KEPT_CACHES
from bot.store.store import LoggedQuestion, Store

CONSOLE_LINE = 'TELEGRAM_BOT_TOKEN is not set, so this is the console chat. Type a question; "keluar" ends it.'
FITTING = "Mempelajari basis pengetahuan ..."  # where no cache is there yet
WELCOME = "Selamat datang di Tanya Smart City."


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a small sound knowledge, no settings, no token, no database."""
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_CONFIG", "TELEGRAM_BOT_TOKEN", "TELEGRAM_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    write_knowledge(tmp_path / "knowledge")
    return tmp_path


def call(*arguments: str, typed: str = "") -> Result:
    """The command line inside this process, for what needs no process of its own."""
    return CliRunner().invoke(app, arguments, input=typed)


# ask --jsonl: the contract with other programs

LINES = {
    "membership": '{"q": "apakah lamongan masuk 2018", "person": "p1", "chat": "p1"}',
    "follow-up": '{"q": "kalau lahat?", "person": "p1"}',
    "follow-up-of-another-person": '{"q": "kalau lahat?", "person": "p2"}',
    "follow-up-in-another-chat": '{"q": "kalau lahat?", "person": "p1", "chat": "c9"}',
    "blank": "",
    "two-regions": '{"q": "bandung masuk tahun berapa", "person": "p3"}',
    "in-between": '{"q": "terima kasih", "person": "p4"}',
    "digit": '{"q": "1", "person": "p3"}',
    "plain-text": "bandung masuk tahun berapa",
    "plain-digit": "2",
    "off-topic": '{"q": "berapa harga cabai di pasar hari ini?"}',
    "list": "[1, 2]",
    "null": '{"q": null}',
    "number": '{"q": 2018}',
    "broken-json": '{"q": "apakah lamongan',
    "too-deep": "[" * 20000,
    "half-a-surrogate-pair": '{"q": "\\ud800 apakah lamongan masuk 2018"}',
    "last": '{"q": "syarat seleksinya apa aja min?"}',
}
BROKEN_BYTES = b"apakah lamongan \xff masuk 2018\r\n"


@pytest.fixture(scope="module")
def asked(mind: Mind) -> subprocess.CompletedProcess[bytes]:
    """All lines, asked in one go."""
    return bot("ask", "--jsonl", typed="\n".join(LINES.values()).encode() + b"\n" + BROKEN_BYTES)


@pytest.fixture(scope="module")
def replies(asked: subprocess.CompletedProcess[bytes]) -> dict[str, dict[str, Any]]:
    """The reply to each line by its name."""
    names = [name for name in (*LINES, "broken-bytes") if name != "blank"]
    return dict(zip(names, map(json.loads, asked.stdout.decode().splitlines()), strict=True))


def test_every_line_is_answered_and_the_end_is_quiet(asked: subprocess.CompletedProcess[bytes]) -> None:
    assert asked.returncode == 0
    assert len(asked.stdout.splitlines()) == len(LINES)  # without the blank one, with the broken bytes
    assert b"Traceback" not in asked.stderr


def test_a_reply_has_exactly_the_promised_keys(replies: dict[str, dict[str, Any]]) -> None:
    keys = {"q", "decision", "text", "options", "entries", "score", "ms"}
    assert [name for name, reply in replies.items() if set(reply) != keys] == []


def test_replies_come_in_the_order_of_the_questions(replies: dict[str, dict[str, Any]]) -> None:
    for name in ("membership", "follow-up", "two-regions", "digit", "off-topic", "last"):
        assert replies[name]["q"] == json.loads(LINES[name])["q"]


def test_a_membership_is_answered_with_its_source(replies: dict[str, dict[str, Any]]) -> None:
    reply = replies["membership"]
    assert (reply["decision"], reply["options"], reply["entries"], reply["score"]) == ("answer", [], [], 1.0)
    assert reply["text"].startswith("Ya, Kabupaten Lamongan tercatat sebagai peserta tahun 2018")
    assert "\n\nSumber: " in reply["text"]
    assert 0 < reply["ms"] < 1000


def test_an_entry_is_answered_with_its_id_and_score(replies: dict[str, dict[str, Any]]) -> None:
    reply = replies["last"]
    assert (reply["decision"], reply["entries"]) == ("answer", ["syarat-seleksi"])
    assert 0 < reply["score"] <= 1


def test_one_person_in_one_chat_is_one_conversation(replies: dict[str, dict[str, Any]]) -> None:
    assert "tidak tercantum dalam daftar peserta 2018" in replies["follow-up"]["text"]
    for name in ("follow-up-of-another-person", "follow-up-in-another-chat"):
        assert "daftar peserta 2018" not in replies[name]["text"]


def test_options_are_told_apart_from_the_text(replies: dict[str, dict[str, Any]]) -> None:
    for name in ("two-regions", "plain-text"):
        assert replies[name]["decision"] == "clarify"
        assert replies[name]["options"] == ["Kabupaten Bandung", "Kota Bandung"]
        assert "Kota" not in replies[name]["text"]


@pytest.mark.parametrize(("line", "chosen"), [("digit", "Kabupaten Bandung"), ("plain-digit", "Kota Bandung")])
def test_a_digit_chooses_from_the_last_options(replies: dict[str, dict[str, Any]], line: str, chosen: str) -> None:
    assert replies[line]["decision"] == "answer"
    assert replies[line]["text"].startswith(f"{chosen} tercatat")


def test_what_is_off_topic_is_declined(replies: dict[str, dict[str, Any]]) -> None:
    assert replies["off-topic"]["decision"] == "decline"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("list", "[1, 2]"),
        ("null", ""),
        ("number", "2018"),
        ("broken-json", LINES["broken-json"]),
        ("too-deep", LINES["too-deep"]),
    ],
)
def test_any_other_line_is_a_question_too(replies: dict[str, dict[str, Any]], line: str, question: str) -> None:
    assert replies[line]["q"] == question
    assert replies[line]["text"]


@pytest.mark.parametrize("line", ["half-a-surrogate-pair", "broken-bytes"])
def test_broken_characters_do_not_hide_the_question(replies: dict[str, dict[str, Any]], line: str) -> None:
    assert replies[line]["text"].startswith("Ya, Kabupaten Lamongan")


# ask


def test_one_question_is_answered_with_its_choices(mind: Mind) -> None:
    done = bot("ask", "bandung", "masuk", "tahun", "berapa")
    assert done.returncode == 0
    assert done.stdout.decode().endswith("\n\n  1. Kabupaten Bandung\n  2. Kota Bandung\n")


def test_asking_leaves_no_database_behind(here: Path) -> None:
    assert call("ask", "program smart city itu apa sih min").exit_code == 0
    assert [file.name for file in (here / "data").iterdir()] == ["matcher"]


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "--jsonl", "apa syaratnya?"]])
def test_asking_nothing_or_both_ways_is_explained(here: Path, arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert "python -m bot ask" in done.stderr


# run and chat


def test_without_a_token_run_is_the_console_chat(mind: Mind, tmp_path: Path) -> None:
    """It works from a pipe, says in one line what it is, and keeps its database where the settings say."""
    settings = tmp_path / "config.yaml"
    settings.write_text(f"knowledge: {{path: '{ROOT / 'knowledge'}'}}\nstore: {{url: 'sqlite+aiosqlite:///bot.db'}}\n")
    done = bot("run", typed=b"apakah lamongan masuk 2018\nkalau lahat?\n", BOT_CONFIG=str(settings))
    said = done.stdout.decode()
    assert done.returncode == 0
    assert [line for line in done.stderr.decode().splitlines() if line != FITTING] == [CONSOLE_LINE]
    assert said.startswith(WELCOME)
    assert "Ya, Kabupaten Lamongan" in said
    assert "Kabupaten Lahat tidak tercantum dalam daftar peserta 2018" in said
    assert (tmp_path / "bot.db").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_control_c_ends_the_chat_at_once(mind: Mind, tmp_path: Path) -> None:
    settings = tmp_path / "config.yaml"
    settings.write_text(f"knowledge: {{path: '{ROOT / 'knowledge'}'}}\n")
    command = [sys.executable, "-m", "bot", "chat", "--config", str(settings)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=environment()) as chat:
        assert chat.stdout is not None
        assert chat.stderr is not None
        while b"Boleh juga dilewati" not in chat.stdout.readline():
            pass
        chat.stdout.readline()  # the empty line after it: now it waits for a question
        chat.send_signal(signal.SIGINT)
        assert chat.wait(timeout=10) == 130
        assert b"Traceback" not in chat.stderr.read()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
async def test_with_a_token_run_is_the_telegram_bot_and_a_restart_forgets_nothing(mind: Mind, tmp_path: Path) -> None:
    """The parts as they are put together: a real process, a real database, HTTP to a fake Telegram."""
    settings = tmp_path / "config.yaml"
    settings.write_text(f"knowledge: {{path: '{ROOT / 'knowledge'}'}}\nstore: {{url: 'sqlite+aiosqlite:///bot.db'}}\n")
    ani, answers, logged = Person(101, "Ani"), [], b""
    async with FakeTelegram() as fake:
        its = environment(TELEGRAM_BOT_TOKEN=fake.token, TELEGRAM_BASE_URL=fake.base_url, BOT_CONFIG=str(settings))
        for question in ("apakah lamongan masuk 2018", "kalau lahat?"):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=its, stderr=subprocess.PIPE
            )
            fake.says(ani, question)
            answers.append((await fake.next_message(timeout=30)).text)
            process.send_signal(signal.SIGTERM)
            logged += (await process.communicate())[1]
            assert process.returncode == 0
        assert fake.refused == []
    assert answers[0].startswith("Ya, Kabupaten Lamongan tercatat sebagai peserta tahun 2018")
    assert answers[1].startswith("Kabupaten Lahat tidak tercantum dalam daftar peserta 2018")
    assert [word for word in (fake.token, "lamongan", "lahat") if word.lower().encode() in logged.lower()] == []


def test_a_fault_of_the_program_ends_it_without_a_word_of_the_error(here: Path) -> None:
    """Python's own traceback would quote it."""
    code = (
        "import handlers.app\n"
        "async def fail(*_): raise ValueError('kata orang')\n"
        "handlers.app.run = fail\n"
        "from bot.cli import app\n"
        "app(['run'])"
    )
    its = environment(TELEGRAM_BOT_TOKEN="1:token", PYTHONPATH=str(ROOT))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=here, env=its, check=False)
    assert done.returncode == FAULTY
    assert b"the bot ends by a fault of its own, please report it: ValueError (" in done.stderr
    assert b"kata orang" not in done.stderr


def test_questions_past_their_days_are_deleted(here: Path) -> None:
    (here / "config.yaml").write_text("privacy: {retention_days: 30}\n")
    old, new = (datetime.now(UTC) - timedelta(days=days) for days in (31, 29))

    async def fill() -> tuple[int, int]:
        store = await Store.open("sqlite+aiosqlite:///data/bot.db")
        question = LoggedQuestion("apa syaratnya?", "answer", (), 1.0, "abc", group=False, kind="faq")
        numbers = [await store.record(Asker("1", "1"), day, question, lambda _: None) for day in (old, new)]
        await store.close()
        return numbers[0], numbers[1]

    async def kept(*numbers: int) -> list[bool]:
        store = await Store.open("sqlite+aiosqlite:///data/bot.db")
        found = [await store.question(number) is not None for number in numbers]
        await store.close()
        return found

    numbers = asyncio.run(fill())
    assert call("chat", typed="keluar\n").exit_code == 0
    assert asyncio.run(kept(*numbers)) == [False, True]


def test_a_database_that_cannot_be_opened_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "bot.db").mkdir()
    settings = tmp_path / "config.yaml"
    settings.write_text("store: {url: 'sqlite+aiosqlite:///bot.db'}\n")
    done = bot("run", "--config", str(settings))
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[1] == (
        f"{tmp_path}/bot.db cannot be opened (unable to open database file). "
        "Remedy: check that it is a file, in a folder that the bot's user may write to."
    )


@pytest.mark.parametrize("arguments", [["run"], ["chat"], ["check"], ["ask", "apa syaratnya?"]])
def test_a_settings_file_that_is_missing_is_named(here: Path, arguments: list[str]) -> None:
    done = call(*arguments, "--config", "etc/bot.yaml")
    assert done.exit_code == (MISCONFIGURED if arguments == ["run"] else 1)
    assert "etc/bot.yaml is not there. Remedy: copy config.example.yaml to it" in done.stderr


def test_the_bot_does_not_start_with_mistakes_in_its_knowledge(here: Path) -> None:
    write_knowledge(here / "knowledge", faq_program="- id: a\n  judul: A\n")
    done = call("ask", "apa syaratnya?")
    assert done.exit_code == 1
    assert "knowledge/faq/program.yaml:1: " in done.stderr
    assert "Remedy: correct these lines, then check with: python -m bot check" in done.stderr


# check


def test_the_knowledge_of_this_project_is_sound() -> None:
    done = bot("check")
    assert done.returncode == 0
    assert "Basis pengetahuan sah: " in done.stdout.decode().splitlines()[-1]


def test_a_planted_mistake_is_found(here: Path) -> None:
    file = here / "knowledge" / "faq" / "program.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  jawaban: |", "  jawabn: |", 1), encoding="utf-8")
    done = call("check")
    assert done.exit_code == 1
    assert 'knowledge/faq/program.yaml:7: kunci "jawabn" tidak dikenal. Maksudnya "jawaban"?' in done.stdout


# A start while the knowledge has mistakes

BROKEN = "- id: a\n  judul: A\n"
ASKED = "program smart city itu apa sih min\n/tentang\nkeluar\n"


def test_the_last_good_version_answers_while_the_files_have_mistakes(here: Path) -> None:
    """Whoever restarts the bot in the middle of an edit has a bot that answers, and says what is wrong."""
    before = call("chat", typed=ASKED)
    write_knowledge(here / "knowledge", faq_program=BROKEN)
    during = call("chat", typed=ASKED)
    assert during.exit_code == 0
    assert "knowledge/faq/program.yaml:1: " in during.stderr
    assert "Until then the last good version answers: " in during.stderr
    assert "Pesan tentang_ditolak 4 " in during.stdout
    answer = before.stdout.partition("> /tentang")[0]
    assert answer == during.stdout.partition("> /tentang")[0]
    write_knowledge(here / "knowledge")
    assert "tentang_ditolak" not in call("chat", typed=ASKED).stdout


def test_without_a_last_good_version_mistakes_are_refused(here: Path) -> None:
    write_knowledge(here / "knowledge", faq_program=BROKEN)
    done = call("run", typed=ASKED)
    assert done.exit_code == MISCONFIGURED
    assert "Remedy: correct these lines, then check with: python -m bot check" in done.stderr


def test_the_last_good_version_of_another_knowledge_is_not_taken(here: Path) -> None:
    """Two bots that are started in one folder."""
    assert call("chat", typed=ASKED).exit_code == 0
    write_knowledge(here / "lain" / "knowledge", faq_program=BROKEN)
    (here / "lain" / "config.yaml").write_text("store: {url: 'sqlite+aiosqlite://'}\n")
    assert call("chat", "--config", "lain/config.yaml", typed=ASKED).exit_code == 1


# backup and restore


def test_a_database_is_copied_and_put_back(here: Path) -> None:
    assert call("chat", typed="apa syaratnya?\nkeluar\n").exit_code == 0
    copied = call("backup", "salinan.db")
    assert copied.stdout.startswith("salinan.db: 2 questions, 0 tickets, ")
    assert call("chat", typed="apa syaratnya?\nkeluar\n").exit_code == 0
    restored = call("restore", "salinan.db")
    assert restored.stdout.splitlines()[0] == "Restored from salinan.db: 2 questions, 0 tickets."
    (aside,) = (here / "data").glob("bot.db.before-*")
    assert f"The database before it is {aside.relative_to(here)}." in restored.stdout
    assert call("backup", "lagi.db").stdout.startswith("lagi.db: 2 questions, ")


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_cannot_be_copied_is_told_with_the_remedy(here: Path, command: str) -> None:
    done = call(command, "salinan.db")
    assert done.exit_code == 1
    assert "is not there. Remedy: " in done.stderr
    assert list(here.glob("*.db")) == []


# The cache of the fitted matcher


@pytest.fixture
def small(here: Path) -> Config:
    """Settings for the small knowledge."""
    return Config(knowledge=KnowledgeSettings(path=here / "knowledge"))


def test_the_matcher_is_fitted_once(small: Config, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(small)
    assert capsys.readouterr().err == f"{FITTING}\n"
    prepare(small)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "damage", [b"", b"not a pickle", b"\x80\x05K\x01.", b"\x80\x05cposix\nabc\n.", b"\x80\x05]q\x00(e"]
)
def test_a_damaged_cache_is_made_anew(small: Config, damage: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(small)
    (file,) = Path("data/matcher").iterdir()
    sound = file.read_bytes()
    file.write_bytes(damage)
    prepare(small)
    assert FITTING in capsys.readouterr().err
    assert file.read_bytes() == sound


def test_a_cache_that_cannot_be_written_only_costs_time(small: Config, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data").write_text("a file where the folder should be", encoding="utf-8")
    assert prepare(small).knowledge.version
    assert "the next start takes longer" in capsys.readouterr().err


def test_other_settings_are_fitted_anew_and_only_the_latest_are_kept(small: Config) -> None:
    for precision in (0.9, 0.91, 0.92, 0.93):
        prepare(small.model_copy(update={"answering": Answering(answer_precision=precision)}))
    assert len(list(Path("data/matcher").iterdir())) == KEPT_CACHES
