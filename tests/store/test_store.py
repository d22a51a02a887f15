"""What the store remembers, for whom, for how long, and what it never writes down."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from bot.errors import OperatorError
from bot.model import Asker
from bot.store.masking import mask
from bot.store.store import LoggedQuestion, Memory, Store
from bot.store.tables import questions

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TTL = timedelta(minutes=30)
RETENTION = timedelta(days=90)
MOMENT = timedelta(seconds=1)

BUDI = Asker("1001", "1001")
SITI = Asker("1002", "1002")
BUDI_IN_GROUP = Asker("1001", "-100500", group=True)
SITI_IN_GROUP = Asker("1002", "-100500", group=True)
BUDI_IN_TOPIC = Asker("1001", "-100500", group=True, topic="7")
SITI_IN_TOPIC = Asker("1002", "-100500", group=True, topic="7")

CONTEXT = '{"entry": "syarat-seleksi", "year": 2018}'
QUESTION = LoggedQuestion(
    text="apa syaratnya?",
    decision="answer",
    entries=("syarat-seleksi",),
    score=0.83,
    knowledge_version="abc",
    group=False,
    kind="faq",
)


def keeping(context: str | None) -> Callable[[int], str | None]:
    """A context that does not depend on the question's id."""
    return lambda _: context


PLANTED = {"NIK": "3524010101900001", "phone": "081234567890", "e-mail": "budi@lamongan.go.id"}
PLANTED_TEXT = "saya {NIK} hp {phone} surel {e-mail}".format(**PLANTED)


async def context_of(store: Store, asker: Asker, now: datetime = NOW) -> str | None:
    return (await store.recall(asker, now, TTL)).context


async def logged(store: Store) -> list[dict[str, Any]]:
    """The rows of the question log, oldest first."""
    async with store._engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(questions.select())).mappings()]


