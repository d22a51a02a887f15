"""A person, the Telegram application, the real assistant and the real knowledge; only Telegram's server is a fake."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from xml.etree import ElementTree

import pytest
from fake_telegram import FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, STAFF, application, running

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.dialogue.model import QueryKind, RegionQuery
from bot.dialogue.table import HEADINGS, list_rows, table_reply
from bot.store.store import Store


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty database in memory."""
    opened = await Store.open("sqlite+aiosqlite://")
    yield opened
    await opened.close()


@pytest.fixture
def assistant(mind: Mind, store: Store) -> Assistant:
    """The real one, with staff behind it."""
    return Assistant(mind, store, staffed=True)


@pytest.fixture
async def chat(fake: FakeTelegram, assistant: Assistant) -> AsyncIterator[Chat]:
    """The bot is running, and people can talk to it."""
    async with running(application(fake.base_url, assistant, fake.token, STAFF.id)):
        yield Chat(fake)


class Chat:
    """Talking to the bot, one message at a time."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake

    async def ask(self, text: str, person: Person = ANI, group: Group | None = None, topic: int | None = None) -> Sent:
        self.fake.says(person, text, chat=group, topic=topic)
        return await self.fake.next_message()

    async def press(self, sent: Sent, label: str, person: Person = ANI) -> Sent:
        self.fake.presses(person, sent, label)
        return await self.fake.next_message()

    async def turn(self, sent: Sent, label: str, person: Person = ANI) -> Sent:
        """Presses a button that changes its own message."""
        self.fake.presses(person, sent, label)
        return await self.fake.next_edit()


async def test_first_steps(chat: Chat, mind: Mind) -> None:
    """/start asks for the region, a name sets it, and /daerah shows it with a way to forget it."""
    hello = await chat.ask("/start")
    assert hello.text.endswith(mind.says("mulai_tanya_daerah"))
    assert ("b", "Tanya Smart City") in hello.entities
    assert mind.says("daerah_disimpan", daerah="Kabupaten Lamongan") in (await chat.ask("Kabupaten Lamongan")).text
    shown = await chat.ask("/daerah")
    assert "Kabupaten Lamongan" in shown.text
    forgotten = await chat.press(shown, mind.says("daerah_hapus"))
    assert forgotten.text == mind.says("daerah_dihapus")


async def test_answer_with_its_source(chat: Chat, mind: Mind) -> None:
    """An answer of the FAQ ends with its source and date in italics."""
    entry = mind.knowledge.entries["syarat-seleksi"]
    sent = await chat.ask(entry.utterances[0])
    assert sent.text.startswith(entry.answer[:30].replace("*", ""))
    tag, footer = sent.entities[-1]
    assert (tag, footer.partition(":")[0]) == ("i", "Sumber")
    assert sent.text.endswith(footer)


async def test_follow_up(chat: Chat) -> None:
    """The next question may lean on the last one, and another person's does not."""
    assert "Kabupaten Lamongan" in (await chat.ask("apakah Lamongan masuk 2018?")).text
    await chat.ask("apakah Siak masuk 2019?", BUDI)
    assert "2018" in (await chat.ask("kalau Kabupaten Lahat?")).text


async def test_button_of_a_clarifying_question(chat: Chat) -> None:
    """Where two regions share a name the person presses the one that is meant."""
    asked = await chat.ask("apakah malang ikut?")
    assert set(asked.labels) >= {"Kabupaten Malang", "Kota Malang"}
    assert "Kota Malang" in (await chat.press(asked, "Kota Malang")).text


async def test_browsing(chat: Chat, mind: Mind) -> None:
    """From the topics over one topic to an answer, and back."""
    topics = await chat.ask("/topik")
    questions = await chat.press(topics, topics.labels[0])
    assert mind.says("topik_kembali") in questions.labels
    answer = await chat.press(questions, questions.labels[0])
    assert answer.text
    again = await chat.press(questions, mind.says("topik_kembali"))
    assert again.labels == topics.labels


