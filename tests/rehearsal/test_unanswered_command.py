"""``python -m bot unanswered``: from what a person does in a conversation to what staff read."""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.assistant import Assistant
from bot.cli import app
from bot.config import load as load_settings
from bot.dialogue.mind import Mind
from bot.model import Asker, Decision, Reply
from bot.store.store import Store

ANI, BUDI = Asker("100200300", "100200300"), Asker("100200301", "100200301")
ANSWERED = "syarat seleksinya apa aja min?"
OFFERED = "2018?"  # asked back: the list, the number, or none of these
NONE = "Bukan ini semua"
SETTINGS = "knowledge: {{path: '{knowledge}'}}\nstore: {{url: 'sqlite+aiosqlite:///bot.db'}}\n"
KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """Settings with the real knowledge and a database of their own."""
    file = tmp_path / "config.yaml"
    file.write_text(SETTINGS.format(knowledge=KNOWLEDGE.as_posix()), encoding="utf-8")
    return file


@pytest.fixture
async def store(settings_file: Path) -> AsyncIterator[Store]:
    """That database."""
    opened = await Store.open(load_settings(settings_file, {}).store.url)
    yield opened
    await opened.close()


@pytest.fixture
def bot(mind: Mind, store: Store) -> Assistant:
    return Assistant(mind, store)


def offer(reply: Reply, label: str) -> str:
    (ident,) = (choice.id for choice in reply.choices if choice.label == label)
    return ident


async def rejected(store: Store) -> list[str]:
    return [row.text for row in await store.log.unanswered(datetime(2020, 1, 1, tzinfo=UTC)) if row.rejected]


# Pressing "Bukan ini semua" is kept with the question it was offered for


async def test_a_press_is_kept_with_its_question(bot: Assistant, store: Store) -> None:
    reply = await bot.ask(ANI, OFFERED, now())
    assert await rejected(store) == []
    await bot.choose(ANI, offer(reply, NONE), now())
    assert await rejected(store) == [OFFERED]


@pytest.mark.parametrize("typed", ["3", NONE, "bukan ini semua kak", "bukan itu"])
async def test_choosing_it_in_words_counts_as_well(bot: Assistant, store: Store, typed: str) -> None:
    assert [choice.label for choice in (await bot.ask(ANI, OFFERED, now())).choices][2] == NONE
    await bot.ask(ANI, typed, now())
    assert await rejected(store) == [OFFERED]


@pytest.mark.parametrize(
    "between", [(), ("sumbernya?",), ("terima kasih",), ("lebih rinci",), ("bukan itu", "bukan itu")]
)
async def test_an_answer_that_was_not_meant_is_kept_with_its_question(
    bot: Assistant, store: Store, between: tuple[str, ...]
) -> None:
    """ "Bukan itu" speaks of the last question that was answered, whatever was said about it since."""
    for text in (ANSWERED, *between):
        await bot.ask(ANI, text, now())
    await bot.ask(ANI, "bukan itu maksud saya", now())
    (row,) = await store.log.unanswered(datetime(2020, 1, 1, tzinfo=UTC))
    assert (row.text, row.entries, row.decision, row.rejected) == (ANSWERED, ("syarat-seleksi",), "answer", True)


async def test_an_answer_that_was_picked_and_not_meant_stands_under_its_entry(bot: Assistant, store: Store) -> None:
    await bot.choose(ANI, "e:syarat-seleksi", now())
    await bot.ask(ANI, "bukan itu", now())
    (row,) = await store.log.unanswered(datetime(2020, 1, 1, tzinfo=UTC))
    assert (row.picked, row.entries, row.rejected) == (True, ("syarat-seleksi",), True)


async def test_nobody_says_bukan_itu_for_another(bot: Assistant, store: Store) -> None:
    """Neither by typing nor by a made-up button."""
    reply = await bot.ask(ANI, ANSWERED, now())
    await bot.ask(BUDI, "bukan itu", now())
    await bot.choose(BUDI, f"x:{reply.question_id}", now())
    assert await rejected(store) == []


async def test_bukan_itu_with_nothing_before_it_is_no_gap(bot: Assistant, store: Store) -> None:
    await bot.ask(ANI, "bukan itu", now())
    assert await store.log.unanswered(datetime(2020, 1, 1, tzinfo=UTC)) == ()


