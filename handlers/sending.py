"""Brings replies to a chat, patiently: the only place that sends messages and changes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import httpx  # comes with python-telegram-bot; only its error classes, to tell what was surely not delivered
from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.model import Asker, Attachment, Decision, Reply, Ticket
from handlers import pages
from handlers.context import BotContext, services, thread_of
from handlers.render import Part, render

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0
"""Seconds we wait at most when Telegram asks for patience; the limit of a group is counted per minute."""

PAUSES = (0.5, 2.0)
"""Seconds before the second and before the third try after a network error."""

UNDELIVERED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Causes of a network error after which Telegram can not have received the message."""

UNCHANGED = "message is not modified"
"""How Telegram refuses a change that changes nothing."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a chat, a forum topic in it, and the message it answers."""

    chat: int
    topic: int | None = None
    reply_to: int | None = None


def place_of(message: Message) -> Place:
    """Where an answer to ``message`` belongs: in a group as a reply to it, since others write in between."""
    private = message.chat.type == message.chat.PRIVATE
    return Place(message.chat.id, thread_of(message), None if private else message.message_id)


def place_of_asker(ticket: Ticket) -> Place:
    """Where the asker of a ticket waits for the answer."""
    asker = ticket.asker
    return Place(int(asker.chat), int(asker.topic) if asker.topic else None, ticket.message_id or None)


async def deliver(context: BotContext, message: Message, asker: Asker, reply: Reply) -> None:
    """Answers ``message`` with ``reply``: its text (of a long list the first page), then its file.

    Its ticket, where it has one, is brought to staff.
    """
    place = place_of(message)
    page = pages.draw(reply, 1, services(context).assistant.message)
    await send(context.bot, place, (page,) if page else render(reply, brief=asker.group))
    if reply.file is not None:
        await _send_file(context.bot, place, reply.file)
    if reply.ticket is not None:
        await _bring_to_staff(context, place, reply.ticket)


async def tell(bot: ExtBot[None], place: Place, text: str) -> Message:
    """Sends one sentence of the bot."""
    return await send(bot, place, render(Reply(Decision.ANSWER, text)))


async def send(bot: ExtBot[None], place: Place, parts: Sequence[Part]) -> Message:
    """Sends the messages that a reply was drawn as, and returns the last one.

    Only the first message quotes ``place.reply_to``. Raises ``TelegramError`` when Telegram refuses a message or
    can't be reached, and ``ValueError`` where there is no message.
    """
    sent = None
    reply_to = place.reply_to
    for part in parts:
        sent = await _send_part(bot, Place(place.chat, place.topic, reply_to), part)
        reply_to = None
    if sent is None:
        raise ValueError("a reply needs a text")
    return sent


async def redraw(bot: ExtBot[None], message: Message, part: Part) -> None:
    """Puts ``part`` in the place of what a message of the bot shows; raises ``TelegramError`` as ``send`` does."""

    async def change(chat: int) -> None:
        await bot.edit_message_text(
            part.html,
            chat,
            message.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=part.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    try:
        await _patiently(change, message.chat.id)
    except BadRequest as refusal:
        if UNCHANGED not in refusal.message.casefold():
            raise


async def _send_part(bot: ExtBot[None], place: Place, part: Part) -> Message:
    return await _patiently(
        lambda chat: bot.send_message(
            chat,
            part.html,
            parse_mode=ParseMode.HTML,
            message_thread_id=place.topic,
            reply_parameters=_quoting(place),
            reply_markup=part.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        place.chat,
    )


async def _send_file(bot: ExtBot[None], place: Place, file: Attachment) -> None:
    await _patiently(
        lambda chat: bot.send_document(
            chat,
            file.content,
            filename=file.name,
            message_thread_id=place.topic,
            reply_parameters=_quoting(place),
        ),
        place.chat,
    )


def _quoting(place: Place) -> ReplyParameters | None:
    return None if place.reply_to is None else ReplyParameters(place.reply_to, allow_sending_without_reply=True)


async def _patiently(call: Callable[[int], Awaitable[Result]], chat: int) -> Result:
    """Calls Telegram for a chat; waits once when Telegram asks for it, and tries again after network errors."""
    failures, waited = 0, False
    while True:
        try:
            return await call(chat)
        except ChatMigrated as moved:
            if chat == moved.new_chat_id:
                raise
            chat = moved.new_chat_id
        except RetryAfter as flood:
            pause = _seconds(flood)
            if waited or pause > LONGEST_WAIT:
                raise
            waited = True
            log.info("Telegram asks to wait %.0f s before the next message", pause)
            await asyncio.sleep(pause)
        except NetworkError as error:
            if failures >= _worth_retrying(error):
                raise
            await asyncio.sleep(PAUSES[failures])
            failures += 1


def _worth_retrying(error: NetworkError) -> int:
    """How often a message is tried again.

    After a lost connection or a server error nothing was delivered. After a timeout or a reset nobody knows: once more,
    since an answer that comes twice is better than none. What Telegram refuses, it will refuse again.
    """
    if isinstance(error, BadRequest):
        return 0
    answered = error.__cause__ is None  # a 5xx with a body: python-telegram-bot raises it without a cause
    return len(PAUSES) if answered or isinstance(error.__cause__, UNDELIVERED) else 1


def _seconds(flood: RetryAfter) -> float:
    wait = flood.retry_after  # a timedelta in later versions of python-telegram-bot
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def _bring_to_staff(context: BotContext, place: Place, ticket: Ticket) -> None:
    """Shows a ticket in the staff chat; if that fails, the asker hears that the question did not get through."""
    work = services(context)
    if work.staff_chat is None:
        log.error("ticket %d has nowhere to go. Remedy: set telegram.staff_chat", ticket.number)
        return
    shown = work.assistant.message("tiket_untuk_petugas", nomor=str(ticket.number), pertanyaan=ticket.question)
    try:
        sent = await tell(context.bot, Place(work.staff_chat), shown)
    except TelegramError as error:
        log.error(
            "ticket %d did not reach the staff chat (%s). Remedy: check telegram.staff_chat, and that the bot is there",
            ticket.number,
            type(error).__name__,
        )
        await tell(context.bot, place, work.assistant.message("gangguan"))
        return
    await work.assistant.bind_ticket(ticket, str(sent.chat.id), sent.message_id)