def bytes_on_disk(folder: Path) -> bytes:
    """Everything in the folder of the database: the file, its journal and its index."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


# Conversations


async def test_an_empty_store_remembers_nothing(store: Store) -> None:
    assert await store.recall(BUDI, NOW, TTL) == Memory(None, None, None)


async def test_a_conversation_is_recalled_as_it_was_recorded(store: Store) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    assert await context_of(store, BUDI) == CONTEXT


async def test_the_latest_context_replaces_the_one_before(store: Store) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    await store.record(BUDI, NOW + MOMENT, QUESTION, keeping('{"year": 2019}'))
    assert await context_of(store, BUDI) == '{"year": 2019}'


async def test_no_context_ends_the_conversation(store: Store) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    await store.record(BUDI, NOW + MOMENT, QUESTION, keeping(None))
    assert await context_of(store, BUDI) is None


@pytest.mark.parametrize(
    "other",
    [SITI, BUDI_IN_GROUP, SITI_IN_GROUP, BUDI_IN_TOPIC],
    ids=["other person", "same person in a group", "other person in a group", "same person in a forum topic"],
)
async def test_a_conversation_is_known_nowhere_else(store: Store, other: Asker) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    assert await context_of(store, other) is None


async def test_ending_one_conversation_leaves_those_elsewhere(store: Store) -> None:
    askers = (BUDI, SITI, BUDI_IN_GROUP, SITI_IN_GROUP, BUDI_IN_TOPIC)
    for number, asker in enumerate(askers):
        await store.record(asker, NOW, QUESTION, keeping(f'{{"n": {number}}}'))
    await store.record(BUDI_IN_GROUP, NOW, QUESTION, keeping(None))
    assert [await context_of(store, asker) for asker in askers] == [
        '{"n": 0}',
        '{"n": 1}',
        None,
        '{"n": 3}',
        '{"n": 4}',
    ]


async def test_a_conversation_lives_as_long_as_its_time_to_live(store: Store) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    assert await context_of(store, BUDI, NOW + TTL) == CONTEXT
    assert await context_of(store, BUDI, NOW + TTL + MOMENT) is None


async def test_each_question_gives_the_conversation_new_time(store: Store) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    await store.record(BUDI, NOW + TTL, QUESTION, keeping(CONTEXT))
    assert await context_of(store, BUDI, NOW + TTL + TTL) == CONTEXT


async def test_the_zone_of_the_clock_does_not_matter(store: Store) -> None:
    jakarta = timezone(timedelta(hours=7))
    await store.record(BUDI, NOW.astimezone(jakarta), QUESTION, keeping(CONTEXT))
    assert await context_of(store, BUDI, NOW + TTL) == CONTEXT
    assert await context_of(store, BUDI, (NOW + TTL + MOMENT).astimezone(jakarta)) is None
    assert (await logged(store))[0]["asked_at"] == NOW


async def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        await store.record(BUDI, NOW.replace(tzinfo=None), QUESTION, keeping(CONTEXT))
    assert await logged(store) == []


# Regions


async def test_the_region_of_a_person_follows_them_and_nobody_else(store: Store) -> None:
    await store.set_person_region("1001", "35.24", NOW)
    regions = [(await store.recall(asker, NOW, TTL)).person_region for asker in (BUDI, BUDI_IN_GROUP, SITI_IN_GROUP)]
    assert regions == ["35.24", "35.24", None]


async def test_the_region_of_a_chat_holds_for_everybody_in_it_and_nowhere_else(store: Store) -> None:
    await store.set_chat_region("-100500", "11.01", NOW)
    regions = [(await store.recall(asker, NOW, TTL)).chat_region for asker in (BUDI_IN_GROUP, SITI_IN_TOPIC, BUDI)]
    assert regions == ["11.01", "11.01", None]


async def test_a_region_can_be_changed_and_taken_back(store: Store) -> None:
    for code in ("35.24", "35.25"):
        await store.set_person_region("1001", code, NOW)
        await store.set_chat_region("-100500", code, NOW)
    assert await store.recall(BUDI_IN_GROUP, NOW, TTL) == Memory(None, "35.25", "35.25")
    await store.set_person_region("1001", None, NOW)
    await store.set_chat_region("-100500", None, NOW)
    assert await store.recall(BUDI_IN_GROUP, NOW, TTL) == Memory(None, None, None)


# The question log


async def test_the_log_holds_the_question_and_not_who_asked(store: Store) -> None:
    question_id = await store.record(BUDI_IN_GROUP, NOW, replace(QUESTION, group=True), keeping(CONTEXT))
    assert await logged(store) == [
        {
            "id": question_id,
            "asked_at": NOW,
            "text": "apa syaratnya?",
            "decision": "answer",
            "kind": "faq",
            "entries": ["syarat-seleksi"],
            "score": 0.83,
            "knowledge_version": "abc",
            "in_group": True,
            "rating": None,
            "rated_at": None,
            "picked": False,
            "rejected_at": None,
        }
    ]


async def test_every_question_gets_its_own_number(store: Store) -> None:
    first = await store.record(BUDI, NOW, QUESTION, keeping(None))
    second = await store.record(BUDI, NOW, QUESTION, keeping(None))
    assert first > 0
    assert second > first


async def test_the_last_rating_counts(store: Store) -> None:
    question_id = await store.record(BUDI, NOW, QUESTION, keeping(None))
    other_id = await store.record(BUDI, NOW, QUESTION, keeping(None))
    assert await store.rate(question_id, -1, NOW)
    assert await store.rate(question_id, 1, NOW + MOMENT)
    assert {row["id"]: (row["rating"], row["rated_at"]) for row in await logged(store)} == {
        question_id: (1, NOW + MOMENT),
        other_id: (None, None),
    }


async def test_rating_a_question_that_is_gone_says_so(store: Store) -> None:
    assert not await store.rate(4711, 1, NOW)


@pytest.mark.parametrize("value", [0, 2, -2])
async def test_a_rating_is_one_up_or_one_down(store: Store, value: int) -> None:
    question_id = await store.record(BUDI, NOW, QUESTION, keeping(None))
    with pytest.raises(ValueError, match="a rating is one of"):
        await store.rate(question_id, value, NOW)


async def test_the_number_of_a_deleted_question_is_not_used_again(store: Store) -> None:
    """A feedback button under an old answer must not rate somebody else's question."""
    old = await store.record(BUDI, NOW, QUESTION, keeping(None))
    await store.purge(NOW + RETENTION + MOMENT, RETENTION)
    assert await store.record(SITI, NOW, QUESTION, keeping(None)) > old


# Deleting


