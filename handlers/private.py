"""Private chats: every message is a question."""

from __future__ import annotations

from telegram import Message, Update

from bot.model import Asker, Decision, Reply
from handlers import commands
from handlers.context import BotContext, asker_of, services, written
from handlers.editing import outdated
from handlers.resting import rests
from handlers.sending import deliver, revise, typing


async def on_message(update: Update, context: BotContext) -> None:
    """Answers a message of a private chat."""
    message = update.message
    if message is None or _is_ours(message, context) or _is_rest_of_album(message, context):
        return
    asker = asker_of(message)
    if await rests(message, asker, context):
        return
    async with typing(context.bot, message):
        reply = await _reply(message, asker, context)
    if reply is not None:
        await deliver(context, message, asker, reply, asked_at=message.date)


async def on_edit(update: Update, context: BotContext) -> None:
    """Answers an edited message in the place of the answer it had; one that had none, or is too old, gets none."""
    message = update.edited_message
    if message is None:
        return
    before = await outdated(message, context)
    if not before:
        return
    asker = asker_of(message)
    async with typing(context.bot, message):
        reply = await _reply(message, asker, context)
    if reply is not None:
        await revise(context, message, asker, reply, before)


async def _reply(message: Message, asker: Asker, context: BotContext) -> Reply | None:
    work = services(context)
    text, _ = written(message)
    command = commands.command_in(message)
    if command is not None:
        if not command.is_for(context.bot.username):
            return None
        if command.name != commands.ASK:
            return await commands.answer(context, command, asker)
        if not command.argument:
            return work.assistant.help()
        text = command.argument
    if not text.strip():
        return Reply(Decision.DECLINE, work.assistant.message("hanya_teks"))
    return await work.assistant.ask(asker, text, work.now(), message.message_id)


def _is_ours(message: Message, context: BotContext) -> bool:
    """Whether the message was written by this bot's inline mode: an answer is no question."""
    return message.via_bot is not None and message.via_bot.id == context.bot.id


def _is_rest_of_album(message: Message, context: BotContext) -> bool:
    """Whether another picture of the same album was handled already: an album is one message to whoever sends it."""
    album = message.media_group_id
    if album is None or context.chat_data is None:
        return False
    seen = context.chat_data.get("album") == album
    context.chat_data["album"] = album
    return seen and not message.caption
