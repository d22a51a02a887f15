"""Sending: patience where it helps, and no message twice where that can be avoided."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import pytest
from fake_telegram import FakeTelegram, Group
from running_bot import ANI, BUDI, FORUM, GROUP, OWN, Echo, application, running, settled

from bot.mail import State, Way
from bot.model import Attachment, Choice, Decision, Reply
from bot.store.store import Store
from handlers import sender
from handlers.context import SERVICES
from handlers.sending import Place, tell

pytestmark = [
    pytest.mark.usefixtures("short_pauses", "bot"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),  # RetryAfter warns of itself
]


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits milliseconds between tries, and not long for an answer."""
    monkeypatch.setattr(sender, "PAUSES", (0.01,))
    monkeypatch.setattr("handlers.app.READ_TIMEOUT", 0.3)


@dataclass(frozen=True)
class Fault:
    """A kind of failure, and how often a message is in the chat after it."""

    kind: int | str
    messages: int = 1
    unknown: int = 0  # sends that nobody knows of


FAULTS = {
    "too many requests": Fault(429),
    "server error": Fault(500),
    "bad gateway": Fault(502),
    "timeout, but it was done": Fault("timeout", messages=2, unknown=1),
    "reset, and nothing was done": Fault("reset", unknown=1),
    "reset, but it was done": Fault("lost", messages=2, unknown=1),
    "an answer that is no JSON": Fault("garbage", messages=2, unknown=1),
}
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@EVERY_FAULT
async def test_send(fake: FakeTelegram, store: Store, fault: Fault) -> None:
    """What did not arrive is sent again; of what may have arrived there is one more, as a reply to its question."""
    fake.fail_next("sendMessage", fault.kind, retry_after=1 if fault.kind == 429 else 0)
    asked = fake.says(ANI, "a")
    sent = [await fake.next_message() for _ in range(fault.messages)]
    await settled(store)
    assert [message.text for message in sent] == ["ask: a"] * fault.messages
    assert fake.unread() == 0
    assert sent[-1].reply_to == (asked["message_id"] if fault.unknown else None)
    seen = await store.ledger.overview()
    assert (seen.states, seen.ways, seen.repeats) == ({State.ANSWERED: 1}, {Way.SENT: 1}, fault.unknown)


@EVERY_FAULT
async def test_edit(fake: FakeTelegram, store: Store, fault: Fault) -> None:
    """A change is made again until it is there; nothing else comes of it."""
    asked = fake.says(ANI, "a")
    await fake.next_message()
    fake.fail_next("editMessageText", fault.kind, retry_after=1 if fault.kind == 429 else 0)
    if fault.messages > 1:
        fake.expects("editMessageText", "not modified")  # it is there already
    fake.edits(asked, "b")
    assert (await fake.next_edit()).text == "ask: b"
    await settled(store)
    assert fake.unread() == 0
    assert (await store.ledger.overview()).states == {State.ANSWERED: 2}


@EVERY_FAULT
async def test_answer_to_a_press(fake: FakeTelegram, store: Store, echo: Echo, fault: Fault) -> None:
    """It is tried once: the person sees the reply, whatever the button does."""
    echo.replies["a"] = Reply(Decision.CLARIFY, "Yang mana?", choices=(Choice("e:b", "B"),))
    fake.says(ANI, "a")
    offered = await fake.next_message()
    fake.fail_next("answerCallbackQuery", fault.kind, retry_after=1 if fault.kind == 429 else 0)
    fake.presses(ANI, offered, "B")
    assert (await fake.next_message()).text == "choose: e:b"
    await settled(store)
    assert fake.unread() == 0
    assert fake.times("answerCallbackQuery") == 1


@EVERY_FAULT
async def test_receiving(fake: FakeTelegram, store: Store, fault: Fault) -> None:
    """An answer to getUpdates that does not arrive loses nothing, and what comes twice is answered once."""
    fake.says(ANI, "a")
    await fake.next_message()
    kind = "lost" if fault.kind == "timeout" else fault.kind  # the long poll has a longer patience
    fake.fail_next("getUpdates", kind, retry_after=1 if fault.kind == 429 else 0)
    fake.says(ANI, "b")
    fake.says(ANI, "c")
    assert [(await fake.next_message(8)).text for _ in "bc"] == ["ask: b", "ask: c"]
    await settled(store)
    assert fake.unread() == 0
    assert (await store.ledger.overview()).states == {State.ANSWERED: 3}


async def test_a_long_failure(fake: FakeTelegram, store: Store) -> None:
    """However often Telegram fails, the answer comes; meanwhile others are answered, and the chat keeps its order."""
    fake.fail_next("sendMessage", 500, times=1)
    fake.fail_next("sendMessage", 502, times=9)
    fake.says(ANI, "a")
    fake.says(ANI, "b")
    assert [(await fake.next_message()).text for _ in "ab"] == ["ask: a", "ask: b"]
    await settled(store)