async def test_purge_deletes_what_is_older_than_its_days_and_nothing_else(store: Store) -> None:
    new = NOW + MOMENT
    for asker, now in ((BUDI, NOW), (SITI, new)):
        await store.record(asker, now, replace(QUESTION, text=f"dari {asker.person}"), keeping(CONTEXT))
        await store.set_person_region(asker.person, "35.24", now)
    settled, recent, waiting = [await store.tickets.open(BUDI, NOW, text) for text in ("lama", "baru", "menunggu")]
    for ticket, now in ((settled, NOW), (recent, new)):
        await store.tickets.bind(ticket.number, "-200", ticket.number)
        await store.tickets.close(ticket.number, now)

    assert await store.purge(new + RETENTION, RETENTION) == 5  # question, conversation, ticket with asker and message

    assert [row["text"] for row in await logged(store)] == ["dari 1002"]
    forever = timedelta(days=10_000)
    assert await store.recall(BUDI, new, forever) == Memory(None, "35.24", None)
    assert await store.recall(SITI, new, forever) == Memory(CONTEXT, "35.24", None)
    assert await store.tickets.shown_in("-200", settled.number) is None
    assert await store.tickets.shown_in("-200", recent.number) is not None
    assert await store.tickets.unsettled() == (waiting,)


async def test_purging_again_finds_nothing(store: Store) -> None:
    await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    assert await store.purge(NOW + RETENTION + MOMENT, RETENTION) == 2
    assert await store.purge(NOW + RETENTION + MOMENT, RETENTION) == 0


async def test_forget_deletes_everything_of_one_person_and_of_nobody_else(store: Store) -> None:
    for asker in (BUDI, BUDI_IN_GROUP, SITI, SITI_IN_GROUP):
        await store.record(asker, NOW, QUESTION, keeping(CONTEXT))
        await store.tickets.open(asker, NOW, "halo")
        await store.set_person_region(asker.person, "35.24", NOW)
        await store.set_chat_region(asker.chat, "11.01", NOW)

    await store.forget("1001")

    assert await store.recall(BUDI, NOW, TTL) == Memory(None, None, None)
    assert await store.recall(BUDI_IN_GROUP, NOW, TTL) == Memory(None, None, "11.01")
    assert await store.recall(SITI, NOW, TTL) == Memory(CONTEXT, "35.24", "11.01")
    assert await store.recall(SITI_IN_GROUP, NOW, TTL) == Memory(CONTEXT, "35.24", "11.01")
    assert [ticket.askers[0].asker for ticket in await store.tickets.unsettled()] == [SITI, SITI_IN_GROUP]


# On the disk


async def test_everything_survives_a_restart(url: str) -> None:
    store = await Store.open(url)
    question_id = await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    await store.set_person_region("1001", "35.24", NOW)
    ticket = await store.tickets.open(BUDI, NOW, "halo")
    await store.close()

    again = await Store.open(url)
    assert await again.recall(BUDI, NOW, TTL) == Memory(CONTEXT, "35.24", None)
    assert await again.tickets.unsettled() == (ticket,)
    assert await again.rate(question_id, 1, NOW)
    await again.close()


async def test_personal_numbers_never_reach_the_disk(url: str, tmp_path: Path) -> None:
    """Neither the file nor its journal ever holds them, whichever way they came in."""
    store = await Store.open(url)
    contexts = (
        f'{{"text": "{PLANTED_TEXT}", "score": 0.8312345678901234}}',
        '{"text": ["' + "".join(f"\\uff1{digit}" for digit in PLANTED["NIK"]) + '"]}',
    )
    for asker, context in zip((BUDI, SITI), contexts, strict=True):
        await store.record(asker, NOW, replace(QUESTION, text=PLANTED_TEXT), keeping(context))
    await store.tickets.open(BUDI, NOW, PLANTED_TEXT)
    running = bytes_on_disk(tmp_path / "data")
    recalled = [await context_of(store, asker) for asker in (BUDI, SITI)]
    await store.close()

    for written in (running, bytes_on_disk(tmp_path / "data")):
        assert b"hp [nomor telepon] surel [surel]" in written
        for kind, value in PLANTED.items():
            assert value.encode() not in written, kind
    assert recalled == [
        '{"text": "saya [NIK] hp [nomor telepon] surel [surel]", "score": 0.8312345678901234}',
        '{"text": ["[NIK]"]}',
    ]


async def test_a_forgotten_person_is_gone_from_the_disk(url: str, tmp_path: Path) -> None:
    """Not only from the tables: SQLite would leave deleted rows lying in free pages and in the journal."""
    person = "987654321012"
    store = await Store.open(url)
    await store.record(Asker(person, person), NOW, QUESTION, keeping(CONTEXT))
    await store.set_person_region(person, "35.24", NOW)
    await store.tickets.open(Asker(person, person), NOW, "halo")
    assert person.encode() in bytes_on_disk(tmp_path / "data")
    await store.forget(person)
    assert person.encode() not in bytes_on_disk(tmp_path / "data")
    await store.close()
    assert person.encode() not in bytes_on_disk(tmp_path / "data")


