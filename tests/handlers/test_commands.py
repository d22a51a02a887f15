"""Commands: what they reach, and the menu."""

from __future__ import annotations

import pytest
from fake_telegram import FakeTelegram
from running_bot import ANI, Echo

COMMANDS = [
    ("/start", "welcome:"),
    ("/start daerah-3524", "welcome:"),
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


@pytest.mark.usefixtures("bot")
async def test_menu(fake: FakeTelegram) -> None:
    """The menu is in place before the first answer, and each of its commands is known."""
    fake.says(ANI, "halo")
    await fake.next_message()
    assert [command["command"] for command in fake.commands][:2] == ["tanya", "topik"]
    for command in fake.commands:
        fake.says(ANI, f"/{command['command']}")
        assert "perintah_tak_dikenal" not in (await fake.next_message()).text


@pytest.mark.usefixtures("bot")
async def test_command_in_a_caption(fake: FakeTelegram, echo: Echo) -> None:
    """A command under a picture counts like a typed one."""
    document = {"file_id": "d", "file_unique_id": "d"}
    fake.says(ANI, document=document, caption="/tanya ini surat apa?")
    assert (await fake.next_message()).text == "ask: ini surat apa?"
