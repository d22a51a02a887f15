"""Groups: which messages are meant for the bot, and what they ask, in a plain group and in a forum topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from fake_telegram import ANONYMOUS_ADMIN, BOT, CHANNEL_SERVICE, FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, Echo

from bot.model import Asker, Decision, Reply

pytestmark = pytest.mark.usefixtures("bot")

SILENCE = None
HINT = "grup_tanpa_pertanyaan: @TanyaSmartCityBot"
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
OTHER_BOT = Person(900, "Bot Lain", is_bot=True)
PINNED = {"message_id": 1, "date": 1, "chat": GROUP.chat, "from": BUDI.user, "text": "@TanyaSmartCityBot apa?"}
ADMIN = Person(104, "Dewi")
FOR_ADMINS = "daerah_grup_pengurus: https://t.me/TanyaSmartCityBot?start=daerah"
CHANNEL = {"id": -1009, "type": "channel", "title": "Kanal Kominfo"}


@dataclass(frozen=True)
class Case:
    """One kind of message; ``under`` is what it replies to, ``more`` holds further fields of the message."""

    name: str
    text: str
    expected: str | None
    under: str = ""  # "", "bot", "budi" or "budi's photo"
    person: Person = BUDI
    more: dict[str, Any] = field(default_factory=dict)


def text_mention(user: dict[str, Any]) -> dict[str, Any]:
    return {"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": user}]}


CASES = [
    # by name
    Case("no mention", "apa syaratnya?", SILENCE),
    Case("mention first", "@TanyaSmartCityBot apa syaratnya?", "ask: apa syaratnya?"),
    Case("mention in other letters", "@tanyasmartcitybot apa syaratnya?", "ask: apa syaratnya?"),
    Case("mention inside", "tolong @TanyaSmartCityBot syaratnya apa", "ask: tolong syaratnya apa"),
    Case("mention last", "syaratnya apa @TanyaSmartCityBot", "ask: syaratnya apa"),
    Case("mention with a comma", "@TanyaSmartCityBot, apa syaratnya?", "ask: apa syaratnya?"),
    Case(
        "mention on its own line",
        "@TanyaSmartCityBot\napa syaratnya?\nterima kasih",
        "ask: apa syaratnya?\nterima kasih",
    ),
    Case("mention after an emoji", "🙏🏽 @TanyaSmartCityBot syaratnya?", "ask: 🙏🏽 syaratnya?"),
    Case("mention twice", "@TanyaSmartCityBot syaratnya? @TanyaSmartCityBot", "ask: syaratnya?"),
    Case("mention of others too", "@TanyaSmartCityBot kata @budi_s ikut?", "ask: kata @budi_s ikut?"),
    Case("mention in a caption", "", "ask: ini apa?", more={"photo": PHOTO, "caption": "@TanyaSmartCityBot ini apa?"}),
    Case("mention by link", "Tanya apa syaratnya?", "ask: apa syaratnya?", more=text_mention(BOT)),
    Case("mention by link of somebody", "Tanya apa syaratnya?", SILENCE, more=text_mention(CITRA.user)),
    Case("name that begins alike", "@TanyaSmartCityBothelper apa syaratnya?", SILENCE),
    Case("name that ends alike", "@bothelper apa syaratnya?", SILENCE),
    Case("e-mail address", "kirim ke info@TanyaSmartCityBot.id", SILENCE),
    Case("name without entity", "@TanyaSmartCityBot syaratnya?", SILENCE, more={"entities": []}),
    # by name alone
    Case("mention alone", "@TanyaSmartCityBot", HINT),
    Case("mention and a mark", "@TanyaSmartCityBot ??", HINT),
    Case("mention under a message", "@TanyaSmartCityBot", "ask: kalau Lahat ikut?", under="budi"),
    Case("mention under a picture", "@TanyaSmartCityBot", "ask: ini dari tahun berapa?", under="budi's photo"),
    Case("mention and question under a message", "@TanyaSmartCityBot kalau Siak?", "ask: kalau Siak?", under="budi"),
    Case("mention alone under the bot", "@TanyaSmartCityBot", HINT, under="bot"),
    # by reply
    Case("reply to the bot", "kalau 2019?", "ask: kalau 2019?", under="bot"),
    Case("reply to somebody", "kalau 2019?", SILENCE, under="budi"),
    Case("picture in reply to the bot", "", SILENCE, under="bot", more={"photo": PHOTO}),
    # by command
    Case("command with question", "/tanya apa syaratnya?", "ask: apa syaratnya?"),
    Case("command to the bot", "/tanya@TanyaSmartCityBot apa syaratnya?", "ask: apa syaratnya?"),
    Case("command in capitals", "/TANYA@TANYASMARTCITYBOT apa syaratnya?", "ask: apa syaratnya?"),
    Case("command alone", "/tanya", HINT),
    Case("command alone under a message", "/tanya", "ask: kalau Lahat ikut?", under="budi"),
    Case("command to another bot", "/tanya@OtherBot apa syaratnya?", SILENCE),
    Case("command to another bot, as a reply", "/tanya@OtherBot apa?", SILENCE, under="bot"),
    Case("start", "/start@TanyaSmartCityBot", "welcome:"),
    Case("start of another bot", "/start@OtherBot", SILENCE),
    Case("region", "/daerah", "region:"),
    Case("region set by an admin", "/daerah Kabupaten Siak", "region: Kabupaten Siak", person=ADMIN),
    Case("region set by a member", "/daerah Kabupaten Siak", FOR_ADMINS),
    Case("region set by a member under the bot", "/daerah Kabupaten Siak", FOR_ADMINS, under="bot"),
    Case(
        "region set by a channel",
        "/daerah Kabupaten Siak",
        FOR_ADMINS,
        person=Person(136817688, "Channel", is_bot=True),
        more={"sender_chat": CHANNEL},
    ),
    Case("unknown command", "/resep rendang", SILENCE),
    Case("unknown command to the bot", "/resep@TanyaSmartCityBot", "perintah_tak_dikenal:"),
    Case("unknown command to another bot", "/resep@OtherBot", SILENCE),
    Case("settings of another bot", "/pengaturan@OtherBot", SILENCE),
    Case("settings by a member", "/pengaturan", "atur_bukan_pengurus:"),
    Case("tickets outside of the staff chat", "/tiket", SILENCE),
    # by whom
    Case("another bot", "@TanyaSmartCityBot apa syaratnya?", SILENCE, person=OTHER_BOT),
    Case(
        "anonymous admin",
        "@TanyaSmartCityBot apa syaratnya?",
        "ask: apa syaratnya?",
        person=Person(ANONYMOUS_ADMIN, "Group", is_bot=True),
        more={"sender_chat": GROUP.chat},
    ),
    Case(
        "post of the linked channel",
        "@TanyaSmartCityBot apa syaratnya?",
        SILENCE,
        person=Person(CHANNEL_SERVICE, "Telegram"),
        more={"sender_chat": CHANNEL, "is_automatic_forward": True},
    ),
    Case(
        "member who writes as a channel",
        "@TanyaSmartCityBot apa syaratnya?",
        "ask: apa syaratnya?",
        person=Person(136817688, "Channel", is_bot=True),
        more={"sender_chat": CHANNEL},
    ),
    Case(
        "question that was passed on",
        "@TanyaSmartCityBot apa syaratnya?",
        "ask: apa syaratnya?",
        more={"forward_origin": {"type": "hidden_user", "date": 0, "sender_user_name": "Seseorang"}},
    ),
    Case("sent through an inline bot", "@TanyaSmartCityBot apa?", SILENCE, more={"via_bot": OTHER_BOT.user}),
    Case("the bot joins", "", SILENCE, more={"new_chat_members": [BOT]}),
    Case("somebody leaves", "", SILENCE, more={"left_chat_member": CITRA.user}),
    Case("a message is pinned", "", SILENCE, more={"pinned_message": PINNED}),
    Case("the group is renamed", "", SILENCE, more={"new_chat_title": "Pokja"}),
    Case("the group has moved", "", SILENCE, more={"migrate_to_chat_id": -100900}),
    Case("a topic is opened", "", SILENCE, more={"forum_topic_created": {"name": "Seleksi", "icon_color": 0}}),
]


@pytest.mark.parametrize(
    ("chat", "topic"), [pytest.param(GROUP, None, id="group"), pytest.param(FORUM, 77, id="forum topic")]
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_group_message(fake: FakeTelegram, echo: Echo, case: Case, chat: Group, topic: int | None) -> None:
    """The bot answers exactly what is meant for it, as a reply and in the topic, and nothing else."""
    fake.admins[chat.id] = {ADMIN.id}
    under = await original(fake, case.under, chat, topic)
    echo.calls.clear()
    message = fake.says(case.person, case.text, chat=chat, topic=topic, reply_to=under, **case.more)
    fake.says(
        ANI, "penanda"
    )  # updates are handled in order: what comes before this one's answer was caused by the case
    sent = await fake.next_message()
    if case.expected is SILENCE:
        assert sent.chat == ANI.id
        return
    assert (sent.chat, sent.text) == (chat.id, case.expected)
    assert (sent.reply_to, sent.topic) == (message["message_id"], topic)
    assert sent.calls["reply_parameters"]["allow_sending_without_reply"] is True
    assert (await fake.next_message()).chat == ANI.id
    sender = case.more.get("sender_chat", case.person.user)["id"]
    for _, asker, _, _ in echo.calls[:-1]:
        assert asker == Asker(str(sender), str(chat.id), group=True, topic="" if topic is None else str(topic))


async def original(fake: FakeTelegram, under: str, chat: Group, topic: int | None) -> dict[str, Any] | Sent | None:
    """The message that a case replies to."""
    if under == "bot":
        fake.says(CITRA, "/tanya halo", chat=chat, topic=topic)
        return await fake.next_message()
    if under == "budi":
        return fake.says(BUDI, "kalau Lahat ikut?", chat=chat, topic=topic)
    if under == "budi's photo":
        return fake.says(BUDI, chat=chat, topic=topic, photo=PHOTO, caption="ini dari tahun berapa?")
    return None


async def test_short_version_in_groups(fake: FakeTelegram, echo: Echo) -> None:
    """A group reads the short version of an answer, a private chat the whole."""
    echo.replies["syarat?"] = Reply(Decision.ANSWER, "Panjang sekali.", short="Pendek.")
    fake.says(ANI, "/tanya syarat?", chat=GROUP)
    assert (await fake.next_message()).text == "Pendek."
    fake.says(ANI, "syarat?")
    assert (await fake.next_message()).text == "Panjang sekali."


async def test_only_the_first_part_quotes(fake: FakeTelegram, echo: Echo) -> None:
    """A long answer quotes the question once and stays in the topic."""
    echo.replies["daftar"] = Reply(Decision.ANSWER, "baris kata\n" * 800)
    message = fake.says(ANI, "/tanya daftar", chat=FORUM, topic=9)
    parts = [await fake.next_message() for _ in range(3)]
    assert [part.reply_to for part in parts] == [message["message_id"], None, None]
    assert [part.topic for part in parts] == [9, 9, 9]


async def test_general_topic(fake: FakeTelegram, echo: Echo) -> None:
    """A reply thread in a group without topics is no topic."""
    fake.says(BUDI, "@TanyaSmartCityBot apa?", chat=GROUP, message_thread_id=5)
    assert (await fake.next_message()).topic is None
    assert echo.calls[0][1].topic == ""
