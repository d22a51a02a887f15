"""Buttons: answered once, and the reply is a new message in the same place; pages and thumbs change in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fake_telegram import ANONYMOUS_ADMIN, FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, FORUM, GROUP, Echo

from bot.model import Asker, Choice, Decision, Reply

pytestmark = pytest.mark.usefixtures("bot")

CLARIFY = Reply(
    Decision.CLARIFY,
    "Yang mana?",
    choices=(
        Choice("e:syarat-seleksi", "Syarat"),
        Choice("e:" + "x" * 62, "Panjang"),
        Choice("e:" + "x" * 63, "Terlalu"),
    ),
    actions=(Choice("h:1", "Tanya petugas"), Choice("", "Kosong")),
)


@pytest.fixture(autouse=True)
def offers(echo: Echo) -> None:
    """The assistant asks back when it is asked "apa"."""
    echo.replies["apa"] = CLARIFY


async def test_labels(fake: FakeTelegram) -> None:
    """Choices come first, then offers, one per row; an id that Telegram refuses is left out."""
    fake.says(ANI, "apa")
    sent = await fake.next_message()
    assert sent.labels == ("Syarat", "Panjang", "Tanya petugas")
    assert [len(row) for row in sent.message["reply_markup"]["inline_keyboard"]] == [1, 1, 1]


@pytest.mark.parametrize(
    ("chat", "topic"),
    [
        pytest.param(None, None, id="private"),
        pytest.param(GROUP, None, id="group"),
        pytest.param(FORUM, 77, id="forum topic"),
    ],
)
async def test_press(fake: FakeTelegram, echo: Echo, chat: Group | None, topic: int | None) -> None:
    """A press is acknowledged once; the reply comes where the button is, and the buttons stay."""
    fake.says(ANI, "/tanya apa", chat=chat, topic=topic)
    offered = await fake.next_message()
    fake.presses(ANI, offered, "Syarat")
    sent = await fake.next_message()
    place = chat.id if chat else ANI.id
    assert (sent.text, sent.chat, sent.topic) == ("choose: e:syarat-seleksi", place, topic)
    assert sent.reply_to == (offered.message["message_id"] if chat else None)
    assert fake.times("answerCallbackQuery") == 1
    assert fake.times("editMessageText") == fake.times("editMessageReplyMarkup") == 0
    assert echo.calls[-1][1] == Asker(
        str(ANI.id), str(place), group=chat is not None, topic="" if topic is None else str(topic)
    )


def toasts(fake: FakeTelegram) -> list[str | None]:
    """What people read on the buttons they pressed."""
    return [parameters.get("text") for method, parameters in fake.calls if method == "answerCallbackQuery"]


async def test_a_question_back_is_for_who_asked(fake: FakeTelegram, echo: Echo) -> None:
    """In a group nobody else can choose for the asker; what everybody may use stays open to all."""
    fake.says(ANI, "/tanya apa", chat=GROUP)
    offered = await fake.next_message()
    fake.presses(BUDI, offered, "Syarat")
    fake.presses(BUDI, offered, "Tanya petugas")
    assert (await fake.next_message()).text == "choose: h:1"
    assert toasts(fake) == ["tombol_orang_lain: ", None]
    fake.presses(ANI, offered, "Syarat")
    assert (await fake.next_message()).text == "choose: e:syarat-seleksi"


async def test_a_question_back_to_an_anonymous_admin(fake: FakeTelegram) -> None:
    """Who asks in the group's name can't be told from other admins: everybody may choose."""
    admin = Person(ANONYMOUS_ADMIN, "GroupAnonymousBot", is_bot=True)
    fake.says(admin, "/tanya apa", chat=GROUP, sender_chat=GROUP.chat)
    fake.presses(ANI, await fake.next_message(), "Syarat")
    assert (await fake.next_message()).text == "choose: e:syarat-seleksi"


async def test_a_long_choice_in_a_group(fake: FakeTelegram) -> None:
    """A choice that leaves no room for its owner is offered to all instead of being lost."""
    fake.says(ANI, "/tanya apa", chat=GROUP)
    fake.presses(BUDI, await fake.next_message(), "Panjang")
    assert (await fake.next_message()).text == "choose: e:" + "x" * 62


@pytest.mark.parametrize("data", ["e:rahasia", "+:5", "@101:e:syarat-seleksi", "Z", "", "x" * 200])
async def test_made_up(fake: FakeTelegram, echo: Echo, data: str) -> None:
    """Data that no button of the message holds is not even looked at."""
    fake.says(ANI, "apa")
    fake.presses(ANI, await fake.next_message(), "Syarat", data=data)
    fake.says(ANI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"
    assert toasts(fake) == ["tombol_kedaluwarsa: "]
    assert [call[0] for call in echo.calls] == ["ask", "ask"]
    assert echo.ratings == []


async def test_out_of_date(fake: FakeTelegram, echo: Echo) -> None:
    """What the assistant knows no more is told on the button, not as a message."""
    echo.replies["e:syarat-seleksi"] = Reply(Decision.DECLINE, "Sudah tidak berlaku. " * 20, notice=True)
    fake.says(ANI, "apa")
    fake.presses(ANI, await fake.next_message(), "Syarat")
    fake.says(ANI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"
    assert toasts(fake) == [("Sudah tidak berlaku. " * 20)[:200]]


# Thumbs

RATABLE = Reply(Decision.ANSWER, "Dua.", actions=(Choice("e:b", "Terkait"),), ratable=True, question_id=7)
UP, DOWN = "👍", "👎"


@pytest.fixture
async def answer(fake: FakeTelegram, echo: Echo) -> Sent:
    """Ani was answered in a group."""
    echo.replies["dua"] = RATABLE
    fake.says(ANI, "/tanya dua", chat=GROUP)
    return await fake.next_message()


async def test_thumbs(fake: FakeTelegram, echo: Echo, answer: Sent) -> None:
    """A rating is kept, thanked for and marked; pressing the same again changes nothing, the other one does."""
    assert answer.labels == ("Terkait", UP, DOWN)
    assert [len(row) for row in answer.message["reply_markup"]["inline_keyboard"]] == [1, 2]
    fake.presses(ANI, answer, DOWN)
    marked = await fake.next_edit()
    assert (marked.labels, marked.text) == (("Terkait", UP, f"✓ {DOWN}"), "Dua.")
    fake.presses(ANI, marked, f"✓ {DOWN}")
    fake.presses(ANI, marked, UP)
    assert (await fake.next_edit()).labels == ("Terkait", f"✓ {UP}", DOWN)
    assert echo.ratings == [(7, -1), (7, -1), (7, 1)]
    assert toasts(fake) == ["nilai_tidak_membantu: "] * 2 + ["nilai_membantu: "]
    assert fake.unread() == 0


async def test_thumbs_of_somebody_else(fake: FakeTelegram, echo: Echo, answer: Sent) -> None:
    """Whether an answer helped is for the asker to say."""
    fake.presses(BUDI, answer, UP)
    fake.presses(ANI, answer, "Terkait")
    await fake.next_message()
    assert (echo.ratings, toasts(fake)) == ([], ["tombol_orang_lain: ", None])


async def test_thumbs_of_a_question_that_is_gone(fake: FakeTelegram, echo: Echo, answer: Sent) -> None:
    """After the retention there is nothing left to rate."""
    echo.gone.add(7)
    fake.presses(ANI, answer, UP)
    fake.presses(ANI, answer, "Terkait")
    await fake.next_message()
    assert toasts(fake) == ["tombol_kedaluwarsa: ", None]
    assert fake.times("editMessageReplyMarkup") == 0


async def test_thumbs_stay_when_a_page_is_turned(fake: FakeTelegram, echo: Echo) -> None:
    """The rating is of the answer, whichever of its pages is shown."""
    echo.replies |= {"daftar": replace(LONG, ratable=True, question_id=7), f"w:{LIST_ID}": LONG}
    fake.says(ANI, "daftar")
    fake.presses(ANI, await fake.next_message(), UP)
    fake.presses(ANI, await fake.next_edit(), FORTH)
    assert (await fake.next_edit()).labels == (BACK, FORTH, f"✓ {UP}", DOWN)


@pytest.mark.parametrize(("question_id", "ratable"), [(0, True), (7, False)])
async def test_no_thumbs(fake: FakeTelegram, echo: Echo, question_id: int, ratable: bool) -> None:
    """What is no answer, or is not in the log, can't be rated."""
    echo.replies["dua"] = replace(RATABLE, question_id=question_id, ratable=ratable)
    fake.says(ANI, "dua")
    assert (await fake.next_message()).labels == ("Terkait",)


