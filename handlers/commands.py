"""The commands, as a table: what the menu shows, and which of the assistant's doors each one opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from telegram import BotCommand, Message, MessageEntity

from bot.model import Asker, Decision, Reply
from handlers.context import Assistant, BotContext, services, without, written

MENU = (
    BotCommand("tanya", "Bertanya, misalnya: /tanya syarat seleksi"),
    BotCommand("topik", "Menelusuri semua topik"),
    BotCommand("daerah", "Melihat atau mengganti daerah Bapak/Ibu"),
    BotCommand("angkatan", "Daftar peserta satu tahun"),
    BotCommand("bantuan", "Cara bertanya"),
    BotCommand("tentang", "Tentang layanan ini"),
)
"""What Telegram shows when somebody types a slash, in this order."""

ASK = "tanya"
"""The command whose argument is a question: the handlers ask it like any other text."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command at the start of a message."""

    name: str  # in lower case, without slash and bot
    argument: str
    addressee: str = ""  # "" or the bot that is named: /tanya@addressee, in lower case

    def is_for(self, username: str) -> bool:
        """Whether no other bot is named."""
        return self.addressee in {"", username.casefold()}


def command_in(message: Message) -> Command | None:
    """The command that a message (or the caption of a picture) starts with."""
    text, entities = written(message)
    first = next((entity for entity in entities if entity.offset == 0), None)
    if first is None or first.type != MessageEntity.BOT_COMMAND:
        return None
    name, _, addressee = text[1 : first.length].casefold().partition("@")  # ASCII: code units are characters
    return Command(name, without(text, [first]), addressee)


Answer = Callable[[Assistant, Asker, str, datetime], Awaitable[Reply]]


async def _start(assistant: Assistant, asker: Asker, _: str, now: datetime) -> Reply:
    return await assistant.welcome(asker, now)


async def _help(assistant: Assistant, _asker: Asker, _: str, _now: datetime) -> Reply:
    return assistant.help()


async def _topics(assistant: Assistant, _asker: Asker, _: str, _now: datetime) -> Reply:
    return assistant.topics()


async def _region(assistant: Assistant, asker: Asker, argument: str, now: datetime) -> Reply:
    return await assistant.region(asker, argument, now)


async def _cohorts(assistant: Assistant, asker: Asker, argument: str, now: datetime) -> Reply:
    return await assistant.cohorts(asker, argument, now)


async def _about(assistant: Assistant, _asker: Asker, _: str, _now: datetime) -> Reply:
    return assistant.about()


ANSWERS: dict[str, Answer] = {
    "start": _start,
    "bantuan": _help,
    "help": _help,
    "topik": _topics,
    "daerah": _region,
    "angkatan": _cohorts,
    "tentang": _about,
}
"""Every command except ``ASK``."""


async def answer(context: BotContext, command: Command, asker: Asker) -> Reply:
    """Answers any command except ``ASK``; an unknown one gets a pointer to /bantuan."""
    work = services(context)
    known = ANSWERS.get(command.name)
    if known is None:
        return Reply(Decision.DECLINE, work.assistant.message("perintah_tak_dikenal"))
    return await known(work.assistant, asker, command.argument, work.now())
