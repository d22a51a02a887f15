"""The bot in a terminal: what is read there, and that commands and digits work as in Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.assistant import Assistant
from bot.console import chat, plain_text, with_choices
from bot.dialogue.mind import Mind
from bot.errors import OperatorError
from bot.model import Choice, Decision, Reply
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
WELCOME = "Selamat datang di Tanya Smart City."

Talk = Callable[..., Awaitable[str]]


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line + "\n"


@pytest.fixture
async def talk(mind: Mind) -> AsyncIterator[Talk]:
    """Types lines into a new chat and returns all that was printed; the database outlives the chats of a test."""
    store = await Store.open("sqlite+aiosqlite://")

    async def run(*lines: str, echo: bool = True) -> str:
        out = StringIO()
        await chat(Assistant(mind, store), typed(*lines), out, lambda: NOW, echo=echo)
        return out.getvalue()

    yield run
    await store.close()


# What a reply looks like as plain text

REPLY = Reply(
    Decision.ANSWER,
    "Peserta *2018*:\n- Lamongan",
    actions=(Choice("e:kontak", "Kontak program"),),
    quote="Pasal *1*",
    footer="Sumber: Antara · diperiksa 21 Nov 2026",
)


def test_plain_text_is_the_answer_the_quote_and_the_source() -> None:
    assert plain_text(REPLY) == "Peserta 2018:\n- Lamongan\n\nPasal 1\n\nSumber: Antara · diperiksa 21 Nov 2026"


def test_choices_and_offers_are_numbered_through() -> None:
    asked = Reply(Decision.CLARIFY, "Yang mana?", choices=(Choice("a", "A"), Choice("b", "B")), actions=REPLY.actions)
    assert with_choices(asked) == "Yang mana?\n\n  1. A\n  2. B\n  3. Kontak program"


# A chat


async def test_the_chat_begins_with_the_welcome(talk: Talk) -> None:
    assert (await talk()).startswith(WELCOME)


async def test_a_question_gets_its_answer_and_its_source(talk: Talk) -> None:
    said = await talk("apakah lamongan masuk 2018")
    assert "> apakah lamongan masuk 2018\nYa, Kabupaten Lamongan tercatat sebagai peserta tahun 2018" in said
    assert "\nSumber: " in said


async def test_a_follow_up_continues_the_last_question(talk: Talk) -> None:
    said = await talk("apakah lamongan masuk 2018", "kalau lahat?")
    assert "Kabupaten Lahat tidak tercantum dalam daftar peserta 2018" in said


async def test_a_digit_chooses(talk: Talk) -> None:
    said = await talk("bandung masuk tahun berapa", "2")
    assert "  2. Kota Bandung\n" in said
    assert "> 2\nKota Bandung tercatat" in said


async def test_typed_lines_are_not_repeated(talk: Talk) -> None:
    said = await talk("apakah lamongan masuk 2018", echo=False)
    assert "apakah lamongan masuk 2018" not in said.partition(WELCOME)[2]
    assert "Ya, Kabupaten Lamongan" in said


@pytest.mark.parametrize("word", ["keluar", "KELUAR", " exit ", "quit"])
async def test_a_word_ends_the_chat(talk: Talk, word: str) -> None:
    assert "Lamongan tercatat" not in await talk(word, "apakah lamongan masuk 2018")


async def test_empty_lines_are_passed_over(talk: Talk) -> None:
    assert await talk("", "   ") == await talk()


async def test_what_looks_like_markup_is_shown_as_it_is(talk: Talk) -> None:
    assert "> [bold]halo[/bold] [/]\n" in await talk("[bold]halo[/bold] [/]")


async def test_long_lines_are_left_whole_for_the_next_program(talk: Talk) -> None:
    assert max(map(len, (await talk()).splitlines())) > 100


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/start", WELCOME),
        ("/bantuan", "/topik: menelusuri semua topik"),
        ("/help", "/topik: menelusuri semua topik"),
        ("/TENTANG", "Versi basis pengetahuan"),
        ("/topik", "Silakan pilih topik."),
        ("/daerah", "Daerah Bapak/Ibu belum tercatat."),
        ("/daerah kabupaten siak", "saya catat sebagai Kabupaten Siak"),
        ("/angkatan", "Angkatan tahun berapa"),
        ("/angkatan 2018", "Kabupaten Lamongan"),
        ("/tanya apakah lamongan masuk 2018", "Ya, Kabupaten Lamongan"),
        ("/tanya", "/topik: menelusuri semua topik"),
        ("/hapus", "Perintah itu belum saya kenal."),
    ],
)
async def test_commands_work_as_in_telegram(talk: Talk, line: str, says: str) -> None:
    _, _, said = (await talk(line)).partition(f"> {line}\n")
    assert says in said


async def test_topics_are_browsed_by_digits(talk: Talk, mind: Mind) -> None:
    said = await talk("/topik", "1", "1")
    topic = mind.knowledge.topics[0]
    entry = next(entry for entry in mind.knowledge.entries.values() if entry.topic == topic.id)
    assert f"{topic.title}. Silakan pilih pertanyaan." in said
    assert entry.answer.replace("*", "").splitlines()[0] in said


async def test_the_region_is_remembered_for_the_next_chat(talk: Talk) -> None:
    await talk("/daerah kabupaten lamongan")
    assert "tercatat sebagai Kabupaten Lamongan" in await talk()


# Files


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the chat runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_a_file_is_saved_and_named(talk: Talk, here: Path, mind: Mind) -> None:
    said = await talk("daftar peserta 2018", mind.says("tombol_berkas"))
    assert said.endswith("\n\nBerkas disimpan: data/peserta-tahun-2018.xlsx\n\n")
    content = (here / "data" / "peserta-tahun-2018.xlsx").read_bytes()
    assert "xl/worksheets/sheet1.xml" in ZipFile(BytesIO(content)).namelist()


async def test_a_file_that_cannot_be_saved_names_the_remedy(talk: Talk, here: Path) -> None:
    (here / "data").write_text("a file where the folder should be")
    with pytest.raises(OperatorError, match=r"peserta-tahun-2018\.xlsx cannot be written .*Remedy: "):
        await talk("daftar peserta 2018", "1")


async def test_what_is_kept_is_told_and_deleted_as_in_telegram(talk: Talk) -> None:
    said = await talk("/daerah Lamongan", "/privasi", "/hapus_data", "1", "/privasi")
    told = ["Daerah Bapak/Ibu: Kabupaten Lamongan", "sudah dihapus", "Daerah Bapak/Ibu: belum dicatat"]
    assert sorted(told, key=said.index) == told
