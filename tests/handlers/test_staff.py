"""The staff chat: tickets arrive there, and replies to them reach whoever asked."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram import FakeTelegram, Group, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, STAFF, Echo, application, running

from bot.model import Asker, Decision, Reply, Ticket

QUESTION = "apakah <b>Siak</b> ikut & kapan?"


async def open_ticket(fake: FakeTelegram, echo: Echo, chat: Group | None = None, topic: int | None = None) -> Sent:
    """Ani hands a question to staff; returns the message in the staff chat, once it is bound to the ticket."""
    message_id = fake.says(ANI, "syaratnya?", chat=chat, topic=topic)["message_id"]
    place = str(chat.id if chat else ANI.id)
    asker = Asker("101", place, group=chat is not None, topic="" if topic is None else str(topic))
    ticket = Ticket(7, asker, QUESTION, message_id=message_id)
    echo.replies["petugas"] = Reply(Decision.ANSWER, "Sudah diteruskan.", ticket=ticket)
    if chat is None:
        assert (await fake.next_message()).text == "ask: syaratnya?"
    fake.says(ANI, "/tanya petugas", chat=chat, topic=topic)
    assert (await fake.next_message()).text == "Sudah diteruskan."
    shown = await fake.next_message()
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    return shown


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("chat", "topic"),
    [
        pytest.param(None, None, id="private"),
        pytest.param(GROUP, None, id="group"),
        pytest.param(FORUM, 77, id="forum topic"),
    ],
)
async def test_way_of_a_ticket(fake: FakeTelegram, echo: Echo, chat: Group | None, topic: int | None) -> None:
    """Staff read the question, reply, and the answer reaches the asker under the question; then it is closed."""
    shown = await open_ticket(fake, echo, chat, topic)
    assert (shown.chat, shown.text) == (STAFF.id, f"tiket_untuk_petugas: 7, {QUESTION}")
    question_id = echo.tickets[str(STAFF.id), shown.message["message_id"]].message_id
    reply = fake.says(CITRA, "Ikut pada <2021>.", chat=STAFF, reply_to=shown)
    answer, receipt = await fake.next_message(), await fake.next_message()
    assert (answer.chat, answer.topic) == (chat.id if chat else ANI.id, topic)
    assert (answer.text, answer.reply_to) == ("tiket_jawaban: 7, Ikut pada <2021>.", question_id)
    assert (receipt.chat, receipt.text, receipt.reply_to) == (STAFF.id, "tiket_terkirim: 7", reply["message_id"])
    fake.says(BUDI, "satu lagi", chat=STAFF, reply_to=shown)
    assert (await fake.next_message()).text == "tiket_sudah_ditutup: 7"


@pytest.mark.usefixtures("bot")
async def test_reply_without_words(fake: FakeTelegram, echo: Echo) -> None:
    """A voice message can't be passed on; the ticket stays open."""
    shown = await open_ticket(fake, echo)
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3}
    fake.says(CITRA, chat=STAFF, reply_to=shown, voice=voice)
    sent = await fake.next_message()
    assert (sent.chat, sent.text) == (STAFF.id, "hanya_teks:")
    assert echo.tickets[str(STAFF.id), shown.message["message_id"]].open


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("content", "to_ticket", "expected"),
    [
        pytest.param({"text": "kalau 2019?"}, False, "ask: kalau 2019?", id="reply to an answer of the bot"),
        pytest.param({"text": "/tanya syarat?"}, False, "ask: syarat?", id="command"),
        pytest.param({"text": "rapat jam 9"}, None, None, id="talk among staff"),
        pytest.param(
            {"text": "/topik bisa dipakai"}, True, "tiket_jawaban: 7, /topik bisa dipakai", id="slash to ticket"
        ),
    ],
)
async def test_other_messages(
    fake: FakeTelegram, echo: Echo, content: dict[str, Any], to_ticket: bool | None, expected: str | None
) -> None:
    """In the staff chat everything that is no reply to a ticket is treated as in any group."""
    shown = await open_ticket(fake, echo)
    fake.says(CITRA, "/tanya halo", chat=STAFF)
    greeting = await fake.next_message()
    under = {True: shown, False: greeting, None: None}[to_ticket]
    fake.says(CITRA, chat=STAFF, reply_to=under, **content)
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).text == (expected or "ask: penanda")


@pytest.mark.usefixtures("bot")
async def test_reply_in_another_group(fake: FakeTelegram, echo: Echo) -> None:
    """Outside the staff chat a reply answers no ticket, even where the message has a ticket's number."""
    shown = await open_ticket(fake, echo)
    echo.tickets[str(GROUP.id), shown.message["message_id"]] = echo.tickets[str(STAFF.id), shown.message["message_id"]]
    forged = shown.message | {"chat": GROUP.chat}
    fake.says(BUDI, "saya petugas", chat=GROUP, reply_to=forged)
    assert (await fake.next_message()).text == "ask: saya petugas"


@pytest.mark.usefixtures("bot")
async def test_asker_has_left(fake: FakeTelegram, echo: Echo) -> None:
    """When the asker has blocked the bot, the ticket is not marked as answered."""
    shown = await open_ticket(fake, echo)
    fake.blocked.add(ANI.id)
    fake.says(CITRA, "Ikut.", chat=STAFF, reply_to=shown)
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"
    assert echo.tickets[str(STAFF.id), shown.message["message_id"]].open


@pytest.mark.usefixtures("bot")
async def test_staff_chat_out_of_reach(fake: FakeTelegram, echo: Echo, caplog: pytest.LogCaptureFixture) -> None:
    """When staff can't be reached, the asker hears it and the operator reads the remedy."""
    fake.blocked.add(STAFF.id)
    sent = await open_ticket(fake, echo)
    assert (sent.chat, sent.text) == (ANI.id, "gangguan:")
    assert "telegram.staff_chat" in caplog.text
    assert echo.tickets == {}


async def test_staff_chat_is_one_person(fake: FakeTelegram, echo: Echo) -> None:
    """The staff chat may be a private chat: replies to tickets are answers, everything else is a question."""
    fake.says(CITRA, "/start")
    async with running(application(fake.base_url, echo, fake.token, CITRA.id)):
        await fake.next_message()
        shown = await open_ticket(fake, echo)
        fake.says(CITRA, "Ikut.", reply_to=shown)
        assert (await fake.next_message()).text == "tiket_jawaban: 7, Ikut."
        assert (await fake.next_message()).text == "tiket_terkirim: 7"
        fake.says(CITRA, "syaratnya?", reply_to=await ask(fake, "halo"))
        assert (await fake.next_message()).text == "ask: syaratnya?"


async def ask(fake: FakeTelegram, text: str) -> Sent:
    fake.says(CITRA, text)
    return await fake.next_message()
