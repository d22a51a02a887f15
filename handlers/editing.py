"""Which messages of the bot have to change when somebody edits a question."""

from __future__ import annotations

from telegram import Message

from bot.mail import Shown
from handlers import turns
from handlers.context import BotContext, services
from handlers.inbox import digest_of


async def outdated(message: Message, context: BotContext) -> tuple[Shown, ...]:
    """The messages that answered an edited one, first to last.

    None where its words are the same (a live location moves, a link gets its preview), where it had no answer, or where
    that was too long ago.
    """
    turn, mail, chat = turns.current(), services(context).mail, str(message.chat.id)
    if turn is None:
        return ()
    words = await mail.inbox.words(chat, message.message_id, turn.update_id)
    if words is None or words == digest_of(message):
        return ()
    return await mail.outbox.shown(chat, message.message_id)