async def test_reference(fake: FakeTelegram, echo: Echo) -> None:
    """The reference is copied by Telegram itself, without a call to the bot."""
    echo.replies["dua"] = replace(RATABLE, reference="x" * 256)
    fake.says(ANI, "dua")
    sent = await fake.next_message()
    assert sent.labels == ("Terkait", "tombol_salin: ", UP, DOWN)
    assert sent.button("tombol_salin: ")["copy_text"] == {"text": "x" * 256}


@pytest.mark.parametrize(("presser", "quotes_question"), [(ANI, True), (BUDI, False)])
async def test_message_that_staff_will_quote(
    fake: FakeTelegram, echo: Echo, presser: Any, quotes_question: bool
) -> None:
    """A question handed to staff is the presser's own one, or else the message with the button."""
    question = fake.says(ANI, "/tanya apa", chat=GROUP)
    offered = await fake.next_message()
    fake.presses(presser, offered, "Tanya petugas")
    await fake.next_message()
    assert echo.calls[-1][3] == (question if quotes_question else offered.message)["message_id"]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"message": {"chat": ANI.chat, "message_id": 5, "date": 0}}, id="inaccessible message"),
        pytest.param({"message": None, "inline_message_id": "AAA"}, id="message of inline mode"),
        pytest.param({"data": None, "game_short_name": "g"}, id="no data"),
    ],
)
async def test_button_out_of_reach(fake: FakeTelegram, more: dict[str, Any]) -> None:
    """Where there is no message to answer, the person reads a short notice on the button, once."""
    fake.says(ANI, "apa")
    fake.presses(ANI, await fake.next_message(), "Syarat", **more)
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    assert toasts(fake) == ["tombol_kedaluwarsa: "]


