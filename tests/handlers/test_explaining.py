"""``/kenapa``: who may ask, and which question is explained."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from fake_telegram import FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, CITRA, GROUP, NOW, STAFF, Echo, running

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.model import Choice, Decision, Reply, Ticket
from bot.rehearsal.why import why
from bot.store.store import Store
from handlers.app import build

COMMAND = "/kenapa"
UNKNOWN = "perintah_tak_dikenal:"
NO_QUESTION = "kenapa_tanpa_pertanyaan:"


@pytest.fixture
async def bot(fake: FakeTelegram, echo: Echo, store: Store) -> AsyncIterator[None]:
    """The Telegram application with a staff chat, Budi as an admin, and an explanation that repeats the question."""
    app = build(
        fake.token,
        echo,
        store,
        base_url=fake.base_url,
        staff_chat=STAFF.id,
        admins=(BUDI.id,),
        explain=lambda question: f"why {question}",
        now=lambda: NOW,
    )
    async with running(app):
        yield


async def answer(fake: FakeTelegram, echo: Echo, reply: Reply, chat: Group | None = None) -> Sent:
    """What the bot replies to a question of Ani's."""
    echo.replies["syarat?"] = reply
    fake.says(ANI, "/tanya syarat?", chat=chat)
    return await fake.next_message()


# Who may


ASKED = {
    "staff-chat": (ANI, STAFF, f"{COMMAND} syarat?", "why syarat?"),
    "admin-in-private": (BUDI, None, f"{COMMAND} syarat?", "why syarat?"),
    "admin-in-a-group": (BUDI, GROUP, f"{COMMAND} syarat?", "why syarat?"),
    "capitals": (BUDI, None, "/KENAPA syarat?", "why syarat?"),
    "without-a-question": (BUDI, None, COMMAND, NO_QUESTION),
    "anybody": (ANI, None, f"{COMMAND} syarat?", UNKNOWN),
    "anybody-by-name-in-a-group": (CITRA, GROUP, f"{COMMAND}@TanyaSmartCityBot syarat?", UNKNOWN),
}


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("person", "chat", "text", "expected"), ASKED.values(), ids=ASKED)
async def test_only_staff_may_ask(
    fake: FakeTelegram, person: Person, chat: Group | None, text: str, expected: str
) -> None:
    """Whoever writes in the staff chat, and the admins anywhere."""
    fake.says(person, text, chat=chat)
    sent = await fake.next_message()
    assert (sent.text, sent.chat) == (expected, chat.id if chat else person.id)


@pytest.mark.usefixtures("bot")
async def test_in_a_group_of_others_it_is_not_our_command(fake: FakeTelegram) -> None:
    fake.says(ANI, COMMAND, chat=GROUP)
    fake.says(ANI, "/bantuan", chat=GROUP)
    assert (await fake.next_message()).text == "help:"


# Which question

ANSWER = Reply(Decision.ANSWER, "Syaratnya tiga.", question_id=7, ratable=True)
DECLINED = Reply(Decision.DECLINE, "Maaf.", actions=(Choice("h:8", "Tanya petugas"),), question_id=8)
CHOICES = Reply(
    Decision.CLARIFY, "Yang mana?", (Choice("e:syarat", "Syarat"), Choice("x:9", "Bukan ini semua")), question_id=9
)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("chat", [None, GROUP], ids=["private", "group"])
@pytest.mark.parametrize(
    ("reply", "number"), [(ANSWER, 7), (DECLINED, 8), (CHOICES, 9)], ids=["answer", "declined", "choices"]
)
async def test_a_reply_of_the_bot_leads_to_its_question(
    fake: FakeTelegram, echo: Echo, reply: Reply, number: int, chat: Group | None
) -> None:
    """The buttons under it carry the question's id, also those that only the asker may press."""
    sent = await answer(fake, echo, reply, chat)
    fake.says(BUDI, COMMAND, chat=chat, reply_to=sent)
    assert (await fake.next_message()).text == f"kenapa_lagi: why question {number}"


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(replace(ANSWER, question_id=70), id="question that is in the log no more"),
        pytest.param(replace(ANSWER, ratable=False), id="reply without buttons"),
        pytest.param(
            replace(CHOICES, choices=(Choice("h:0", "a"), Choice("x:", "b"), Choice("x:9z", "c"))), id="none of ours"
        ),
    ],
)
async def test_a_reply_that_leads_nowhere_is_told_to_be_one(fake: FakeTelegram, echo: Echo, reply: Reply) -> None:
    echo.gone.add(70)
    fake.says(BUDI, COMMAND, reply_to=await answer(fake, echo, reply))
    assert (await fake.next_message()).text == NO_QUESTION


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "text", ["syarat?", "/tanya syarat?", "@TanyaSmartCityBot syarat?"], ids=["plain", "command", "mention"]
)
async def test_a_question_of_somebody_is_explained_before_it_is_answered(fake: FakeTelegram, text: str) -> None:
    asked = fake.says(CITRA, text, chat=GROUP)
    if text != "syarat?":
        await fake.next_message()
    fake.says(BUDI, COMMAND, chat=GROUP, reply_to=asked)
    assert (await fake.next_message()).text == "why syarat?"


