"""A person, the Telegram application, the real assistant and the real knowledge; only Telegram's server is a fake."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from xml.etree import ElementTree

import pytest
from fake_telegram import FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, STAFF, application, running, settled
from sqlalchemy import select

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.dialogue.model import QueryKind, RegionQuery
from bot.dialogue.table import HEADINGS, list_rows, table_reply
from bot.store.store import Store
from bot.store.tables import questions


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
async def chat(fake: FakeTelegram, assistant: Assistant, store: Store) -> AsyncIterator[Chat]:
    """The bot is running, and people can talk to it."""
    async with running(await application(fake.base_url, assistant, fake.token, STAFF.id, store=store)):
        yield Chat(fake, store)


class Chat:
    """Talking to the bot, one message at a time."""

    def __init__(self, fake: FakeTelegram, store: Store) -> None:
        self.fake = fake
        self.store = store

    async def ask(self, text: str, person: Person = ANI, group: Group | None = None, topic: int | None = None) -> Sent:
        self.fake.says(person, text, chat=group, topic=topic)
        return await self._next()

    async def press(self, sent: Sent, label: str, person: Person = ANI) -> Sent:
        self.fake.presses(person, sent, label)
        return await self._next()

    async def _next(self) -> Sent:
        sent = await self.fake.next_message()
        await settled(self.store)
        return sent

    async def turn(self, sent: Sent, label: str, person: Person = ANI) -> Sent:
        """Presses a button that changes its own message."""
        self.fake.presses(person, sent, label)
        return await self.fake.next_edit()

    def toasts(self) -> list[str | None]:
        """What people read on the buttons they pressed."""
        return [parameters.get("text") for method, parameters in self.fake.calls if method == "answerCallbackQuery"]


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
    rest = (mind.says("tombol_berkas"), mind.says("tombol_salin"), "👍", "👎")
    first = await chat.ask("/tanya daftar peserta 2018", ANI, group, topic)
    assert mind.says("halaman", halaman="1", semua="2") in first.text
    assert first.labels == (forth, *rest)
    second = await chat.turn(first, forth, BUDI if group else ANI)
    assert mind.says("halaman", halaman="2", semua="2") in second.text
    assert (second.labels, second.topic) == ((back, *rest), topic)
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


@pytest.mark.parametrize("data", ["e:tidak-ada", "w:", "zzz", "t:x", "d:99.99", "e:😀", "f:daftar;;;9;"])
async def test_forged_button(chat: Chat, mind: Mind, data: str) -> None:
    """A button that was made up, or whose entry is gone, gets a short notice and no answer."""
    sent = await chat.ask("/topik")
    button = {"text": "x", "callback_data": data}
    for keyboard in (sent.message["reply_markup"], {"inline_keyboard": [[button]]}):  # made up; of an older version
        chat.fake.presses(ANI, sent, sent.labels[0], data=data, message=sent.message | {"reply_markup": keyboard})
    await chat.ask("halo")
    assert chat.toasts() == [mind.says("tombol_kedaluwarsa")] * 2
    assert chat.fake.unread() == 0


@pytest.mark.parametrize("data", ["p:9:daftar;;;2018;", "p:1:daftar;;99;;", "p:1:anggota;35.24;;2018;", "p:1:;;;;;;"])
async def test_forged_page(chat: Chat, mind: Mind, data: str) -> None:
    """A page button that was made up gets a short notice, and the list stays."""
    listed = await chat.ask("daftar peserta 2018")
    chat.fake.presses(ANI, listed, mind.says("tombol_berikutnya"), data=data)
    await chat.ask("halo")
    assert chat.toasts() == [mind.says("tombol_kedaluwarsa")]
    assert chat.fake.times("editMessageText") == 0


async def test_buttons_survive_a_restart(fake: FakeTelegram, mind: Mind, store: Store) -> None:
    """A button that was sent before a restart works after it, whatever was asked before."""
    async with running(await application(fake.base_url, Assistant(mind, store), fake.token, store=store)):
        listed = await Chat(fake, store).ask("daftar peserta 2018")
        asked = await Chat(fake, store).ask("apakah malang ikut?")
    async with running(await application(fake.base_url, Assistant(mind, store), fake.token, store=store)):
        assert "Kota Malang" in (await Chat(fake, store).press(asked, "Kota Malang")).text
        turned = await Chat(fake, store).turn(listed, mind.says("tombol_berikutnya"))
        assert mind.says("halaman", halaman="2", semua="2") in turned.text


@pytest.mark.parametrize(
    ("group", "topic"), [pytest.param(GROUP, None, id="group"), pytest.param(FORUM, 7, id="forum topic")]
)
async def test_group(chat: Chat, mind: Mind, group: Group, topic: int | None) -> None:
    """A group has its own region, which no private chat sees."""
    answer = await chat.ask("@TanyaSmartCityBot apakah Lamongan masuk 2018?", BUDI, group, topic)
    assert (answer.chat, answer.topic) == (group.id, topic)
    assert "Lamongan" in answer.text
    chat.fake.admins[group.id] = {BUDI.id}
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
    assert receipt.text.startswith(mind.says("tiket_terkirim", nomor="1", jumlah="1"))
    chat.fake.says(BUDI, "Satu lagi.", chat=STAFF, reply_to=shown)
    assert (await chat.fake.next_message()).text == mind.says("tiket_sudah_ditutup", nomor="1")
    assert await store.tickets.unsettled() == ()


@pytest.mark.parametrize(
    "command",
    ["/bantuan", "/tentang", "/topik", "/angkatan", "/daerah", "/start", "/tanya", "/x", "/privasi", "/hapus_data"],
)
async def test_every_command_is_drawn(chat: Chat, command: str) -> None:
    """Whatever the assistant says, Telegram accepts it."""
    sent = await chat.ask(command)
    assert sent.text
    assert "{" not in sent.text


async def test_deep_links(chat: Chat, mind: Mind) -> None:
    """A link opens an entry or offers a region; one that means nothing greets."""
    entry = await chat.ask("/start syarat-seleksi")
    assert entry.text.startswith(mind.knowledge.entries["syarat-seleksi"].answer[:30])
    assert entry.labels[-3:] == (mind.says("tombol_salin"), "👍", "👎")
    offered = await chat.ask("/start daerah-3524")
    assert offered.text.endswith(mind.says("mulai_tawaran_daerah", daerah="Kabupaten Lamongan"))
    (label,) = offered.labels
    assert mind.says("daerah_disimpan", daerah="Kabupaten Lamongan") in (await chat.press(offered, label)).text
    for payload in ("", " tidak-ada", " daerah-9999", " daerah-35", " tanya"):
        welcome = await chat.ask(f"/start{payload}", BUDI)
        assert welcome.text.endswith(mind.says("mulai_tanya_daerah"))


async def test_feedback_is_kept(chat: Chat, mind: Mind, store: Store) -> None:
    """A thumb under an answer, and under an honest "don't know", is kept with the question of the log."""
    for question in (mind.knowledge.entries["syarat-seleksi"].utterances[0], "apakah lamongan masuk 2018?"):
        answer = await chat.ask(question)
        assert (await chat.turn(answer, "👎")).labels[-2:] == ("👍", "✓ 👎")
    declined = await chat.ask("berapa harga cabai di pasar hari ini?")
    await chat.turn(declined, "👍")
    assert chat.toasts() == [mind.says("nilai_tidak_membantu")] * 2 + [mind.says("nilai_membantu")]
    assert await ratings(store) == [-1, -1, 1]


async def ratings(store: Store) -> list[int | None]:
    """What is kept of the thumbs, question by question."""
    rows = await store._rows(select(questions.c.rating).order_by(questions.c.id))
    return [row["rating"] for row in rows]


@pytest.mark.parametrize(
    "text", ["halo", "terima kasih", "/bantuan", "/angkatan 2018", "/daerah", "bandung masuk tahun berapa"]
)
async def test_no_thumbs(chat: Chat, text: str) -> None:
    """Small talk, commands and questions back are not rated."""
    assert "👍" not in (await chat.ask(text)).labels


async def test_reference_for_a_letter(chat: Chat, mind: Mind) -> None:
    """The button under an answer copies title, date and address of its first source."""
    answer = await chat.ask("/start syarat-seleksi")
    copied = answer.button(mind.says("tombol_salin"))["copy_text"]["text"]
    source = mind.knowledge.sources[mind.knowledge.entries["syarat-seleksi"].sources[0]]
    assert copied.startswith(source.title)
    assert source.url in copied
    assert len(copied) <= 256


async def test_edited_question(chat: Chat) -> None:
    """A mistyped region is corrected by editing: the same message now tells of the right one."""
    question = chat.fake.says(ANI, "apakah Kabupaten Lahat masuk 2018?")
    answer = await chat.fake.next_message()
    chat.fake.edits(question, "apakah Kabupaten Lamongan masuk 2018?")
    edited = await chat.fake.next_edit()
    assert (edited.message["message_id"], "Kabupaten Lamongan" in edited.text) == (answer.message["message_id"], True)
    assert "Kabupaten Lamongan" in (await chat.ask("kalau 2019?")).text


async def test_edited_after_a_restart(fake: FakeTelegram, mind: Mind, store: Store) -> None:
    """Which message answered which question is known to the next run too."""
    async with running(await application(fake.base_url, Assistant(mind, store), fake.token, store=store)):
        question = fake.says(ANI, "apakah Kabupaten Lahat masuk 2018?")
        answer = await fake.next_message()
        await settled(store)
    async with running(await application(fake.base_url, Assistant(mind, store), fake.token, store=store)):
        fake.edits(question, "apakah Kabupaten Lamongan masuk 2018?")
        edited = await fake.next_edit()
        assert (edited.message["message_id"], "Lamongan" in edited.text) == (answer.message["message_id"], True)
        await settled(store)
    assert fake.unread() == 0


async def test_what_is_kept_can_be_deleted(chat: Chat, mind: Mind, store: Store) -> None:
    """/privasi tells the region on record, /hapus_data deletes it after a confirmation."""
    await chat.ask("/daerah Kabupaten Lamongan")
    assert "Kabupaten Lamongan" in (await chat.ask("/privasi")).text
    kept = await chat.press(await chat.ask("/hapus_data"), mind.says("hapus_tidak"))
    assert kept.text == mind.says("hapus_batal")
    assert "Kabupaten Lamongan" in (await chat.ask("/privasi")).text
    done = await chat.press(await chat.ask("/hapus_data"), mind.says("hapus_ya"))
    assert done.text == mind.says("hapus_selesai")
    assert await store.forget(str(ANI.id)) == 0
    assert mind.says("privasi_daerah_belum") in (await chat.ask("/privasi")).text


async def test_inline(chat: Chat, mind: Mind, store: Store) -> None:
    """From the most asked questions over what is typed to a message in a group, without a line in the log."""
    await chat.ask("apa itu quick win?")
    logged = len(await ratings(store))
    offered = {}
    for query in ("", "syarat", "lamon", "apakah lamongan masuk 2018", "daftar peserta 2018", "daerah saya", "xyzzy"):
        chat.fake.types(BUDI, query)
        offered[query] = await chat.fake.next_results()
    assert offered[""].titles[0] == mind.knowledge.entries["pengertian-quick-win"].title
    assert offered["syarat"].articles[0]["id"] == "e:syarat-seleksi"
    assert offered["lamon"].titles == (mind.says("tombol_keikutsertaan", daerah="Kabupaten Lamongan"),)
    assert offered["apakah lamongan masuk 2018"].texts[0].startswith("Ya, Kabupaten Lamongan tercatat")
    assert offered["daftar peserta 2018"].texts[0].startswith("Peserta tahun 2018")
    assert offered["xyzzy"].articles == ()
    assert len(await ratings(store)) == logged
    chat.fake.sends_result(BUDI, offered["syarat"], offered["syarat"].titles[0], GROUP)
    assert (await chat.ask("halo")).chat == ANI.id


async def test_inline_knows_nobodys_region(chat: Chat) -> None:
    """Who types makes no difference: the region on record is not looked up for a message that others will read."""
    await chat.ask("/daerah Kabupaten Lamongan")
    for query in ("", "daerah saya", "apakah daerah saya masuk 2018", "kalau 2019"):
        found = []
        for person in (ANI, BUDI):
            chat.fake.types(person, query)
            found.append((await chat.fake.next_results()).articles)
        assert found[0] == found[1]