async def test_cohort(chat: Chat) -> None:
    """A year is listed by button as by argument."""
    years = await chat.ask("/angkatan")
    listed = await chat.press(years, "2018")
    assert listed.text.startswith("Peserta tahun 2018")
    assert (await chat.ask("/angkatan 2018")).text == listed.text


IN_CHATS = pytest.mark.parametrize(
    ("group", "topic"), [pytest.param(None, None, id="private"), pytest.param(FORUM, 7, id="forum topic")]
)


@IN_CHATS
async def test_list_by_pages(chat: Chat, mind: Mind, group: Group | None, topic: int | None) -> None:
    """A long list is one message that shows page after page, and its pages tell all that the console tells."""
    forth, back = mind.says("tombol_berikutnya"), mind.says("tombol_sebelumnya")
    offer = mind.says("tombol_berkas")
    first = await chat.ask("/tanya daftar peserta 2018", ANI, group, topic)
    assert mind.says("halaman", halaman="1", semua="2") in first.text
    assert first.labels == (forth, offer)
    second = await chat.turn(first, forth, BUDI if group else ANI)
    assert mind.says("halaman", halaman="2", semua="2") in second.text
    assert (second.labels, second.topic) == ((back, offer), topic)
    again = await chat.turn(second, back)
    assert (again.text, again.labels) == (first.text, first.labels)
    whole = table_reply(RegionQuery(QueryKind.LIST, years=(2018,)), mind).text.replace("*", "").splitlines()
    assert [line for line in whole if line not in first.text + second.text] == []
    assert first.text.splitlines()[0] == second.text.splitlines()[0] == whole[0]
    assert chat.fake.unread() == 0


@IN_CHATS
async def test_list_as_a_file(chat: Chat, mind: Mind, group: Group | None, topic: int | None) -> None:
    """The button under a list, on whichever page, brings an Excel file in the same place, with codes as text."""
    listed = await chat.ask("/tanya daftar peserta 2018", ANI, group, topic)
    turned = await chat.turn(listed, mind.says("tombol_berikutnya"))
    told = await chat.press(turned, mind.says("tombol_berkas"))
    sent = await chat.fake.next_message()
    rows = list_rows(RegionQuery(QueryKind.LIST, years=(2018,)), mind)
    assert told.text == mind.says("berkas_siap", saringan="tahun 2018", jumlah=str(len(rows)))
    assert sent.file is not None
    assert (sent.file.name, sent.topic) == ("peserta-tahun-2018.xlsx", topic)
    assert sent.reply_to == (listed.message["message_id"] if group else None)
    assert texts_in(sent.file.content) == [HEADINGS, *rows]


