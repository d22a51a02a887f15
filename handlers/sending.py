"""Brings replies to a chat, patiently: the only place that sends messages and changes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

import httpx  # comes with python-telegram-bot; only its error classes, to tell what was surely not delivered
from telegram import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import CallbackQueryLimit, ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.helpers import create_deep_linked_url

from bot.model import Asker, Attachment, Decision, Reply, Ticket, TicketAsker
from handlers import pages
from handlers.answers import Answer
from handlers.context import BotContext, services, thread_of, written
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

GONE = "message to edit not found"
"""How Telegram refuses to change a message that somebody has deleted."""

TYPING_AFTER, TYPING_LASTS = 0.5, 4.5
"""Seconds until "typing…" is shown, and until it has to be shown again: Telegram takes it away after 5 s."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a chat, a forum topic in it, and the message it answers."""

    chat: int
    topic: int | None = None
    reply_to: int | None = None
    silent: bool = False  # nobody's telephone rings


def place_of(message: Message) -> Place:
    """Where an answer to ``message`` belongs: in a group as a reply to it, since others write in between."""
    private = message.chat.type == message.chat.PRIVATE
    return Place(message.chat.id, thread_of(message), None if private else message.message_id)


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


async def deliver(context: BotContext, message: Message, asker: Asker, reply: Reply) -> Answer:
    """Answers ``message`` with ``reply``: its text (of a long list the first page), then its file.

    Its ticket, where it has one, is brought to staff. A group that has read the same within the hour is only pointed to
    it. Returns what was sent, for ``revise``.
    """
    parts = await _drawn(context, asker, reply)
    if asker.group:
        return Answer(hash(written(message)[0]), await _deliver_to_group(context, message, asker, reply, parts), parts)
    sent = await _send_parts(context.bot, place_of(message), parts)
    await _accompany(context, message, reply)
    return Answer(hash(written(message)[0]), sent, parts)


async def revise(context: BotContext, message: Message, asker: Asker, reply: Reply, before: Answer) -> Answer:
    """Puts ``reply`` in the place of the answer that ``message`` had before it was edited.

    What the new answer has no use for is deleted, what finds no place any more is sent. Returns what is shown now.
    """
    place, parts = place_of(message), await _drawn(context, asker, reply)
    sent: list[int] = []
    shown = dict(enumerate(zip(before.messages, before.parts, strict=True)))
    for number, part in enumerate(parts):
        old, looks = shown.get(number, (0, None))
        if old and (looks == part or await _replace(context.bot, place, old, part)):
            sent.append(old)
        else:
            sent.extend(await _send_parts(context.bot, place, (part,)))
    for surplus in before.messages[len(parts) :]:
        await _delete(context.bot, place, surplus)
    await _accompany(context, message, reply)
    return Answer(hash(written(message)[0]), tuple(sent), parts)


async def _deliver_to_group(
    context: BotContext, message: Message, asker: Asker, reply: Reply, parts: tuple[Part, ...]
) -> tuple[int, ...]:
    """Answers in a group, by pointing to the message where the same answer stands already, if there is one."""
    work, place = services(context), place_of(message)
    now = work.now()
    earlier = await work.assistant.chats.earlier(asker, reply, now)
    if earlier is not None:
        rules = await work.assistant.chats.rules(asker.chat)
        said = work.assistant.message("grup_sudah_dijawab", pukul=rules.clock(earlier.at))
        pointer = await tell(context.bot, replace(place, reply_to=earlier.message_id), said)
        if pointer.reply_to_message is not None:
            return (pointer.message_id,)
        await _delete(context.bot, place, pointer.message_id)  # somebody has deleted the answer it should point to
    sent = await _send_parts(context.bot, place, parts)
    await work.assistant.chats.remember(asker, reply, sent[0], now)
    await _accompany(context, message, reply)
    return sent


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


async def _accompany(context: BotContext, message: Message, reply: Reply) -> None:
    """What comes with the text of a reply."""
    place = place_of(message)
    if reply.file is not None:
        await _send_file(context.bot, place, reply.file)
    if reply.ticket is not None:
        await bring_to_staff(context, place, reply.ticket, reply.for_staff)


async def tell(bot: ExtBot[None], place: Place, text: str) -> Message:
    """Sends one sentence of the bot."""
    return await send(bot, place, render(Reply(Decision.ANSWER, text)))