async def test_a_connection_that_breaks_every_time(fake: FakeTelegram, store: Store) -> None:
    """At some time enough copies may be there: the message is given up, and the question ends as one out of reach."""
    fake.fail_next("sendMessage", "reset", times=sender.MOST_UNKNOWN + 1)
    fake.says(ANI, "a")
    assert (await fake.next_message()).text == "gangguan:"
    await settled(store)
    assert fake.times("sendMessage") == sender.MOST_UNKNOWN + 2
    assert (await store.ledger.overview()).ways == {Way.FAILED: 1, Way.SENT: 1}


async def test_refused(fake: FakeTelegram, store: Store) -> None:
    """What Telegram will never take is not tried again; the person reads that it was not their fault."""
    fake.fail_next("sendMessage", 400)
    fake.says(ANI, "a")
    assert (await fake.next_message()).text == "gangguan:"
    await settled(store)
    assert fake.times("sendMessage") == 2


async def test_blocked_and_back(fake: FakeTelegram, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Who has blocked the bot gets nothing, and nothing is tried over and over; who returns is answered."""
    fake.blocked.add(ANI.id)
    fake.says(ANI, "a")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    await settled(store)
    assert (await store.ledger.overview()).states == {State.UNREACHABLE: 1, State.ANSWERED: 1}
    fake.blocked.clear()
    fake.says(ANI, "b")
    assert (await fake.next_message()).text == "ask: b"
    await settled(store)
    assert fake.times("sendMessage") == 3
    assert "ERROR" not in caplog.text


async def test_only_the_chat_that_is_told_to_wait_waits(fake: FakeTelegram, store: Store) -> None:
    """Telegram asks for patience in one chat; the others go on."""
    fake.fail_next("sendMessage", 429, retry_after=1)
    start = time.monotonic()
    fake.says(ANI, "a")
    fake.says(BUDI, "b")
    assert (await fake.next_message()).chat == BUDI.id
    assert time.monotonic() - start < 0.9
    assert (await fake.next_message()).text == "ask: a"
    assert time.monotonic() - start >= 1
    await settled(store)
    assert fake.times("sendMessage") == 3


async def test_group_that_became_a_supergroup(fake: FakeTelegram, store: Store) -> None:
    """A group that has moved is answered at its new number, in order, with nothing quoted that is not there."""
    old = Group(-5, "Diskominfo", type="group")
    fake.migrate(old.id, GROUP)
    for text in "abc":
        fake.says(ANI, f"/tanya {text}", chat=old)
    sent = [await fake.next_message() for _ in "abc"]
    await settled(store)
    assert [(message.chat, message.text) for message in sent] == [(GROUP.id, f"ask: {text}") for text in "abc"]
    assert (await store.ledger.overview()).states == {State.ANSWERED: 3}


async def test_order(fake: FakeTelegram, echo: Echo) -> None:
    """Answers come in the order of the questions, also when the first is slow."""
    echo.replies["panjang"] = Reply(Decision.ANSWER, "kata " * 2_000)
    fake.fail_next("sendMessage", 500)
    for text in ("panjang", "b", "c"):
        fake.says(ANI, text)
    texts = [(await fake.next_message()).text for _ in range(5)]
    assert [text[:6] for text in texts] == ["kata k", "kata k", "kata k", "ask: b", "ask: c"]


async def test_nothing_listens_for_a_while() -> None:
    """A message that found no server is sent when there is one, and arrives once."""
    async with FakeTelegram() as fake:
        app = await application(fake.base_url, Echo(), fake.token)
        store = OWN[app]
        async with running(app):
            fake.says(BUDI, "penanda")
            await fake.next_message()
            await fake._runner.cleanup()
            await tell(app.bot_data[SERVICES], Place(ANI.id), "halo")
            await asyncio.sleep(0.1)
            again = FakeTelegram(port=fake.port)
            again.joins(ANI)
            async with again:
                assert (await again.next_message()).text == "halo"
                await settled(store)
                assert again.times("sendMessage") == 1


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
    ("fault", "files"),
    [
        pytest.param(500, 1, id="server error"),
        pytest.param("lost", 2, id="answer lost: rather twice than never"),
        pytest.param(403, 0, id="blocked"),
    ],
)
async def test_faults_of_a_file(fake: FakeTelegram, store: Store, echo: Echo, fault: int | str, files: int) -> None:
    """A file is sent with the same patience as a message; the text before it comes once."""
    echo.replies["berkas"] = WITH_FILE
    fake.fail_next("sendDocument", fault)
    fake.says(ANI, "berkas")
    assert (await fake.next_message()).text == "Berikut berkasnya."
    await settled(store)
    sent = [await fake.next_message() for _ in range(fake.unread())]
    assert [message.file is not None for message in sent] == [True] * files