async def test_press_that_is_too_old_to_acknowledge(fake: FakeTelegram) -> None:
    """When Telegram refuses the acknowledgement (after a restart, say), the person is still answered."""
    fake.says(ANI, "apa")
    offered = await fake.next_message()
    fake.fail_next("answerCallbackQuery", 400)
    fake.presses(ANI, offered, "Syarat")
    assert (await fake.next_message()).text == "choose: e:syarat-seleksi"
    assert fake.times("answerCallbackQuery") == 1


async def test_failing_press(fake: FakeTelegram, echo: Echo) -> None:
    """When answering a press fails, it is acknowledged once and the person reads one apology."""
    echo.replies["e:syarat-seleksi"] = ValueError("rahasia")
    fake.says(ANI, "apa")
    fake.presses(ANI, await fake.next_message(), "Syarat")
    fake.says(ANI, "penanda")
    assert (await fake.next_message()).text == "gangguan:"
    assert (await fake.next_message()).text == "ask: penanda"
    assert fake.times("answerCallbackQuery") == 1


# Pages of a long list

LIST_ID = "daftar;;;2018;"
LONG = Reply(
    Decision.ANSWER,
    "\n".join(["*Peserta*", *(f"- {n} Kabupaten yang panjang namanya" for n in range(1, 71))]),
    list_id=LIST_ID,
)
FORTH, BACK = "tombol_berikutnya: ", "tombol_sebelumnya: "


async def listed(fake: FakeTelegram, echo: Echo, chat: Group | None = None, topic: int | None = None) -> Sent:
    """Ani asks for a list of three pages, which the assistant can make again."""
    echo.replies |= {"daftar": LONG, f"w:{LIST_ID}": LONG}
    fake.says(ANI, "/tanya daftar", chat=chat, topic=topic)
    return await fake.next_message()


