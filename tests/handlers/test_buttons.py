"""Buttons: answered once, and the reply is a new message in the same place."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram import FakeTelegram, Group
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
    fake.presses(BUDI if chat else ANI, offered, "Syarat")
    sent = await fake.next_message()
    place = chat.id if chat else ANI.id
    assert (sent.text, sent.chat, sent.topic) == ("choose: e:syarat-seleksi", place, topic)
    assert sent.reply_to == (offered.message["message_id"] if chat else None)
    assert fake.times("answerCallbackQuery") == 1
    assert fake.times("editMessageText") == fake.times("editMessageReplyMarkup") == 0
    presser = BUDI if chat else ANI
    assert echo.calls[-1][1] == Asker(
        str(presser.id), str(place), group=chat is not None, topic="" if topic is None else str(topic)
    )


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
    toasts = [parameters for method, parameters in fake.calls if method == "answerCallbackQuery"]
    assert [toast["text"] for toast in toasts] == ["tombol_kedaluwarsa: "]


async def test_press_that_is_too_old_to_acknowledge(fake: FakeTelegram) -> None:
    """When Telegram refuses the acknowledgement (after a restart, say), the person is still answered."""
    fake.says(ANI, "apa")
    offered = await fake.next_message()
    fake.fail_next("answerCallbackQuery", 400)
    fake.presses(ANI, offered, "Syarat")
    assert (await fake.next_message()).text == "choose: e:syarat-seleksi"
    assert fake.refused == ["answerCallbackQuery: Internal Server Error"]
    fake.refused.clear()


async def test_failing_press(fake: FakeTelegram, echo: Echo) -> None:
    """When answering a press fails, it is acknowledged once and the person reads one apology."""
    echo.replies["e:syarat-seleksi"] = ValueError("rahasia")
    fake.says(ANI, "apa")
    fake.presses(ANI, await fake.next_message(), "Syarat")
    fake.says(ANI, "penanda")
    assert (await fake.next_message()).text == "gangguan:"
    assert (await fake.next_message()).text == "ask: penanda"
    assert fake.times("answerCallbackQuery") == 1
