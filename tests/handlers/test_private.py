"""Private chats: every message is a question."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram import BOT, FakeTelegram
from running_bot import ANI, BUDI, Echo

from bot.model import Asker, Choice, Decision, Reply

pytestmark = pytest.mark.usefixtures("bot")

PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
STICKER = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
STICKER |= {"is_animated": False, "is_video": False}
DOCUMENT = {"file_id": "d", "file_unique_id": "d"}
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3}


async def test_a_text_is_asked(fake: FakeTelegram, echo: Echo) -> None:
    """A text reaches the assistant with who asks and where, and the answer quotes nothing."""
    asked = fake.says(ANI, "syaratnya apa & di mana?")
    sent = await fake.next_message()
    assert (sent.chat, sent.text, sent.reply_to) == (ANI.id, "ask: syaratnya apa & di mana?", None)
    assert echo.calls == [("ask", Asker("101", "101"), "syaratnya apa & di mana?", asked["message_id"])]


async def test_link_previews_are_off(fake: FakeTelegram) -> None:
    """An address in an answer draws no preview."""
    fake.says(ANI, "https://a.id/x")
    assert (await fake.next_message()).calls["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param({"photo": PHOTO, "caption": "ini syaratnya?"}, "ask: ini syaratnya?", id="caption"),
        pytest.param({"photo": PHOTO}, "hanya_teks: ", id="photo"),
        pytest.param({"sticker": STICKER}, "hanya_teks: ", id="sticker"),
        pytest.param({"voice": VOICE}, "hanya_teks: ", id="voice"),
        pytest.param({"document": DOCUMENT}, "hanya_teks: ", id="document"),
        pytest.param({"document": DOCUMENT, "caption": "surat apa ini?"}, "ask: surat apa ini?", id="its caption"),
        pytest.param({"location": {"latitude": -7.1, "longitude": 112.4}}, "hanya_teks: ", id="location"),
        pytest.param({"text": "   "}, "hanya_teks: ", id="blanks"),
    ],
)
async def test_other_content(fake: FakeTelegram, content: dict[str, Any], expected: str) -> None:
    """A caption is a question; what has no words gets a friendly hint."""
    fake.says(ANI, **content)
    assert (await fake.next_message()).text == expected.strip()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"pinned_message": {"message_id": 1, "date": 0, "chat": ANI.chat}}, id="service message"),
        pytest.param({"text": "Syaratnya: ...", "via_bot": BOT}, id="this bot's own inline answer"),
        pytest.param({"text": "/start@OtherBot"}, id="command for another bot"),
    ],
)
async def test_silence(fake: FakeTelegram, content: dict[str, Any]) -> None:
    """What is no question stays without an answer."""
    fake.says(ANI, **content)
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id


@pytest.mark.parametrize(
    ("captions", "expected"),
    [
        pytest.param(["apa ini?", "", ""], ["ask: apa ini?"], id="caption first"),
        pytest.param(["", "", ""], ["hanya_teks:"], id="no caption"),
    ],
)
async def test_an_album_is_one_message(fake: FakeTelegram, captions: list[str], expected: list[str]) -> None:
    """Several pictures sent together get one answer."""
    for caption in captions:
        fake.says(ANI, photo=PHOTO, media_group_id="7", **({"caption": caption} if caption else {}))
    fake.says(BUDI, "penanda")
    assert [(await fake.next_message()).text for _ in expected] == expected
    assert (await fake.next_message()).chat == BUDI.id


async def test_private_topics_are_kept(fake: FakeTelegram, echo: Echo) -> None:
    """In a private chat with topics the answer comes in the topic of the question."""
    fake.says(ANI, "syaratnya?", topic=55)
    assert (await fake.next_message()).topic == 55
    assert echo.calls[0][1] == Asker("101", "101", topic="55")


# Typing


@pytest.mark.parametrize(("slow", "shown"), [(0.0, 0), (0.3, 0), (0.7, 1)])
async def test_typing(fake: FakeTelegram, echo: Echo, slow: float, shown: int) -> None:
    """ "Typing…" is shown only while an answer takes longer than half a second, in the topic of the question."""
    echo.slow = slow
    fake.says(ANI, "syaratnya?", topic=55)
    await fake.next_message()
    actions = [parameters for method, parameters in fake.calls if method == "sendChatAction"]
    assert actions == [{"chat_id": ANI.id, "action": "typing", "message_thread_id": 55}] * shown


async def test_typing_that_is_refused(fake: FakeTelegram, echo: Echo) -> None:
    """An answer does not depend on it."""
    echo.slow = 0.7
    fake.fail_next("sendChatAction", 429, retry_after=60)
    fake.says(ANI, "syaratnya?")
    assert (await fake.next_message()).text == "ask: syaratnya?"


# Edited questions


async def test_an_edited_question_edits_its_answer(fake: FakeTelegram, echo: Echo) -> None:
    """The answer changes in place, as often as the question does, whatever was asked in between."""
    question = fake.says(ANI, "syratnya?")
    answer = await fake.next_message()
    fake.says(ANI, "penanda")
    await fake.next_message()
    for text in ("syaratnya?", "syarat seleksinya?"):
        fake.edits(question, text)
        edited = await fake.next_edit()
        assert (edited.text, edited.message["message_id"]) == (f"ask: {text}", answer.message["message_id"])
        assert edited.calls["link_preview_options"] == {"is_disabled": True}
    assert echo.calls[-1][2:] == ("syarat seleksinya?", question["message_id"])
    assert fake.unread() == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("/angkatan 2018", "/angkatan 2019", id="command"),
        pytest.param("halo", "/bantuan", id="from words to a command"),
    ],
)
async def test_an_edited_command(fake: FakeTelegram, before: str, after: str) -> None:
    """A command is a question as well."""
    question = fake.says(ANI, before)
    shown = (await fake.next_message()).text
    fake.edits(question, after)
    assert (await fake.next_edit()).text not in {shown, ""}


async def test_an_edited_caption(fake: FakeTelegram) -> None:
    """A picture that gets a caption gets its answer."""
    picture = fake.says(ANI, photo=PHOTO)
    assert (await fake.next_message()).text == "hanya_teks:"
    edited = picture | {"caption": "ini syaratnya?", "edit_date": 1}
    fake.pushes("edited_message", edited)
    assert (await fake.next_edit()).text == "ask: ini syaratnya?"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a", "a", id="only the preview of a link has come"),
        pytest.param("/bantuan", "/help", id="the same answer"),
        pytest.param("/start@OtherBot", "/start@OtherBot x", id="another bot's command"),
        pytest.param("a", "/start@OtherBot", id="now another bot's command"),
    ],
)
async def test_an_edit_that_changes_nothing(fake: FakeTelegram, before: str, after: str) -> None:
    """Where the answer stays the same, or there was none, Telegram is not bothered."""
    question = fake.says(ANI, before)
    fake.edits(question, after)
    fake.says(BUDI, "penanda")
    while (await fake.next_message()).chat != BUDI.id:
        pass
    assert fake.times("editMessageText") == 0
    assert fake.unread() == 0


async def test_an_edit_of_an_unknown_question(fake: FakeTelegram) -> None:
    """What was asked before the start, or was never answered, is not answered on an edit: it would come twice."""
    message = fake.says(ANI, "a")
    await fake.next_message()
    fake.edits(message | {"message_id": 1}, "b")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id


LONG = Reply(Decision.ANSWER, "kata " * 1_500, actions=(Choice("e:a", "Terkait"),))


async def test_from_a_long_answer_to_a_short_one_and_back(fake: FakeTelegram, echo: Echo) -> None:
    """What the new answer has no use for is deleted, what it needs more is sent."""
    echo.replies["panjang"] = LONG
    question = fake.says(ANI, "panjang")
    first, second = await fake.next_message(), await fake.next_message()
    fake.edits(question, "pendek")
    assert (await fake.next_edit()).message["message_id"] == first.message["message_id"]
    fake.edits(question, "panjang")
    again = await fake.next_edit()
    assert (again.text, again.labels) == (first.text, ())
    rest = await fake.next_message()
    assert (rest.text, rest.labels) == (second.text, ("Terkait",))
    assert fake.deleted == [(ANI.id, second.message["message_id"])]


async def test_an_edit_after_the_answer_was_deleted(fake: FakeTelegram) -> None:
    """Who has deleted the answer and then edits the question gets a new one."""
    question = fake.says(ANI, "a")
    answer = await fake.next_message()
    fake.loses(answer)
    fake.expects("editMessageText", "message to edit not found")
    fake.edits(question, "b")
    assert (await fake.next_message()).text == "ask: b"


async def test_an_edit_that_telegram_refuses(fake: FakeTelegram) -> None:
    """Whatever the reason, the person gets the new answer: as a new message."""
    question = fake.says(ANI, "a")
    await fake.next_message()
    fake.fail_next("editMessageText", 400)
    fake.edits(question, "b")
    assert (await fake.next_message()).text == "ask: b"