@pytest.mark.parametrize(
    ("chat", "topic"),
    [
        pytest.param(None, None, id="private"),
        pytest.param(GROUP, None, id="group"),
        pytest.param(FORUM, 77, id="forum topic"),
    ],
)
async def test_turning_pages(fake: FakeTelegram, echo: Echo, chat: Group | None, topic: int | None) -> None:
    """The list stays one message, which shows one page after the other; in a group anybody may turn them."""
    page = await listed(fake, echo, chat, topic)
    assert (page.text.splitlines()[0], page.text.splitlines()[-1]) == ("Peserta", "halaman: 1, 3")
    presser = BUDI if chat else ANI
    for label, number, labels in ((FORTH, 2, (BACK, FORTH)), (FORTH, 3, (BACK,)), (BACK, 2, (BACK, FORTH))):
        fake.presses(presser, page, label)
        turned = await fake.next_edit()
        assert turned.message["message_id"] == page.message["message_id"]
        assert (turned.text.splitlines()[0], turned.text.splitlines()[-1]) == ("Peserta", f"halaman: {number}, 3")
        assert (turned.labels, turned.topic) == (labels, topic)
        page = turned
    assert (echo.calls[-1][0], echo.calls[-1][1].person, echo.calls[-1][2]) == (
        "choose",
        str(presser.id),
        f"w:{LIST_ID}",
    )
    assert fake.times("answerCallbackQuery") == 3
    assert fake.unread() == 0


async def test_page_that_is_shown_already(fake: FakeTelegram, echo: Echo) -> None:
    """Pressing twice before the page has turned is no mistake."""
    page = await listed(fake, echo)
    fake.expects("editMessageText", "not modified")
    fake.presses(ANI, page, FORTH)
    fake.presses(ANI, page, FORTH)
    fake.says(ANI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"


async def test_page_that_telegram_refuses(fake: FakeTelegram, echo: Echo) -> None:
    """Any other refusal is an error like those of messages."""
    page = await listed(fake, echo)
    fake.fail_next("editMessageText", 400)
    fake.presses(ANI, page, FORTH)
    assert (await fake.next_message()).text == "gangguan:"


async def test_page_after_a_server_error(fake: FakeTelegram, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is turned with the same patience as a message is sent."""
    monkeypatch.setattr("handlers.sender.PAUSES", (0.01, 0.01))
    page = await listed(fake, echo)
    fake.fail_next("editMessageText", 502)
    fake.presses(ANI, page, FORTH)
    assert (await fake.next_edit()).text.endswith("halaman: 2, 3")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"p:4:{LIST_ID}", id="page that is not"),
        pytest.param(f"p:0:{LIST_ID}", id="page zero"),
        pytest.param(f"p:x:{LIST_ID}", id="no number"),
        pytest.param("p:2", id="no list"),
        pytest.param("p:2:apa", id="no such list"),
    ],
)
async def test_forged_page(fake: FakeTelegram, echo: Echo, data: str) -> None:
    """A page button that was made up, or whose list has become shorter, gets a short notice and changes nothing."""
    page = await listed(fake, echo)
    fake.presses(ANI, page, FORTH, data=data)
    fake.says(ANI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"
    assert toasts(fake) == ["tombol_kedaluwarsa: "]
    assert fake.times("editMessageText") == 0


async def test_list_whose_id_is_too_long(fake: FakeTelegram, echo: Echo) -> None:
    """A list that no button can name is sent whole, in as many messages as it needs."""
    text = "\n".join(f"- {n} Kabupaten yang panjang namanya" for n in range(150))
    echo.replies["daftar"] = Reply(Decision.ANSWER, text, list_id="x" * 61)
    fake.says(ANI, "daftar")
    parts = [await fake.next_message(), await fake.next_message()]
    assert "\n".join(part.text for part in parts) == text
    assert [part.labels for part in parts] == [(), ()]


async def test_a_rating_under_a_message_that_is_gone(fake: FakeTelegram, echo: Echo) -> None:
    """It is kept; nobody reads that a question could not be answered."""
    fake.expects("editMessageReplyMarkup", "message to edit not found")
    echo.replies["b"] = Reply(Decision.ANSWER, "b", question_id=7, ratable=True)
    fake.says(ANI, "b")
    answer = await fake.next_message()
    fake.loses(answer)
    fake.presses(ANI, answer, "👍")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"
    assert echo.ratings == [(7, 1)]
    with pytest.raises(TimeoutError):
        await fake.next_message(0.3)
