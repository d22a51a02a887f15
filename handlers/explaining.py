"""``/kenapa``: staff ask why the bot replied as it did, or would reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Message, Update

from handlers import commands, groups
from handlers.context import BotContext, replied_to, services, written
from handlers.presses import press_in
from handlers.sending import place_of, tell

COMMAND = "kenapa"
"""For staff only; to anybody else it is a command that nobody knows."""

_OF_A_QUESTION = re.compile(r"[+\-hx]:([1-9]\d{0,18})")
"""Buttons that carry the id of the question they stand under: both ratings, "Tanya petugas", "Bukan ini semua"."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The question to explain, "" where none is known."""

    text: str
    again: bool = False  # it was asked before: how it would be answered now, on its own, may differ


async def on_command(update: Update, context: BotContext) -> None:
    """Explains the question written after the command, else the one that the message replied to is about."""
    message, work = update.message, services(context)
    command = commands.command_in(message) if message is not None else None
    if message is None or command is None or work.explain is None:
        return
    found = await _question(command.argument, message, context)
    if not found.text.strip():
        told = work.assistant.message("kenapa_tanpa_pertanyaan")
    elif found.again:
        told = work.assistant.message("kenapa_lagi", penjelasan=work.explain(found.text))
    else:
        told = work.explain(found.text)
    await tell(work, place_of(message), told)


async def _question(argument: str, message: Message, context: BotContext) -> _Found:
    """Telegram does not say what a message of ours answered: its buttons do, or the ticket that it tells of."""
    origin = replied_to(message)
    if argument or origin is None:
        return _Found(argument)
    assistant = services(context).assistant
    if origin.from_user is None or origin.from_user.id != context.bot.id:
        return _Found(groups.question_in(origin, context.bot.bot) or written(origin)[0])
    ticket = await assistant.desk.shown_in(str(message.chat.id), origin.message_id)
    if ticket is not None:
        return _Found(ticket.question, again=True)
    number = _number_under(origin)
    return _Found((await assistant.asked(number) or "") if number else "", again=True)


def _number_under(message: Message) -> int:
    """The id of the question that a message of the bot answered, 0 where none of its buttons tells."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else ()
    read = (_OF_A_QUESTION.fullmatch(press_in(str(button.callback_data)).data) for row in rows for button in row)
    return next((int(found[1]) for found in read if found), 0)