async def send(bot: ExtBot[None], place: Place, parts: Sequence[Part]) -> Message:
    """Sends the messages that a reply was drawn as, and returns the last one.

    Only the first message quotes ``place.reply_to``. Raises ``TelegramError`` when Telegram refuses a message or
    can't be reached, and ``ValueError`` where there is no message.
    """
    return (await _send_each(bot, place, parts))[-1]


async def _send_parts(bot: ExtBot[None], place: Place, parts: Sequence[Part]) -> tuple[int, ...]:
    """Like ``send``; returns the ids of all messages."""
    return tuple(message.message_id for message in await _send_each(bot, place, parts))


async def _send_each(bot: ExtBot[None], place: Place, parts: Sequence[Part]) -> list[Message]:
    if not parts:
        raise ValueError("a reply needs a text")
    sent: list[Message] = []
    for part in parts:
        sent.append(await _send_part(bot, replace(place, reply_to=None) if sent else place, part))
    return sent


async def acknowledge(query: CallbackQuery, toast: str | None = None) -> None:
    """Ends the waiting sign on the button. Telegram refuses that for presses older than some minutes, which is fine."""
    try:
        await query.answer(toast and toast[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH])
    except TelegramError as error:
        log.info("a press could not be acknowledged: %s", type(error).__name__)


async def redraw(bot: ExtBot[None], message: Message, part: Part) -> None:
    """Puts ``part`` in the place of what a message of the bot shows; raises ``TelegramError`` as ``send`` does."""
    await _change(bot, message.chat.id, message.message_id, part)


async def redraw_keyboard(bot: ExtBot[None], message: Message, keyboard: InlineKeyboardMarkup | None) -> None:
    """Changes only the buttons under a message of the bot; raises ``TelegramError`` as ``send`` does."""
    number = message.message_id
    await _unless_unchanged(
        lambda chat: bot.edit_message_reply_markup(chat, number, reply_markup=keyboard), message.chat.id
    )


async def _replace(bot: ExtBot[None], place: Place, message_id: int, part: Part) -> bool:
    """Puts ``part`` in the place of a message; False where that message is gone."""
    try:
        await _change(bot, place.chat, message_id, part)
    except BadRequest as refusal:
        if GONE not in refusal.message.casefold():
            raise
        return False
    return True


async def _change(bot: ExtBot[None], chat: int, message_id: int, part: Part) -> None:
    await _unless_unchanged(
        lambda chat: bot.edit_message_text(
            part.html,
            chat,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=part.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        chat,
    )


async def _unless_unchanged(change: Callable[[int], Awaitable[object]], chat: int) -> None:
    try:
        await _patiently(change, chat)
    except BadRequest as refusal:
        if UNCHANGED not in refusal.message.casefold():
            raise


async def _delete(bot: ExtBot[None], place: Place, message_id: int) -> None:
    """Takes a message away; one that is gone or too old to be deleted stays as it is."""
    try:
        await _patiently(lambda chat: bot.delete_message(chat, message_id), place.chat)
    except BadRequest as refusal:
        log.info("a part of an answer could not be deleted: %s", refusal.message)


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
            disable_notification=place.silent or None,
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


async def bring_to_staff(context: BotContext, place: Place | None, ticket: Ticket, told: str) -> None:
    """Tells staff of a ticket, under the message that told them first; a reply to either answers its askers.

    If that fails, the person at ``place`` hears that it did not get through.
    """
    work = services(context)
    if work.staff_chat is None:
        log.error("ticket %d has nowhere to go. Remedy: set telegram.staff_chat", ticket.number)
        return
    first = ticket.staff_message_id if ticket.staff_chat == str(work.staff_chat) else None
    try:
        sent = await tell(context.bot, Place(work.staff_chat, reply_to=first), told)
    except TelegramError as error:
        log.error(
            "ticket %d did not reach the staff chat (%s). Remedy: check telegram.staff_chat, and that the bot is there",
            ticket.number,
            type(error).__name__,
        )
        if place is not None:
            await tell(context.bot, place, work.assistant.message("gangguan"))
        return
    await work.assistant.desk.bind(ticket, str(sent.chat.id), sent.message_id)
