"""What every handler has at hand, and what it unpacks from a message: typed, and without any decision."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from telegram import Message, MessageEntity, User
from telegram.ext import Application, CallbackContext, ExtBot

from bot.mail import Outgoing, Received, Settled, Shown, Way
from bot.model import Asker, ChatSettings, Earlier, Finding, GroupRules, Region, Reply, Ticket, TicketAsker
from handlers.floods import Floods
from handlers.limits import Limits, LimitSettings
from handlers.metrics import Metrics, Overview
from handlers.reception import Reception


class Desk(Protocol):
    """The tickets as staff see them."""

    async def shown_in(self, staff_chat: str, message_id: int) -> Ticket | None:
        """Finds the ticket that a message in the staff chat is about."""

    async def bind(self, number: int, staff_chat: str, message_id: int) -> None:
        """Remembers a message that told staff of a ticket."""

    async def delivered(self, waiting: TicketAsker, now: datetime) -> None:
        """Remembers that the answer is on its way to one asker."""

    async def missed(self, asker: int) -> None:
        """The answer did not reach an asker, by the id of the store: they wait on, and the ticket is open again."""

    async def close(self, ticket: Ticket, now: datetime) -> None:
        """Marks a ticket as settled."""

    async def leave(self, chat: str, now: datetime) -> tuple[tuple[Ticket, str], ...]:
        """Lets nobody wait in a chat any more; returns the tickets closed by that, with what staff are told."""

    async def overview(self) -> Reply:
        """Lists the open tickets."""

    async def show(self, number: int, now: datetime) -> Reply:
        """Shows one ticket again."""


class Chats(Protocol):
    """The groups as their members and admins see them."""

    async def rules(self, chat: str) -> GroupRules:
        """What is set in a group."""

    async def change(self, chat: str, settings: ChatSettings, now: datetime) -> None:
        """Keeps what an admin has chosen."""

    async def set_region(self, chat: str, code: str, now: datetime) -> None:
        """Sets the region of a group, "" for none; ValueError for what is no kabupaten or kota."""

    def provinces(self) -> tuple[Region, ...]:
        """All provinces."""

    def regions_of(self, province: str) -> tuple[Region, ...]:
        """The kabupaten and kota of a province."""

    async def joined(self, chat: str, now: datetime) -> None:
        """Notes that the bot was added to a group."""

    async def introduce(self, chat: str, now: datetime) -> bool:
        """Tells whether the bot shall introduce itself in a group: once, unless it was removed again."""

    async def left(self, chat: str, now: datetime) -> None:
        """Notes that the bot was removed from a group."""

    async def moved(self, old: str, new: str) -> None:
        """A group has become a supergroup, with another id."""

    async def earlier(self, asker: Asker, reply: Reply, now: datetime) -> Earlier | None:
        """Where the same answer stands already, given lately in the same place."""

    def digest(self, reply: Reply) -> str:
        """What an answer is known by; "" for what is said again each time."""

    async def remember(self, asker: Asker, answer: str, message_id: int, now: datetime) -> None:
        """Remembers for a while which message gave an answer in a group, by its digest."""


class Assistant(Protocol):
    """What a person can do, as the adapter sees it; ``now`` has a time zone, ``message_id`` 0 means none."""

    async def ask(self, asker: Asker, text: str, now: datetime, message_id: int = 0) -> Reply:
        """Answers a question in the person's own words."""

    async def choose(self, asker: Asker, choice: str, now: datetime, message_id: int = 0) -> Reply:
        """Answers a pressed button by its callback data, also one that is forged or out of date."""

    async def welcome(self, asker: Asker, now: datetime, payload: str = "") -> Reply:
        """Greets, and shows what is known of the person's region; or opens what a deep link names."""

    async def privacy(self, asker: Asker, now: datetime) -> Reply:
        """Tells what is kept of a person."""

    async def offer_to_forget(self, asker: Asker, now: datetime) -> Reply:
        """Asks whether everything kept of a person shall be deleted."""

    async def rate(self, question_id: int, value: int, now: datetime) -> bool:
        """Notes whether an answer helped (1) or not (-1); False where its question is gone."""

    async def asked(self, question_id: int) -> str | None:
        """The masked words of a question in the log; None where it is gone, or was a pressed button."""

    async def search(self, text: str, now: datetime, most: int) -> tuple[Finding, ...]:
        """Finds what fits a text that somebody is typing, without a trace."""

    def help(self) -> Reply:
        """Tells what can be asked, and the commands."""

    def topics(self, topic: str = "") -> Reply:
        """Lists the topics, or the questions of one topic."""

    async def region(self, asker: Asker, text: str, now: datetime) -> Reply:
        """Shows the region on record, or sets it to the one that ``text`` names."""

    async def cohorts(self, asker: Asker, text: str, now: datetime) -> Reply:
        """Lists the participants of the year that ``text`` names, or asks which year."""

    def about(self) -> Reply:
        """Tells what this service is and how fresh its knowledge is."""

    def message(self, key: str, **values: str) -> str:
        """Fills in one sentence of ``pesan.yaml``."""

    @property
    def desk(self) -> Desk:
        """Where questions wait for staff."""

    @property
    def chats(self) -> Chats:
        """What groups have set, and what was answered there."""

    async def volunteer(self, asker: Asker, text: str, now: datetime) -> Reply | None:
        """Answers what nobody put to the bot, where it is a question with a very sure answer; None otherwise."""