@pytest.mark.usefixtures("bot")
async def test_the_words_after_the_command_come_first(fake: FakeTelegram, echo: Echo) -> None:
    fake.says(BUDI, f"{COMMAND} biaya?", reply_to=await answer(fake, echo, ANSWER))
    assert (await fake.next_message()).text == "why biaya?"


@pytest.mark.usefixtures("bot")
async def test_under_a_ticket_its_question_is_explained_and_nobody_is_answered(fake: FakeTelegram, echo: Echo) -> None:
    fake.says(ANI, "/tanya halo", chat=STAFF)
    shown = await fake.next_message()
    ticket = Ticket(3, "apakah Siak ikut?", ())
    echo.desk.tickets[str(STAFF.id), shown.message["message_id"]] = ticket
    fake.says(CITRA, COMMAND, chat=STAFF, reply_to=shown)
    sent = await fake.next_message()
    assert (sent.chat, sent.text) == (STAFF.id, "kenapa_lagi: why apakah Siak ikut?")
    assert fake.unread() == 0


async def test_without_an_explanation_there_is_no_such_command(fake: FakeTelegram, echo: Echo, store: Store) -> None:
    app = build(fake.token, echo, store, base_url=fake.base_url, admins=(BUDI.id,), now=lambda: NOW)
    async with running(app):
        fake.says(BUDI, COMMAND)
        assert (await fake.next_message()).text == UNKNOWN


# With the real bot


@pytest.fixture
async def real(fake: FakeTelegram, mind: Mind) -> AsyncIterator[None]:
    """The Telegram application with the real assistant, and Budi as an admin."""
    store = await Store.open("sqlite+aiosqlite://")
    app = build(
        fake.token,
        Assistant(mind, store),
        store,
        base_url=fake.base_url,
        admins=(BUDI.id,),
        explain=lambda question: why(question, mind, date(2026, 11, 21)),
        now=lambda: NOW,
    )
    async with running(app):
        yield
    await store.close()


@pytest.mark.usefixtures("real")
async def test_an_answer_is_explained_from_the_masked_log(fake: FakeTelegram, mind: Mind) -> None:
    fake.says(ANI, "syarat seleksinya apa aja min? hp saya 081234567890")
    fake.says(BUDI, COMMAND, reply_to=await fake.next_message())
    told = (await fake.next_message()).text
    assert told.startswith(mind.says("kenapa_lagi", penjelasan="Pertanyaan: syarat seleksinya apa aja min?"))
    assert "Keputusan: menjawab dengan syarat-seleksi" in told
    assert "[nomor telepon]" in told
    assert "081234567890" not in told


@pytest.mark.usefixtures("real")
async def test_what_was_pressed_is_no_question(fake: FakeTelegram, mind: Mind) -> None:
    fake.says(ANI, "/topik")
    topics = await fake.next_message()
    fake.presses(ANI, topics, topics.labels[0])
    shelf = await fake.next_message()
    fake.presses(ANI, shelf, shelf.labels[0])
    fake.says(BUDI, COMMAND, reply_to=await fake.next_message())
    assert (await fake.next_message()).text == mind.says("kenapa_tanpa_pertanyaan")
