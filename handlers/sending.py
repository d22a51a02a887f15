"""From replies to messages: what is said, where, and what is noted once it has arrived.

Nothing is sent here. Messages are written into the outbox, in the transaction of the update that they answer; the
sender (``handlers/sender.py``) brings them to Telegram.
"""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from typing import Any

from telegram import CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import CallbackQueryLimit, ChatAction
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.helpers import create_deep_linked_url

from bot.mail import Kind, Outgoing, Shown
from bot.model import Asker, Attachment, Decision, Reply, Ticket, TicketAsker
from handlers import pages, turns
from handlers.context import BotContext, Services, services, thread_of
from handlers.merging import MERGED
from handlers.render import LONGEST_PART, Part, render, shortened

log = logging.getLogger(__name__)

TYPING_AFTER, TYPING_LASTS = 0.5, 4.5
"""Seconds until "typing…" is shown, and until it has to be shown again: Telegram takes it away after 5 s."""

LONGEST_QUESTION, LONGEST_ANSWER = 80, 600
"""Characters of a question and of an answer that are told together with others."""

DIGEST = 32
"""Hex digits of a digest."""

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a chat, a forum topic in it, and the message it answers."""

    chat: int
    topic: int | None = None
    reply_to: int | None = None  # what it quotes
    silent: bool = False  # nobody's telephone rings
    question: int | None = None  # what it answers, quoted or not


def place_of(message: Message) -> Place:
    """Where an answer to ``message`` belongs: in a group as a reply to it, since others write in between."""
    private = message.chat.type == message.chat.PRIVATE
    number = message.message_id
    return Place(message.chat.id, thread_of(message), None if private else number, question=number)


def place_of_asker(waiting: TicketAsker) -> Place:
    """Where an asker of a ticket waits for the answer."""
    asker = waiting.asker
    return Place(int(asker.chat), int(asker.topic) if asker.topic else None, waiting.message_id or None)


@asynccontextmanager
async def typing(bot: ExtBot[None], message: Message) -> AsyncIterator[None]:
    """Shows "typing…" where ``message`` was written, once what is done inside takes longer than ``TYPING_AFTER``."""
    showing = asyncio.create_task(_show_typing(bot, place_of(message)))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show_typing(bot: ExtBot[None], place: Place) -> None:
    await asyncio.sleep(TYPING_AFTER)
    while True:
        try:
            await bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.topic)
        except TelegramError as error:
            log.info("typing could not be shown: %s", type(error).__name__)
            return
        await asyncio.sleep(TYPING_LASTS)


# --- answers --------------------------------------------------------------------------------------------------------


async def deliver(
    context: BotContext,
    message: Message,
    asker: Asker,
    reply: Reply,
    *,
    question: str = "",
    asked_at: datetime | None = None,
) -> None:
    """Answers ``message`` with ``reply``: its text (of a long list the first page), then its file.

    Its ticket, where it has one, is brought to staff. A group that has read the same within the hour is only pointed to
    it. ``question`` are the words that were asked, where the answer may go along with others in a busy group;
    ``asked_at`` is when: an answer that comes very late begins with an apology.
    """
    work, place = services(context), place_of(message)
    parts = await _drawn(context, asker, reply)
    rows = [*messages(place, parts), *_file(place, reply.file)]
    if asked_at is not None:
        rows = await _late(work, place, rows, asked_at)
    if reply.traceless:
        rows[-1] = replace(rows[-1], then={"forget": True})
    if asker.group:
        rows = await _for_group(work, asker, reply, rows, question)
    await post(work, rows)
    if reply.ticket is not None:
        await bring_to_staff(work, place, reply.ticket, reply.for_staff)


async def revise(context: BotContext, message: Message, asker: Asker, reply: Reply, before: Sequence[Shown]) -> None:
    """Puts ``reply`` in the place of the messages that answered ``message`` before it was edited.

    What the new answer has no use for is deleted, what finds no place any more is sent.
    """
    work, place = services(context), place_of(message)
    rows = messages(place, await _drawn(context, asker, reply))
    if asker.group:
        rows[0] = replace(rows[0], then={"answer": work.assistant.chats.digest(reply)})
    for number, row in enumerate(rows):
        if number >= len(before):
            await post(work, [row])
        elif row.digest != before[number].digest:
            await work.mail.outbox.reshape(before[number].id, row.digest)
            await post(work, [replace(row, kind=Kind.EDIT, target=before[number].id, otherwise=(row,))])
    for surplus in before[len(rows) :]:
        await work.mail.outbox.reshape(surplus.id, None)
        await post(work, [Outgoing(str(place.chat), Kind.DELETE, {}, target=surplus.id)])
    await post(work, _file(place, reply.file))
    if reply.ticket is not None:
        await bring_to_staff(work, place, reply.ticket, reply.for_staff)


async def _for_group(work: Services, asker: Asker, reply: Reply, rows: list[Outgoing], question: str) -> list[Outgoing]:
    """An answer in a group; only a pointer to the message where the same answer stands already, if there is one."""
    chats, first = work.assistant.chats, rows[0]
    if digest := chats.digest(reply):
        first = replace(first, then={**first.then, "answer": digest})
    if question and len(rows) == 1 and reply.decision is Decision.ANSWER and not reply.choices:
        first = replace(first, payload={**first.payload, MERGED: _in_short(question, reply)})
    rows = [first, *rows[1:]]
    earlier = await chats.earlier(asker, reply, work.now())
    if earlier is None:
        return rows
    rules = await chats.rules(asker.chat)
    said = work.assistant.message("grup_sudah_dijawab", pukul=rules.clock(earlier.at))
    place = Place(int(first.chat), first.topic, earlier.message_id, question=first.question)
    pointer = sentence(place, said)
    return [replace(pointer, payload={**pointer.payload, "pointer": True}, otherwise=tuple(rows))]


def _in_short(question: str, reply: Reply) -> tuple[str, str]:
    """Question and answer as HTML, for a message that holds several."""
    said = " ".join(question.split())
    if len(said) > LONGEST_QUESTION:
        said = said[: LONGEST_QUESTION - 1].rstrip() + "…"
    brief = Reply(Decision.ANSWER, reply.short or shortened(reply.text, LONGEST_ANSWER))
    return escape(said, quote=False), render(brief)[0].html


async def _late(work: Services, place: Place, rows: list[Outgoing], asked_at: datetime) -> list[Outgoing]:
    """Begins an answer that comes after an outage with an apology, once in each chat."""
    now, limit, first = work.now(), timedelta(minutes=work.limits.late_after_minutes), rows[0]
    if now - asked_at <= limit or await work.mail.outbox.apologised(first.chat, now - limit):
        return rows
    apology = escape(work.assistant.message("terlambat"), quote=False)
    html = f"{apology}\n\n{first.payload['html']}"
    if len(html) > LONGEST_PART:
        return [replace(message(place, Part(apology)), late=True), *rows]
    return [replace(first, payload={**first.payload, "html": html}, late=True), *rows[1:]]


async def _drawn(context: BotContext, asker: Asker, reply: Reply) -> tuple[Part, ...]:
    """The messages of a reply: whole in a private chat, in a group short unless its admins want them whole."""
    assistant = services(context).assistant
    says, owner = assistant.message, asker.person if asker.group else ""
    page = pages.draw(reply, 1, says, owner)
    if page is not None:
        return (page,)
    brief = asker.group and bool(reply.short) and not (await assistant.chats.rules(asker.chat)).settings.full
    more: tuple[tuple[str, str], ...] = ()
    if brief and len(reply.entries) == 1:
        more = ((says("tombol_selengkapnya"), create_deep_linked_url(context.bot.username, reply.entries[0])),)
    return render(reply, brief=brief, copy_label=says("tombol_salin"), owner=owner, links=more)


async def bring_to_staff(work: Services, place: Place | None, ticket: Ticket, told: str) -> None:
    """Tells staff of a ticket, under the message that told them first; a reply to either answers its askers.

    If that fails, the person at ``place`` hears that it did not get through.
    """
    if work.staff_chat is None:
        log.error("ticket %d has nowhere to go. Remedy: set telegram.staff_chat", ticket.number)
        return
    first = ticket.staff_message_id if ticket.staff_chat == str(work.staff_chat) else None
    rows = messages(Place(work.staff_chat, reply_to=first), render(Reply(Decision.ANSWER, told)))
    sorry = () if place is None else (sentence(place, work.assistant.message("gangguan")),)
    rows[-1] = replace(rows[-1], then={"ticket": ticket.number}, otherwise=sorry)
    await post(work, rows)


# --- messages -------------------------------------------------------------------------------------------------------


async def tell(work: Services, place: Place, text: str, then: Mapping[str, Any] = _NOTHING) -> None:
    """Says one sentence; ``then`` is noted when all of it has arrived, see ``handlers.notes``."""
    rows = messages(place, render(Reply(Decision.ANSWER, text)))
    rows[-1] = replace(rows[-1], then=then)
    await post(work, rows)


async def send(work: Services, place: Place, parts: Sequence[Part]) -> None:
    """Says what a reply was drawn as; only the first message quotes ``place.reply_to``."""
    await post(work, messages(place, parts))


async def redraw(work: Services, message: Message, part: Part) -> None:
    """Puts ``part`` in the place of what a message of the bot shows."""
    payload = _shown(part) | {"message_id": message.message_id}
    await post(work, [Outgoing(str(message.chat.id), Kind.EDIT, payload, thread_of(message))])


async def redraw_keyboard(work: Services, message: Message, keyboard: InlineKeyboardMarkup | None) -> None:
    """Changes only the buttons under a message of the bot."""
    payload = _buttons(keyboard) | {"message_id": message.message_id}
    await post(work, [Outgoing(str(message.chat.id), Kind.BUTTONS, payload, thread_of(message))])


async def post(work: Services, rows: Iterable[Outgoing]) -> None:
    """Writes messages into the outbox; what is written while an update is handled belongs to it."""
    turn = turns.current()
    for row in rows:
        await work.mail.outbox.add(row if turn is None else replace(row, update_id=turn.update_id), work.now())


def sentence(place: Place, text: str, then: Mapping[str, Any] = _NOTHING) -> Outgoing:
    """One short sentence as a message."""
    return replace(message(place, render(Reply(Decision.ANSWER, text))[0]), then=then)


def messages(place: Place, parts: Sequence[Part]) -> list[Outgoing]:
    """The messages of a reply, first to last. Raises ``ValueError`` where there is none."""
    if not parts:
        raise ValueError("a reply needs a text")
    rest = replace(place, reply_to=None)
    return [message(rest if number else place, part) for number, part in enumerate(parts)]


def message(place: Place, part: Part) -> Outgoing:
    """One message."""
    shown = _shown(part)
    return Outgoing(
        str(place.chat),
        Kind.MESSAGE,
        shown | ({"silent": True} if place.silent else {}),
        topic=place.topic,
        reply_to=place.reply_to,
        question=place.question,
        digest=sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:DIGEST],
    )


def _file(place: Place, file: Attachment | None) -> list[Outgoing]:
    if file is None:
        return []
    payload = {"name": file.name, "content": b64encode(file.content).decode("ascii")}
    chat = str(place.chat)
    return [Outgoing(chat, Kind.DOCUMENT, payload, place.topic, place.reply_to, place.question)]


def _shown(part: Part) -> dict[str, Any]:
    return {"html": part.html} | _buttons(part.keyboard)


def _buttons(keyboard: InlineKeyboardMarkup | None) -> dict[str, Any]:
    return {} if keyboard is None else {"keyboard": keyboard.to_dict()}


async def acknowledge(query: CallbackQuery, toast: str | None = None) -> None:
    """Ends the waiting sign on the button, once what it has led to is kept.

    Telegram refuses that for presses older than some minutes, which is fine.
    """

    async def answer() -> None:
        try:
            await query.answer(toast and toast[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH])
        except TelegramError as error:
            log.info("a press could not be acknowledged: %s", type(error).__name__)

    await turns.later(answer)
