"""Sending: patience where it helps, and no message twice where that can be avoided."""

from __future__ import annotations

import asyncio
import time

import pytest
from fake_telegram import FakeTelegram, Group
from running_bot import ANI, BUDI, FORUM, GROUP, Echo, application

from bot.model import Attachment, Choice, Decision, Reply
from handlers import sending

pytestmark = [
    pytest.mark.usefixtures("bot"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),  # RetryAfter warns of itself
]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits milliseconds between tries, with as many tries as in real life."""
    monkeypatch.setattr(sending, "PAUSES", tuple(0.01 for _ in sending.PAUSES))


@pytest.mark.parametrize(
    ("fault", "times", "messages"),
    [
        pytest.param(500, 2, ["ask: a"], id="server error, twice"),
        pytest.param(502, 3, [], id="server error, three times"),
        pytest.param("reset", 1, ["ask: a"], id="connection reset"),
        pytest.param("reset", 2, [], id="connection reset, twice"),
        pytest.param("lost", 1, ["ask: a", "ask: a"], id="answer lost: rather twice than never"),
        pytest.param("garbage", 1, ["ask: a"], id="an answer that is no JSON comes after delivery"),
        pytest.param(403, 1, [], id="blocked"),
        pytest.param(400, 1, ["gangguan:"], id="refused"),
    ],
)
async def test_faults(fake: FakeTelegram, fault: int | str, times: int, messages: list[str]) -> None:
    """Each kind of failure has its own patience; afterwards the next person is answered."""
    fake.fail_next("sendMessage", fault, times=times)
    fake.says(ANI, "a")
    fake.says(BUDI, "penanda")
    if fault == "garbage":
        messages = [*messages, "gangguan:"]
    assert [(await fake.next_message()).text for _ in messages] == messages
    assert (await fake.next_message()).chat == BUDI.id
    fake.refused.clear()


async def test_flood(fake: FakeTelegram) -> None:
    """When Telegram asks for patience the message comes after exactly one wait."""
    fake.fail_next("sendMessage", 429, retry_after=1)
    start = time.monotonic()
    fake.says(ANI, "a")
    assert (await fake.next_message()).text == "ask: a"
    assert time.monotonic() - start >= 1
    assert fake.times("sendMessage") == 2


async def test_flood_that_is_too_long(fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    """A wait of many minutes would keep everybody else waiting: the message is given up, and the log says so."""
    fake.fail_next("sendMessage", 429, retry_after=900)
    fake.says(ANI, "a")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    assert "RetryAfter" in caplog.text


async def test_flood_twice(fake: FakeTelegram) -> None:
    """Only one wait for one message."""
    fake.fail_next("sendMessage", 429, retry_after=1, times=2)
    fake.says(ANI, "a")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    assert fake.times("sendMessage") == 3


async def test_group_that_became_a_supergroup(fake: FakeTelegram) -> None:
    """A group that has moved is answered at its new number."""
    old = Group(-5, "Diskominfo", type="group")
    fake.migrate(old.id, GROUP)
    fake.says(ANI, "/tanya a", chat=old)
    sent = await fake.next_message()
    assert (sent.chat, sent.text) == (GROUP.id, "ask: a")
    fake.refused.clear()


async def test_order(fake: FakeTelegram, echo: Echo) -> None:
    """Answers come in the order of the questions, also when the first is slow."""
    echo.replies["panjang"] = Reply(Decision.ANSWER, "kata " * 2_000)
    fake.fail_next("sendMessage", 500)
    for text in ("panjang", "b", "c"):
        fake.says(ANI, text)
    texts = [(await fake.next_message()).text for _ in range(5)]
    assert [text[:6] for text in texts] == ["kata k", "kata k", "kata k", "ask: b", "ask: c"]


async def test_nothing_listens_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that found no server is sent again, and arrives once."""
    monkeypatch.setattr(sending, "PAUSES", (0.2, 0.2))
    async with FakeTelegram() as fake:
        app = application(fake.base_url, Echo(), fake.token)
        await app.initialize()
    waiting = asyncio.create_task(sending.tell(app.bot, sending.Place(ANI.id), "halo"))
    await asyncio.sleep(0.1)
    async with FakeTelegram(port=fake.port) as again:
        again.joins(ANI)
        await waiting
        assert (await again.next_message()).text == "halo"
        assert again.times("sendMessage") == 1
    await app.shutdown()


# Files

FILE = Attachment("peserta-tahun-2018.xlsx", bytes(range(256)) * 8_000)  # 2 MB
WITH_FILE = Reply(Decision.ANSWER, "Berikut berkasnya.", actions=(Choice("e:a", "A"),), file=FILE)


@pytest.mark.parametrize(
    ("chat", "topic"),
    [
        pytest.param(None, None, id="private"),
        pytest.param(GROUP, None, id="group"),
        pytest.param(FORUM, 77, id="forum topic"),
    ],
)
async def test_file(fake: FakeTelegram, echo: Echo, chat: Group | None, topic: int | None) -> None:
    """A file comes whole after the text, in the same place and under the same question."""
    echo.replies["berkas"] = WITH_FILE
    message = fake.says(ANI, "/tanya berkas", chat=chat, topic=topic)
    text, document = await fake.next_message(), await fake.next_message()
    assert (text.text, text.labels, text.file) == ("Berikut berkasnya.", ("A",), None)
    assert document.file is not None
    assert (document.file.name, document.file.content == FILE.content) == (FILE.name, True)
    place = (chat.id if chat else ANI.id, topic, message["message_id"] if chat else None)
    assert (document.chat, document.topic, document.reply_to) == place


@pytest.mark.parametrize(
    ("fault", "times", "messages"),
    [
        pytest.param(500, 2, ["file"], id="server error, twice"),
        pytest.param(502, 3, [], id="server error, three times"),
        pytest.param("lost", 1, ["file", "file"], id="answer lost: rather twice than never"),
        pytest.param(403, 1, [], id="blocked"),
        pytest.param(400, 1, ["gangguan:"], id="refused"),
    ],
)
async def test_faults_of_a_file(
    fake: FakeTelegram, echo: Echo, fault: int | str, times: int, messages: list[str]
) -> None:
    """A file is sent with the same patience as a message; the text before it comes once."""
    echo.replies["berkas"] = WITH_FILE
    fake.fail_next("sendDocument", fault, times=times)
    fake.says(ANI, "berkas")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).text == "Berikut berkasnya."
    sent = [await fake.next_message() for _ in messages]
    assert ["file" if message.file else message.text for message in sent] == messages
    assert (await fake.next_message()).chat == BUDI.id
    fake.refused.clear()
