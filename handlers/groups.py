"""Groups: silent unless spoken to.

The bot answers when it is mentioned by name, when somebody replies to one of its messages, and when it is commanded.
"""

from __future__ import annotations

from telegram import Message, MessageEntity, Update, User

from bot.model import Decision, Reply
from handlers import commands
from handlers.context import BotContext, asker_of, replied_to, services, without, written
from handlers.sending import deliver


async def on_message(update: Update, context: BotContext) -> None:
    """Answers a message of a group if it is meant for the bot."""
    message = update.message
    if message is None or message.via_bot is not None:
        return
    command = commands.command_in(message)
    if command is not None and command.name != commands.ASK:
        if not _obeys(command, context.bot.bot):
            return
        asker = asker_of(message)
        await deliver(context, message, asker, await commands.answer(context, command, asker))
        return
    question = question_in(message, context.bot.bot)
    if question is None:
        return
    work, asker = services(context), asker_of(message)
    if question:
        reply = await work.assistant.ask(asker, question, work.now(), message.message_id)
    else:
        hint = work.assistant.message("grup_tanpa_pertanyaan", nama_bot=f"@{context.bot.username}")
        reply = Reply(Decision.CLARIFY, hint)
    await deliver(context, message, asker, reply)


def question_in(message: Message, bot: User) -> str | None:
    """What a group message asks this bot: None if it is not meant for it, "" if it is but asks nothing.

    Who mentions the bot under somebody else's message, without a question, asks with that message's words.
    """
    text, entities = written(message)
    command = commands.command_in(message)
    origin = replied_to(message)
    to_bot = origin is not None and origin.from_user is not None and origin.from_user.id == bot.id
    mentions = _mentions(text, entities, bot)
    if command is not None:
        if command.name != commands.ASK or not command.is_for(bot.username or ""):
            return None
        question = _words(without(text, [entities[0], *mentions]))
    elif mentions:
        question = _words(without(text, mentions))
    elif to_bot and text.strip():
        return text
    else:
        return None
    if question or origin is None or to_bot:
        return question
    quoted, spans = written(origin)
    return _words(without(quoted, _mentions(quoted, spans, bot)))


def _obeys(command: commands.Command, bot: User) -> bool:
    """Whether a command is for this bot; an unknown one may be another bot's, so it has to name us."""
    if not command.is_for(bot.username or ""):
        return False
    return bool(command.addressee) or command.name in commands.ANSWERS


def _mentions(text: str, entities: tuple[MessageEntity, ...], bot: User) -> list[MessageEntity]:
    """The entities that name this bot, and no other one whose name only begins alike."""
    name = f"@{bot.username}".casefold()
    units = text.encode("utf-16-le", "surrogatepass")

    def names_bot(entity: MessageEntity) -> bool:
        if entity.type == MessageEntity.TEXT_MENTION:
            return entity.user is not None and entity.user.id == bot.id
        named = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")
        return entity.type == MessageEntity.MENTION and named.casefold() == name

    return [entity for entity in entities if names_bot(entity)]


def _words(text: str) -> str:
    """A question without the comma or colon that stood after the name; "" if there is no word in it."""
    text = text.lstrip(" ,.:;!-–—\n")
    return text if any(character.isalnum() for character in text) else ""
