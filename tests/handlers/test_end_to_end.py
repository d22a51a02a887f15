"""A person, the Telegram application, the real assistant and the real knowledge; only Telegram's server is a fake."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fake_telegram import FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, STAFF, application, running

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
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
    """A year is listed whole, by button as by argument."""
    years = await chat.ask("/angkatan")
    listed = await chat.press(years, "2018")
    assert "Lamongan" in listed.text
    assert (await chat.ask("/angkatan 2018")).text == listed.text


@pytest.mark.parametrize("data", ["e:tidak-ada", "w:", "zzz", "t:x", "h:999999", "d:99.99", "e:😀"])
async def test_forged_button(chat: Chat, data: str) -> None:
    """A button that was made up, or whose entry is gone, gets a friendly answer."""
    sent = await chat.ask("/topik")
    chat.fake.presses(ANI, sent, sent.labels[0], data=data)
    assert "gangguan" not in (await chat.fake.next_message()).text


async def test_buttons_survive_a_restart(fake: FakeTelegram, mind: Mind, store: Store) -> None:
    """A button that was sent before a restart works after it."""
    async with running(application(fake.base_url, Assistant(mind, store), fake.token)):
        asked = await Chat(fake).ask("apakah malang ikut?")
    async with running(application(fake.base_url, Assistant(mind, store), fake.token)):
        assert "Kota Malang" in (await Chat(fake).press(asked, "Kota Malang")).text


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