SHEET = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def texts_in(workbook: bytes) -> list[tuple[str, ...]]:
    """The rows of a workbook's only sheet, in which every cell must be text."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        assert archive.testzip() is None
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    texts = ["".join(item.itertext()) for item in shared.findall("x:si", SHEET)]
    assert {cell.get("t") for cell in sheet.iterfind(".//x:c", SHEET)} == {"s"}
    return [
        tuple(texts[int(cell.findtext("x:v", "", SHEET))] for cell in row.iterfind("x:c", SHEET))
        for row in sheet.iterfind(".//x:row", SHEET)
    ]


@pytest.mark.parametrize("data", ["e:tidak-ada", "w:", "zzz", "t:x", "h:999999", "d:99.99", "e:😀", "f:daftar;;;9;"])
async def test_forged_button(chat: Chat, data: str) -> None:
    """A button that was made up, or whose entry is gone, gets a friendly answer."""
    sent = await chat.ask("/topik")
    chat.fake.presses(ANI, sent, sent.labels[0], data=data)
    assert "gangguan" not in (await chat.fake.next_message()).text


@pytest.mark.parametrize("data", ["p:9:daftar;;;2018;", "p:1:daftar;;99;;", "p:1:anggota;35.24;;2018;", "p:1:;;;;;;"])
async def test_forged_page(chat: Chat, mind: Mind, data: str) -> None:
    """A page button that was made up gets a short notice, and the list stays."""
    listed = await chat.ask("daftar peserta 2018")
    chat.fake.presses(ANI, listed, mind.says("tombol_berikutnya"), data=data)
    await chat.ask("halo")
    notices = [parameters["text"] for method, parameters in chat.fake.calls if method == "answerCallbackQuery"]
    assert notices == [mind.says("tombol_kedaluwarsa")]
    assert chat.fake.times("editMessageText") == 0


async def test_buttons_survive_a_restart(fake: FakeTelegram, mind: Mind, store: Store) -> None:
    """A button that was sent before a restart works after it, whatever was asked before."""
    async with running(application(fake.base_url, Assistant(mind, store), fake.token)):
        listed = await Chat(fake).ask("daftar peserta 2018")
        asked = await Chat(fake).ask("apakah malang ikut?")
    async with running(application(fake.base_url, Assistant(mind, store), fake.token)):
        assert "Kota Malang" in (await Chat(fake).press(asked, "Kota Malang")).text
        turned = await Chat(fake).turn(listed, mind.says("tombol_berikutnya"))
        assert mind.says("halaman", halaman="2", semua="2") in turned.text


@pytest.mark.parametrize(
    ("group", "topic"), [pytest.param(GROUP, None, id="group"), pytest.param(FORUM, 7, id="forum topic")]
)
async def test_group(chat: Chat, mind: Mind, group: Group, topic: int | None) -> None:
    """A group has its own region, which no private chat sees."""
    answer = await chat.ask("@TanyaSmartCityBot apakah Lamongan masuk 2018?", BUDI, group, topic)
    assert (answer.chat, answer.topic) == (group.id, topic)
    assert "Lamongan" in answer.text
    saved = await chat.ask("/daerah Kabupaten Lamongan", BUDI, group, topic)
    assert mind.says("daerah_grup_disimpan", daerah="Kabupaten Lamongan") in saved.text
    assert "Lamongan" in (await chat.ask("@TanyaSmartCityBot daerah kami ikut tahun berapa?", CITRA, group, topic)).text
    assert "Lamongan" not in (await chat.ask("daerah saya ikut tahun berapa?", BUDI)).text


@pytest.mark.parametrize("group", [pytest.param(None, id="private"), pytest.param(GROUP, id="group")])
async def test_ticket(chat: Chat, mind: Mind, store: Store, group: Group | None) -> None:
    """What nobody has written down goes to staff without private numbers, and their answer comes back."""
    unanswered = mind.knowledge.entries["ambang-kelulusan"].utterances[0]
    offered = await chat.ask(f"/tanya {unanswered} WA 081234567890", ANI, group)
    assert mind.says("tombol_petugas") in offered.labels
    opened = await chat.press(offered, mind.says("tombol_petugas"))
    shown = await chat.fake.next_message()
    assert opened.text == mind.says("tiket_dibuka", nomor="1")
    assert shown.chat == STAFF.id
    assert unanswered in shown.text
    assert "081234567890" not in shown.text
    await chat.ask("halo", CITRA)  # the ticket is bound once the next message is answered
    told = "Baik, kami <hubungi> & bantu."
    chat.fake.says(CITRA, told, chat=STAFF, reply_to=shown)
    answer, receipt = await chat.fake.next_message(), await chat.fake.next_message()
    assert answer.chat == (group.id if group else ANI.id)
    assert answer.text == mind.says("tiket_jawaban", nomor="1", jawaban=told).replace("*", "")
    assert receipt.text == mind.says("tiket_terkirim", nomor="1")
    chat.fake.says(BUDI, "Satu lagi.", chat=STAFF, reply_to=shown)
    assert (await chat.fake.next_message()).text == mind.says("tiket_sudah_ditutup", nomor="1")
    assert await store.open_tickets() == ()


@pytest.mark.parametrize(
    "command", ["/bantuan", "/tentang", "/topik", "/angkatan", "/daerah", "/start", "/tanya", "/x"]
)
async def test_every_command_is_drawn(chat: Chat, command: str) -> None:
    """Whatever the assistant says, Telegram accepts it."""
    sent = await chat.ask(command)
    assert sent.text
    assert "{" not in sent.text