# Many at once


async def test_fifty_questions_at_once_are_all_kept(store: Store) -> None:
    askers = [Asker(str(number), "-100500", group=True) for number in range(50)]
    ids = await asyncio.gather(*(store.record(asker, NOW, QUESTION, keeping(f'"{asker.person}"')) for asker in askers))
    assert len(set(ids)) == 50
    memories = await asyncio.gather(*(store.recall(asker, NOW, TTL) for asker in askers))
    assert [memory.context for memory in memories] == [f'"{asker.person}"' for asker in askers]


async def test_two_programs_can_write_to_one_file(url: str) -> None:
    stores = [await Store.open(url), await Store.open(url)]
    ids = await asyncio.gather(*(stores[n % 2].record(BUDI, NOW, QUESTION, keeping(f'"{n}"')) for n in range(50)))
    assert len(set(ids)) == 50
    assert len(await logged(stores[0])) == 50
    for store in stores:
        await store.close()


async def test_questions_of_one_person_at_once_leave_one_conversation(store: Store) -> None:
    await asyncio.gather(*(store.record(BUDI, NOW, QUESTION, keeping(f'"{number}"')) for number in range(20)))
    assert await context_of(store, BUDI) in {f'"{number}"' for number in range(20)}


async def test_a_question_is_kept_with_its_context_or_not_at_all(url: str) -> None:
    """Whenever the task is cancelled, log and conversation agree, and the store stays usable."""
    store = await Store.open(url)
    for steps in range(40):
        task = asyncio.create_task(store.record(BUDI, NOW, QUESTION, keeping(f'"{steps}"')))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        await store.record(SITI, NOW, replace(QUESTION, kind="marker"), keeping(None))
        kept = [row for row in await logged(store) if row["kind"] != "marker"]
        assert (await context_of(store, BUDI) == f'"{steps}"') == bool(kept)
        await store.purge(NOW + RETENTION + MOMENT, RETENTION)
    await store.close()


async def test_a_database_that_stays_locked_is_reported_with_the_remedy(url: str) -> None:
    store = await Store.open(f"{url}?timeout=0.05")
    other = sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperatorError, match=r"is in use by another program.*Remedy: stop"):
        await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT))
    other.close()
    assert await store.record(BUDI, NOW, QUESTION, keeping(CONTEXT)) > 0
    await store.close()


async def test_an_error_does_not_repeat_what_people_wrote(url: str) -> None:
    """Errors go to the log of the operator, the words of a question do not."""
    store = await Store.open(url)
    with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as other:
        other.execute("DROP TABLE questions")
    other.close()
    with pytest.raises(OperatorError, match="no such table") as caught:
        await store.record(BUDI, NOW, replace(QUESTION, text="rahasia sekali"), keeping(CONTEXT))
    await store.close()
    assert "rahasia" not in f"{caught.value} {caught.value.__cause__}"


async def test_context_can_name_its_question(store: Store) -> None:
    """The context learns the id of the question it belongs to, and the question's masked text can be read by it."""
    question_id = await store.record(
        BUDI, NOW, replace(QUESTION, text=PLANTED_TEXT), lambda number: f'{{"id": {number}}}'
    )
    memory = await store.recall(BUDI, NOW, TTL)
    assert memory.context == f'{{"id": {question_id}}}'
    assert await store.question(question_id) == mask(PLANTED_TEXT)
    assert await store.question(question_id + 1) is None


async def test_most_asked(store: Store) -> None:
    """Entries are counted in answers since a day, also several of one answer; ties go by name."""
    told = [("a",), ("b", "a"), ("c",), ("c",)]
    for entries in told:
        await store.record(BUDI, NOW, replace(QUESTION, entries=entries), keeping(None))
    await store.record(BUDI, NOW, replace(QUESTION, entries=("d",), decision="decline"), keeping(None))
    await store.record(BUDI, NOW, replace(QUESTION, entries=("e",), kind="smalltalk"), keeping(None))
    assert await store.most_asked(NOW, 5) == ("a", "c", "b")
    assert await store.most_asked(NOW, 1) == ("a",)
    assert await store.most_asked(NOW + MOMENT, 5) == ()
