"""Commands: what they reach, and what Telegram shows of them and of the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from fake_telegram import FakeTelegram, Group
from running_bot import ANI, GROUP, NOW, STAFF, Echo, application, running

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.store.store import Store
from handlers.app import build

MEMORY = "sqlite+aiosqlite://"

COMMANDS = [
    ("/start", "welcome:"),
    ("/start daerah-3524", "welcome: daerah-3524"),
    ("/start privasi", "privacy:"),
    ("/privasi", "privacy:"),
    ("/hapus_data", "offer_to_forget:"),
    ("/bantuan", "help:"),
    ("/help", "help:"),
    ("/topik", "topics:"),
    ("/daerah", "region:"),
    ("/daerah Kabupaten Siak", "region: Kabupaten Siak"),
    ("/daerah@TanyaSmartCityBot Siak", "region: Siak"),
    ("/angkatan", "cohorts:"),
    ("/angkatan 2018", "cohorts: 2018"),
    ("/tentang", "about:"),
    ("/tanya syarat seleksi", "ask: syarat seleksi"),
    ("/tanya", "help:"),
    ("/TOPIK", "topics:"),
    ("/resep rendang", "perintah_tak_dikenal:"),
    ("lihat /topik", "ask: lihat /topik"),
]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("text", "expected"), COMMANDS)
async def test_command(fake: FakeTelegram, text: str, expected: str) -> None:
    """In a private chat every command reaches its door of the assistant."""
    fake.says(ANI, text)
    assert (await fake.next_message()).text == expected


SCOPES = {
    "all_private_chats": "tanya topik daerah angkatan bantuan privasi hapus_data tentang",
    "all_group_chats": "tanya daerah angkatan bantuan tentang",
    "all_chat_administrators": "tanya daerah angkatan pengaturan bantuan tentang",
    "chat": "tanya tiket kenapa muat_ulang bantuan tentang",
}


@pytest.mark.usefixtures("bot")
async def test_menus(fake: FakeTelegram) -> None:
    """Before the first answer every audience has its menu, in Bahasa Indonesia and for those who read English."""
    fake.says(ANI, "halo")
    await fake.next_message()
    shown = {scope: " ".join(command["command"] for command in menu) for (scope, _), menu in fake.menus.items()}
    assert shown == SCOPES
    for scope in SCOPES:
        texts = [[command["description"] for command in fake.menus[scope, language]] for language in ("", "en")]
        assert not set(texts[0]) & set(texts[1])


class Reports:
    """A reloader with nothing to reload."""

    async def watch(self, tell: Callable[[str], Awaitable[None]]) -> None:
        await asyncio.Event().wait()

    async def by_hand(self) -> str:
        return "laporan"


@pytest.mark.parametrize(
    ("scope", "chat"),
    [
        ("all_private_chats", None),
        ("all_group_chats", GROUP),
        ("all_chat_administrators", GROUP),
        ("chat", STAFF),
    ],
)
async def test_every_command_of_a_menu_is_known(
    fake: FakeTelegram, echo: Echo, scope: str, chat: Group | None, store: Store
) -> None:
    """What a menu shows is answered where it is shown."""
    app = build(
        fake.token,
        echo,
        store,
        base_url=fake.base_url,
        staff_chat=STAFF.id,
        reloader=Reports(),
        explain=lambda question: f"penjelasan {question}",
        now=lambda: NOW,
    )
    async with running(app):
        fake.says(ANI, "halo")
        await fake.next_message()
        for command in fake.menus[scope, ""]:
            fake.says(ANI, f"/{command['command']}@TanyaSmartCityBot", chat=chat)
            assert "perintah_tak_dikenal" not in (await fake.next_message()).text


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("command", ["/privasi", "/hapus_data"])
async def test_not_in_a_group(fake: FakeTelegram, echo: Echo, command: str) -> None:
    """What is kept of a person is told and deleted in private only; a group gets the way there."""
    fake.says(ANI, command, chat=GROUP)
    assert (await fake.next_message()).text == "hanya_pribadi: https://t.me/TanyaSmartCityBot?start=privasi"
    assert echo.calls == []


async def test_profile(fake: FakeTelegram, echo: Echo, mind: Mind) -> None:
    """The descriptions are set at the start, fit, and are not set again by the next start."""
    for _ in range(2):
        async with running(await application(fake.base_url, Assistant(mind, await Store.open(MEMORY)), fake.token)):
            fake.says(ANI, "/bantuan")
            await fake.next_message()
    assert fake.profile["description", ""] == mind.says("deskripsi")
    assert fake.profile["short_description", ""] == mind.says("deskripsi_singkat")
    assert {language for _, language in fake.profile} == {"", "en"}
    assert (fake.times("setMyDescription"), fake.times("setMyShortDescription")) == (2, 2)


@pytest.mark.usefixtures("bot")
async def test_command_in_a_caption(fake: FakeTelegram, echo: Echo) -> None:
    """A command under a picture counts like a typed one."""
    document = {"file_id": "d", "file_unique_id": "d"}
    fake.says(ANI, document=document, caption="/tanya ini surat apa?")
    assert (await fake.next_message()).text == "ask: ini surat apa?"