class Reloader(Protocol):
    """Keeps the assistant at the state of its knowledge files."""

    async def watch(self, tell: Callable[[str], Awaitable[None]]) -> None:
        """Takes edits over until it is cancelled; ``tell`` brings a text to staff."""

    async def by_hand(self) -> str:
        """Loads what is there now, and reports."""


class Inbox(Protocol):
    """The updates that were received."""

    async def receive(self, received: Received, now: datetime) -> bool:
        """Keeps an update; False where it is known already."""

    async def waiting(self) -> tuple[str, ...]:
        """What was received and not handled, as JSON, oldest first."""

    async def conclude(self, update_id: int, now: datetime) -> None:
        """Notes that an update is handled."""

    async def rest(self, update_id: int, now: datetime) -> None:
        """Notes that an update is one of a flood."""

    async def words(self, chat: str, message_id: int, before: int) -> str | None:
        """The digest of the words that a message had before an update."""


class Outbox(Protocol):
    """The messages that go out; see ``bot.store.outbox``."""

    added: Callable[[Outgoing], None]
    """Told of every message once it is kept."""

    async def add(self, row: Outgoing, now: datetime) -> Outgoing:
        """Keeps a message to be sent."""

    async def recover(self) -> int:
        """Takes up again what was being sent when the bot ended."""

    async def waiting(self, chat: str | None = None) -> tuple[Outgoing, ...]:
        """What waits to be sent, oldest first."""

    async def mark(self, rows: Sequence[int]) -> None:
        """Notes that messages are about to be sent."""

    async def settle(self, settled: Sequence[Settled], now: datetime) -> None:
        """Notes what has become of some sends."""

    async def end(self, rows: Sequence[int], now: datetime) -> None:
        """Ends the updates of which everything is finished."""

    async def ways(self, update_id: int) -> dict[int, Way]:
        """How far everything is that answers an update."""

    async def posted(self, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """Chats and times of the messages that have arrived since then."""

    async def merge(self, carrier: Outgoing, rows: Sequence[int], now: datetime) -> Outgoing:
        """Keeps one message in the place of several."""

    async def unpack(self, carrier: int, way: Way, now: datetime) -> None:
        """Lets what went along with a message share its fate."""

    async def shown(self, chat: str, question: int) -> tuple[Shown, ...]:
        """The messages that answer a question."""

    async def reshape(self, row: int, digest: str | None) -> None:
        """Notes what a message will show from now on; None where it answers its question no longer."""

    async def place(self, row: int) -> int | None:
        """The Telegram id of a message that has arrived."""

    async def move(self, old: str, new: str) -> None:
        """A chat has another id."""

    async def apologised(self, chat: str, since: datetime) -> bool:
        """Whether a chat was told since then that answers come late."""

    async def erase(self, update_id: int, now: datetime) -> None:
        """Leaves of an update only that it was answered."""


class Ledger(Protocol):
    """The books of what came in and went out."""

    async def overview(self) -> Overview:
        """What waits, and what has become of the rest."""


class Mail(Protocol):
    """Where updates and messages are kept, so that none is lost."""

    @property
    def inbox(self) -> Inbox:
        """What has come in."""

    @property
    def outbox(self) -> Outbox:
        """What goes out."""

    @property
    def ledger(self) -> Ledger:
        """What waits."""

    def unit(self) -> AbstractAsyncContextManager[None]:
        """Makes everything that is written inside one transaction."""


Explain: TypeAlias = Callable[[str], str]
"""Tells staff why a question is answered as it is."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the handlers work with; it lies in ``bot_data``."""

    assistant: Assistant
    mail: Mail
    staff_chat: int | None  # the chat where staff answer tickets; None where there is none
    now: Callable[[], datetime]  # with a time zone
    reception: Reception  # whether messages come in
    floods: Floods = field(default_factory=Floods)
    limits: LimitSettings = field(default_factory=Limits)
    reloader: Reloader | None = None
    explain: Explain | None = None
    metrics: Metrics = field(default_factory=Metrics)


SERVICES = "services"
"""The key of ``Services`` in ``bot_data``."""

BotData: TypeAlias = dict[str, Services]
ChatData: TypeAlias = dict[str, str]
UserData: TypeAlias = dict[Any, Any]  # unused: what is known of a person lives in the store
BotContext: TypeAlias = CallbackContext[ExtBot[None], UserData, ChatData, BotData]
App: TypeAlias = Application[ExtBot[None], BotContext, UserData, ChatData, BotData, None]


def services(context: BotContext) -> Services:
    """The services of the running bot."""
    return context.bot_data[SERVICES]


def from_person(message: Message) -> bool:
    """Whether a human wrote the message, as a member, as an anonymous admin or in the name of a channel.

    Anonymous admins come from a bot account that Telegram makes up, with the group as ``sender_chat``. What a
    linked channel posts by itself (``is_automatic_forward``) and what other bots write is nobody's question.
    """
    if message.is_automatic_forward:
        return False
    return message.sender_chat is not None or (message.from_user is not None and not message.from_user.is_bot)


def asker_of(message: Message, presser: User | None = None) -> Asker:
    """Who asks and where: the message's author, or whoever pressed a button under it.

    Someone who writes as a chat (see ``from_person``) is that chat: the made-up account is shared by all groups.
    """
    person = presser or message.sender_chat or message.from_user or message.chat
    topic = thread_of(message)
    return Asker(
        person=str(person.id),
        chat=str(message.chat.id),
        group=message.chat.type in {message.chat.GROUP, message.chat.SUPERGROUP},
        topic="" if topic is None else str(topic),
    )


def thread_of(message: Message) -> int | None:
    """The forum topic of a message; a reply thread outside forums has an id too, but is no topic."""
    return message.message_thread_id if message.is_topic_message else None


def replied_to(message: Message) -> Message | None:
    """The message that this one answers.

    In a forum topic every message that answers none is marked as a reply to the topic's opening; that is left out.
    """
    origin = message.reply_to_message
    return None if origin is None or origin.forum_topic_created else origin


def written(message: Message) -> tuple[str, tuple[MessageEntity, ...]]:
    """The words of a message with their entities: its text, or the caption of its picture or document."""
    if message.text is not None:
        return message.text, tuple(message.entities)
    return message.caption or "", tuple(message.caption_entities)


def without(text: str, spans: list[MessageEntity]) -> str:
    """Cuts entities out of a text; their offsets count UTF-16 code units, as Telegram does.

    >>> without("😀 @bot apa syaratnya?", [MessageEntity("mention", 3, 4)])
    '😀 apa syaratnya?'
    """
    units = text.encode("utf-16-le", "surrogatepass")
    for span in sorted(spans, key=lambda span: span.offset, reverse=True):
        units = units[: 2 * span.offset] + units[2 * (span.offset + span.length) :]
    rest = units.decode("utf-16-le", "surrogatepass")
    return "\n".join(" ".join(line.split()) for line in rest.splitlines()).strip()
