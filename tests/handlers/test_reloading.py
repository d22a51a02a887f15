"""Hot reload in Telegram: who may ask for it, and what staff are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from fake_telegram import FakeTelegram, Group, Person
from running_bot import ANI, BUDI, CITRA, GROUP, NOW, STAFF, Echo, running

from bot.store.store import Store
from handlers.app import build

COMMAND = "/muat_ulang"
UNKNOWN = "perintah_tak_dikenal:"


async def eventually(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not seen():  # noqa: ASYNC110 - a log sets no event
            await asyncio.sleep(0.01)


class Reloads:
    """A reloader whose edits and reports the test makes."""

    def __init__(self) -> None:
        self.edits: asyncio.Queue[str] = asyncio.Queue()
        self.free = asyncio.Event()
        self.free.set()
        self.watching = False

    async def watch(self, tell: Callable[[str], Awaitable[None]]) -> None:
        self.watching = True
        try:
            while text := await self.edits.get():
                await tell(text)
            raise RuntimeError("no more watching")
        finally:
            self.watching = False

    async def by_hand(self) -> str:
        await self.free.wait()
        return "laporan"


@pytest.fixture
def reloads() -> Reloads:
    return Reloads()


@pytest.fixture
async def bot(fake: FakeTelegram, echo: Echo, reloads: Reloads, store: Store) -> AsyncIterator[None]:
    """The Telegram application with a reloader, a staff chat, and Budi as an admin."""
    app = build(
        fake.token,
        echo,
        store,
        base_url=fake.base_url,
        staff_chat=STAFF.id,
        admins=(BUDI.id,),
        reloader=reloads,
        now=lambda: NOW,
    )
    async with running(app):
        yield


# Who may


ASKED = {
    "staff-chat": (ANI, STAFF, COMMAND, "laporan"),
    "admin-in-private": (BUDI, None, COMMAND, "laporan"),
    "admin-in-a-group": (BUDI, GROUP, COMMAND, "laporan"),
    "capitals": (BUDI, None, "/MUAT_ULANG", "laporan"),
    "by-name": (ANI, STAFF, f"{COMMAND}@TanyaSmartCityBot", "laporan"),
    "anybody": (ANI, None, COMMAND, UNKNOWN),
    "anybody-by-name-in-a-group": (CITRA, GROUP, f"{COMMAND}@TanyaSmartCityBot", UNKNOWN),
}


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("person", "chat", "text", "expected"), ASKED.values(), ids=ASKED)
async def test_only_staff_may_reload(
    fake: FakeTelegram, person: Person, chat: Group | None, text: str, expected: str
) -> None:
    """Whoever writes in the staff chat, and the admins anywhere; the server decides, not a menu."""
    fake.says(person, text, chat=chat)
    sent = await fake.next_message()
    assert (sent.text, sent.chat) == (expected, chat.id if chat else person.id)


@pytest.mark.usefixtures("bot")
async def test_in_a_group_of_others_it_is_not_our_command(fake: FakeTelegram) -> None:
    """Where no bot is named, a command that we do not have for this person may be another bot's."""
    fake.says(ANI, COMMAND, chat=GROUP)
    fake.says(ANI, "/bantuan", chat=GROUP)
    assert (await fake.next_message()).text == "help:"


@pytest.mark.usefixtures("bot")
async def test_the_name_of_an_admin_is_not_enough(fake: FakeTelegram) -> None:
    """Who writes as a channel or as an anonymous admin is nobody's account, whatever the channel is called."""
    channel = {"id": -100777, "type": "channel", "title": "Budi"}
    fake.says(
        Person(136817688, "Channel", is_bot=True), f"{COMMAND}@TanyaSmartCityBot", chat=GROUP, sender_chat=channel
    )
    assert (await fake.next_message()).text == UNKNOWN


@pytest.mark.usefixtures("bot")
async def test_others_are_answered_while_it_loads(fake: FakeTelegram, reloads: Reloads) -> None:
    reloads.free.clear()
    fake.says(BUDI, COMMAND)
    fake.says(ANI, "apa syaratnya?")
    assert (await fake.next_message()).text == "ask: apa syaratnya?"
    reloads.free.set()
    assert (await fake.next_message()).text == "laporan"


# What staff are told


@pytest.mark.usefixtures("bot")
async def test_staff_are_told_in_their_chat(fake: FakeTelegram, reloads: Reloads) -> None:
    reloads.edits.put_nowait("*3 masalah.*\n- knowledge/faq/a.yaml:7: kunci <b> & lain")
    sent = await fake.next_message()
    assert (sent.chat, sent.text) == (STAFF.id, "3 masalah.\n- knowledge/faq/a.yaml:7: kunci <b> & lain")


@pytest.mark.usefixtures("bot")
async def test_a_staff_chat_that_is_closed_stops_nothing(
    fake: FakeTelegram, reloads: Reloads, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be told is in the log, and the next edit is told again."""
    fake.fail_next("sendMessage", 403)
    reloads.edits.put_nowait("pertama")
    await eventually(lambda: "staff could not be told" in caplog.text)
    reloads.edits.put_nowait("kedua")
    assert (await fake.next_message()).text == "kedua"


async def test_without_a_staff_chat_nobody_is_told(
    fake: FakeTelegram, echo: Echo, reloads: Reloads, store: Store
) -> None:
    app = build(fake.token, echo, store, base_url=fake.base_url, reloader=reloads, now=lambda: NOW)
    async with running(app):
        reloads.edits.put_nowait("3 masalah.")
        fake.says(ANI, "halo")
        assert (await fake.next_message()).text == "ask: halo"
        assert reloads.watching
    assert not reloads.watching
    assert fake.unread() == 0


@pytest.mark.usefixtures("bot")
async def test_the_bot_goes_on_when_watching_has_ended(
    fake: FakeTelegram, reloads: Reloads, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator is told what to do."""
    with caplog.at_level(logging.ERROR):
        reloads.edits.put_nowait("")
        fake.says(ANI, "halo")
        assert (await fake.next_message()).text == "ask: halo"
    assert "Remedy: restart the bot, or use /muat_ulang" in caplog.text
