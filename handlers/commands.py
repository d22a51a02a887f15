"""The commands, as a table: what the menu shows, and which of the assistant's doors each one opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from telegram import BotCommand, Message, MessageEntity
from telegram.helpers import create_deep_linked_url

from bot.model import Asker, Decision, Reply
from handlers.context import Assistant, BotContext, services, without, written


class Audience(Enum):
    """Whose menu a command stands in."""

    PRIVATE = auto()
    GROUP = auto()
    GROUP_ADMINS = auto()
    STAFF = auto()


@dataclass(frozen=True, slots=True)
class Listed:
    """A command in a menu: at most 32 and 256 characters. What it does stands in ``pesan.yaml``, as ``menu_name``."""

    name: str
    english: str  # what it does, for those whose Telegram speaks English
    audiences: frozenset[Audience]


EVERYBODY = frozenset(Audience)
MEMBERS = frozenset({Audience.PRIVATE, Audience.GROUP, Audience.GROUP_ADMINS})

MENU = (
    Listed("tanya", "Ask, for example: /tanya syarat seleksi", EVERYBODY),
    Listed("topik", "Browse all topics", frozenset({Audience.PRIVATE})),
    Listed("daerah", "See or change the region", MEMBERS),
    Listed("angkatan", "Participants of one year", MEMBERS),
    Listed("pengaturan", "Settings for this group", frozenset({Audience.GROUP_ADMINS})),
    Listed("tiket", "Questions waiting for an answer", frozenset({Audience.STAFF})),
    Listed("kenapa", "Why the bot answers as it does", frozenset({Audience.STAFF})),
    Listed("muat_ulang", "Reload the knowledge", frozenset({Audience.STAFF})),
    Listed("bantuan", "How to ask", EVERYBODY),
    Listed("privasi", "What is kept about you", frozenset({Audience.PRIVATE})),
    Listed("hapus_data", "Delete your data", frozenset({Audience.PRIVATE})),
    Listed("tentang", "About this service", EVERYBODY),
)
"""What Telegram shows when somebody types a slash, in this order. Only what is shown: rights are checked on use."""


def menu(audience: Audience, says: Callable[..., str], *, english: bool = False) -> list[BotCommand]:
    """The menu of one audience; ``says`` gives a sentence of ``pesan.yaml``.

    >>> [command.command for command in menu(Audience.GROUP, str)]
    ['tanya', 'daerah', 'angkatan', 'bantuan', 'tentang']
    """
    return [
        BotCommand(listed.name, listed.english if english else says(f"menu_{listed.name}"))
        for listed in MENU
        if audience in listed.audiences
    ]


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


async def _start(assistant: Assistant, asker: Asker, payload: str, now: datetime) -> Reply:
    """``payload`` is what a deep link brings along: https://t.me/bot?start=payload."""
    if payload == PRIVACY and not asker.group:
        return await assistant.privacy(asker, now)
    if payload == REGION and not asker.group:
        return await assistant.region(asker, "", now)
    return await assistant.welcome(asker, now, payload)


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


async def _privacy(assistant: Assistant, asker: Asker, _: str, now: datetime) -> Reply:
    return await assistant.privacy(asker, now)


async def _forget(assistant: Assistant, asker: Asker, _: str, now: datetime) -> Reply:
    return await assistant.offer_to_forget(asker, now)


PRIVACY, ERASURE = "privasi", "hapus_data"
"""Commands about what is kept of a person: a group is no place for them."""

SETTINGS = "pengaturan"
"""The command that opens the settings of a group, for its admins."""

REGION = "daerah"
"""The command that shows a region, and sets it where one is named."""

ANSWERS: dict[str, Answer] = {
    "start": _start,
    "bantuan": _help,
    "help": _help,
    "topik": _topics,
    REGION: _region,
    "angkatan": _cohorts,
    "tentang": _about,
    PRIVACY: _privacy,
    ERASURE: _forget,
}
"""Every command except ``ASK``."""


def changes_group(command: Command) -> bool:
    """Whether a command changes what all members of a group share: that is for its admins."""
    return command.name == REGION and bool(command.argument.strip())


def for_admins(context: BotContext) -> Reply:
    """What a member of a group hears who is no admin of it."""
    address = create_deep_linked_url(context.bot.username, REGION)
    return Reply(Decision.DECLINE, services(context).assistant.message("daerah_grup_pengurus", tautan=address))


async def answer(context: BotContext, command: Command, asker: Asker) -> Reply:
    """Answers any command except ``ASK``; an unknown one gets a pointer to /bantuan."""
    work = services(context)
    known = ANSWERS.get(command.name)
    if command.name == SETTINGS:
        return Reply(Decision.DECLINE, work.assistant.message("atur_hanya_grup"))
    if known is None:
        return Reply(Decision.DECLINE, work.assistant.message("perintah_tak_dikenal"))
    if asker.group and command.name in {PRIVACY, ERASURE}:
        address = create_deep_linked_url(context.bot.username, PRIVACY)
        return Reply(Decision.DECLINE, work.assistant.message("hanya_pribadi", tautan=address))
    return await known(work.assistant, asker, command.argument, work.now())
