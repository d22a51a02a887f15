"""What staff can read of the question log, and that nobody's id is in it."""

import sqlite3
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.errors import OperatorError
from bot.model import Asker
from bot.store.database import MIGRATIONS
from bot.store.log import AskedText, Unanswered
from bot.store.store import LoggedQuestion, Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MONTH = NOW - timedelta(days=30)
LONG_AGO = NOW - timedelta(days=31)
BUDI, SITI = Asker("100200300", "100200300"), Asker("400500600", "-100500", group=True, topic="7")
ANSWERED = LoggedQuestion("apa syaratnya?", "answer", ("syarat-seleksi",), 0.8, "abc", group=False, kind="faq")
DECLINED = replace(ANSWERED, text="ada beasiswa?", decision="decline", entries=(), kind="declined")
OFFERED = replace(ANSWERED, text="evaluasi", decision="clarify", entries=("jadwal", "nilai"))


async def log(store: Store, question: LoggedQuestion, at: datetime = NOW, asker: Asker = BUDI) -> int:
    return await store.record(asker, at, question, lambda _: None)


# What was asked


async def test_different_questions_come_once_with_the_most_frequent_first(store: Store) -> None:
    for text in ("b?", "apa syaratnya?", "a?", " Apa Syaratnya? ", "c?", "c?", "apa syaratnya?"):
        await log(store, replace(ANSWERED, text=text))
    asked = await store.log.asked(MONTH, most=3)
    assert [(one.text.lower(), one.times) for one in asked] == [("apa syaratnya?", 3), ("c?", 2), ("a?", 1)]


@pytest.mark.parametrize(
    "question",
    [replace(ANSWERED, text="e:syarat-seleksi", picked=True), replace(ANSWERED, text="2022, https://…", kind="report")],
    ids=["picked", "report"],
)
async def test_what_is_no_question_was_not_asked(store: Store, question: LoggedQuestion) -> None:
    await log(store, question)
    assert await store.log.asked(MONTH, most=9) == ()


async def test_only_the_last_days_count(store: Store) -> None:
    for question in (ANSWERED, DECLINED):
        await log(store, question, LONG_AGO)
        await log(store, replace(question, text="baru"), MONTH)
    assert await store.log.asked(MONTH, most=9) == (AskedText("baru", 2),)
    assert [row.text for row in await store.log.unanswered(MONTH)] == ["baru"]


# What found no answer


async def test_declined_rejected_and_disliked_questions_are_unanswered(store: Store) -> None:
    """And nothing else is: no answer, no choice that was offered, no answer that helped."""
    await log(store, ANSWERED)
    await log(store, OFFERED)
    await store.rate(await log(store, ANSWERED), 1, NOW)
    await log(store, DECLINED)
    assert await store.reject(await log(store, OFFERED), NOW)
    await store.rate(await log(store, ANSWERED), -1, NOW)
    assert await store.log.unanswered(MONTH) == (
        Unanswered("ada beasiswa?", False, "decline", (), rejected=False, disliked=False),
        Unanswered("evaluasi", False, "clarify", ("jadwal", "nilai"), rejected=True, disliked=False),
        Unanswered("apa syaratnya?", False, "answer", ("syarat-seleksi",), rejected=False, disliked=True),
    )


async def test_a_rating_that_was_taken_back_does_not_count(store: Store) -> None:
    number = await log(store, ANSWERED)
    await store.rate(number, -1, NOW)
    await store.rate(number, 1, NOW)
    assert await store.log.unanswered(MONTH) == ()


async def test_a_picked_choice_counts_only_where_its_answer_did_not_help(store: Store) -> None:
    picked = replace(ANSWERED, text="e:syarat-seleksi", picked=True)
    await log(store, replace(DECLINED, text="x:7", picked=True))
    await log(store, picked)
    await store.rate(await log(store, picked), -1, NOW)
    assert [(row.text, row.picked) for row in await store.log.unanswered(MONTH)] == [("e:syarat-seleksi", True)]


@pytest.mark.parametrize("question", [ANSWERED, DECLINED], ids=["answered", "declined"])
async def test_only_a_question_that_offered_choices_can_be_rejected(store: Store, question: LoggedQuestion) -> None:
    """A forged button must not put other people's questions on the staff's list."""
    assert not await store.reject(await log(store, question), NOW)


async def test_rejecting_a_question_that_is_gone_says_so(store: Store) -> None:
    assert not await store.reject(4711, NOW)


# What was reported


async def test_reported_data_comes_without_who_reported_it(store: Store) -> None:
    await store.tickets.open(BUDI, LONG_AGO, "lama", kind="data")
    await store.tickets.open(BUDI, NOW, "bisa bicara dengan petugas?")
    await store.tickets.open(SITI, NOW, "Lahat 2022, hp 081234567890", kind="data")
    assert await store.log.data_reports(MONTH) == ("Lahat 2022, hp [nomor telepon]",)


async def test_nothing_read_here_names_a_person_or_a_chat(store: Store) -> None:
    for asker in (BUDI, SITI):
        await log(store, DECLINED, asker=asker)
        await store.tickets.open(asker, NOW, "Lahat 2022", kind="data")
    read = repr(
        [await store.log.asked(MONTH, 9), await store.log.unanswered(MONTH), await store.log.data_reports(MONTH)]
    )
    assert [ident for ident in (BUDI.person, SITI.person, SITI.chat) if ident in read] == []
    assert {field.name for field in fields(Unanswered)} & {"person", "chat", "topic"} == set()


# Whether there is a log, and the one of an older version


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_a_database_in_memory_is_not_there_yet(url: str) -> None:
    assert not Store.exists(url)


async def test_a_file_is_there_once_it_was_opened_and_looking_creates_none(url: str, tmp_path: Path) -> None:
    assert not Store.exists(url)
    assert not (tmp_path / "data").exists()
    await (await Store.open(url)).close()
    assert Store.exists(url)


def test_a_url_that_is_none_is_refused_with_the_remedy() -> None:
    with pytest.raises(OperatorError, match=r"Remedy: write store\.url like"):
        Store.exists("bot.db")


async def test_the_log_of_an_older_version_stays_readable(url: str) -> None:
    """Its rows count as typed, and numbers are still never given twice."""
    file = Path(url.removeprefix("sqlite+aiosqlite:///"))
    file.parent.mkdir()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(f"sqlite:///{file}").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with sqlite3.connect(file) as old:
        columns = "(asked_at, text, decision, kind, entries, score, knowledge_version, in_group)"
        row = ("2026-11-21 08:00:00.000000", "lama?", "decline", "declined", "[]", 0.1, "abc", 0)
        old.execute(f"INSERT INTO questions {columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        old.execute("UPDATE sqlite_sequence SET seq = 98 WHERE name = 'questions'")
    old.close()

    store = await Store.open(url)
    assert await store.log.unanswered(MONTH) == (
        Unanswered("lama?", False, "decline", (), rejected=False, disliked=False),
    )
    assert await log(store, ANSWERED) == 99
    await store.close()
