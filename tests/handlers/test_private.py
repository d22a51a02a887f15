"""Private chats: every message is a question."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram import BOT, FakeTelegram
from running_bot import ANI, BUDI, Echo

from bot.model import Asker

pytestmark = pytest.mark.usefixtures("bot")

PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
STICKER = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
STICKER |= {"is_animated": False, "is_video": False}
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