async def test_staff_get_the_question_and_not_bukan_itu(mind: Mind, store: Store) -> None:
    """Handed over after "bukan itu", the ticket holds what was really asked."""
    bot = Assistant(mind, store, staffed=True)
    for text in ("apakah Lamongan masuk 2018?", "bukan itu"):
        reply = await bot.ask(ANI, text, now())
    await bot.choose(ANI, reply.actions[-1].id, now())
    (ticket,) = await store.tickets.unsettled()
    assert ticket.question == "apakah Lamongan masuk 2018?"


async def test_a_late_press_still_finds_its_own_question(bot: Assistant, store: Store) -> None:
    """The button says which question it belongs to, whatever was asked since."""
    reply = await bot.ask(ANI, OFFERED, now())
    await bot.ask(ANI, "2019?", now())
    await bot.choose(ANI, offer(reply, NONE), now())
    assert await rejected(store) == [OFFERED]


async def test_another_choice_rejects_nothing(bot: Assistant, store: Store) -> None:
    reply = await bot.ask(ANI, OFFERED, now())
    await bot.choose(ANI, reply.choices[0].id, now())
    assert await rejected(store) == []


@pytest.mark.parametrize("forged", ["x", "x:", "x:0", "x:-1", "x:4711", "x:99999999999999999999", "x:abc", "x:²"])
async def test_a_forged_button_rejects_nothing(bot: Assistant, store: Store, forged: str) -> None:
    await bot.ask(ANI, OFFERED, now())
    assert (await bot.choose(ANI, forged, now())).decision is Decision.DECLINE
    assert await rejected(store) == []


async def test_what_was_picked_is_no_question_of_its_own(bot: Assistant, store: Store) -> None:
    """Neither a button, nor a digit, nor a command stands in the lists of questions."""
    reply = await bot.ask(ANI, OFFERED, now())
    await bot.choose(ANI, offer(reply, NONE), now())
    await bot.ask(ANI, OFFERED, now())
    await bot.ask(ANI, "3", now())
    await bot.welcome(ANI, now())
    await bot.choose(ANI, "kedaluwarsa", now())
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert [(one.text, one.times) for one in await store.log.asked(long_ago, 9)] == [(OFFERED, 2)]
    assert {row.text for row in await store.log.unanswered(long_ago)} == {OFFERED}


# What staff read


@pytest.fixture
async def filled(bot: Assistant, store: Store, settings_file: Path) -> Path:
    """A day of questions; returns the settings of their database."""
    for text in ("ada beasiswa buat asn pemda gak", "beasiswa untuk asn pemda ada?", "ada beasiswa buat asn pemda gak"):
        await bot.ask(ANI, text, now())
    await bot.choose(ANI, offer(await bot.ask(ANI, OFFERED, now()), NONE), now())
    answered = await bot.ask(ANI, ANSWERED, now())
    assert answered.entries == ("syarat-seleksi",)
    await bot.rate(answered.question_id, -1, now())
    await bot.choose(ANI, "r:16.04", now())
    await bot.ask(ANI, "2022, https://lahatkab.go.id/berita/1, hp saya 081234567890", now())
    return settings_file


def unanswered(*options: str) -> Result:
    return CliRunner().invoke(app, ["unanswered", *options])


def test_staff_read_what_was_asked_in_vain(filled: Path) -> None:
    """In one table with the most asked first, then what to paste for each, and nobody's id or number."""
    shown = unanswered("--config", str(filled)).stdout
    assert shown.startswith("30 hari terakhir: 6 pertanyaan tak terjawab dan laporan data, dalam 4 kelompok.")
    assert "ada beasiswa buat asn pemda gak (dan 1 lagi)" in shown.split("\n")[4]
    assert "Periksa jawaban entri syarat-seleksi" in shown
    assert '    - {wilayah: "16.04", status: belum-diperiksa' in shown
    assert "[nomor telepon]" in shown
    assert not [private for private in (ANI.person, "081234567890") if private in shown]


def test_reports_are_written_where_asked(filled: Path, tmp_path: Path) -> None:
    table, page = tmp_path / "t.csv", tmp_path / "t.md"
    unanswered("--config", str(filled), "--csv", str(table), "--markdown", str(page))
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert [row["kali"] for row in csv.DictReader(file)] == ["3", "1", "1", "1"]
    assert page.read_text(encoding="utf-8").count("```yaml") == 4


def test_without_a_log_it_says_where_to_run_it(settings_file: Path) -> None:
    """And creates none."""
    done = unanswered("--config", str(settings_file))
    assert done.exit_code == 1
    assert done.stderr.startswith("Belum ada catatan pertanyaan.")
    assert not (settings_file.parent / "bot.db").exists()
