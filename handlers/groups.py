"""Groups: silent unless spoken to, and where the admins want it so.

The bot answers when it is mentioned by name, when somebody replies to one of its messages, and when it is commanded.
Only where the admins allow it does it answer what nobody put to it, and then only what it is very sure of.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.helpers import create_deep_linked_url

from bot.model import Decision, GroupRules, Reply
from handlers import chat_settings, commands
from handlers.context import BotContext, asker_of, replied_to, services, without, written
from handlers.editing import outdated
from handlers.render import render
from handlers.resting import rests
from handlers.sending import Place, bring_to_staff, deliver, place_of, revise, send, tell, typing

AT_MOST_EVERY = timedelta(minutes=1)
"""How often the bot may speak in a group without being asked."""

log = logging.getLogger(__name__)

BEFORE_HELLO = 2.0
"""Seconds before the bot introduces itself. When a group becomes a supergroup, Telegram says that the bot has joined
the new one, and only a moment before or after that it is the old one (tdlib/telegram-bot-api issue 266)."""

VOLUNTEERED, RESTED = "volunteered", "rested"
"""Keys of ``chat_data``: when the bot last spoke unasked, and in which quiet hours it said that it keeps silent."""

OF_SOMEBODY = frozenset({MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND})
"""What a message is addressed with."""


async def on_message(update: Update, context: BotContext) -> None:
    """Answers a message of a group if it is meant for the bot."""
    message = update.message
    if message is None or message.via_bot is not None:
        return
    asked = _asked(message, context.bot.bot)
    if asked is None:
        await _volunteer(message, context)
    elif isinstance(asked, commands.Command) and asked.name == commands.SETTINGS:
        await chat_settings.on_command(message, context)
    else:
        await _answer(asked, message, context)


async def on_edit(update: Update, context: BotContext) -> None:
    """Answers an edited message in the place of the answer it had, while it is still meant for the bot.

    One that had no answer gets none, so that nobody is answered twice.
    """
    message = update.edited_message
    asked = None if message is None or message.via_bot is not None else _asked(message, context.bot.bot)
    if message is None or asked is None or (isinstance(asked, commands.Command) and asked.name == commands.SETTINGS):
        return
    before, asker = await outdated(message, context), asker_of(message)
    if not before:
        return
    rules = await services(context).assistant.chats.rules(asker.chat)
    if rules.speaks_in(asker.topic) and not resting(rules, context):
        await revise(context, message, asker, await _reply(asked, message, context), before)


async def on_membership(update: Update, context: BotContext) -> None:
    """Introduces the bot, once, in a group that it is added to, and forgets a group that it is removed from."""
    change = update.my_chat_member
    if change is None or change.chat.type not in {change.chat.GROUP, change.chat.SUPERGROUP}:
        return
    work, chat = services(context), str(change.chat.id)
    if not _inside(change.new_chat_member):
        await work.assistant.chats.left(chat, work.now())
        for ticket, told in await work.assistant.desk.leave(chat, work.now()):
            await bring_to_staff(work, None, ticket, told)
        return
    await work.assistant.chats.joined(chat, work.now())
    if _is_new(change) and change.chat.id != work.staff_chat:
        context.application.create_task(_introduce(change.chat.id, context), update)


async def _introduce(chat: int, context: BotContext) -> None:
    """Says hello in a new group, but not in a supergroup that an old one has just become (see ``on_migration``)."""
    await asyncio.sleep(BEFORE_HELLO)
    work = services(context)
    async with work.mail.unit():
        if await work.assistant.chats.introduce(str(chat), work.now()):
            hello = work.assistant.message("grup_perkenalan", nama_bot=f"@{context.bot.username}")
            await tell(work, Place(chat), hello)


async def on_migration(update: Update, context: BotContext) -> None:
    """Takes what is known of a group along when it becomes a supergroup; told by both chats, in either order."""
    message = update.message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    work = services(context)
    await work.assistant.chats.moved(str(old), str(new))
    if old == work.staff_chat:
        log.error("the staff chat is a supergroup now. Remedy: set telegram.staff_chat to %d and start again", new)


def resting(rules: GroupRules, context: BotContext) -> str:
    """What is said in quiet hours; "" at other times."""
    work, quiet = services(context), rules.settings.quiet
    if quiet is None or not rules.rests_at(work.now()):
        return ""
    hours = {"mulai": f"{quiet.start:02}.00", "selesai": f"{quiet.end:02}.00"}
    return work.assistant.message("grup_jam_tenang", **hours, zona=rules.clock_name)


def _inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}


def _is_new(change: ChatMemberUpdated) -> bool:
    """Whether the bot has just come, and may write: not when only its rights have changed."""
    member = change.new_chat_member
    mute = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
    return not _inside(change.old_chat_member) and not mute


def _asked(message: Message, bot: User) -> commands.Command | str | None:
    """What a message wants of this bot: a command or a question ("" where only its name is said); None: nothing."""
    command = commands.command_in(message)
    if command is not None and command.name != commands.ASK:
        return command if _obeys(command, bot) else None
    return question_in(message, bot)


async def _answer(asked: commands.Command | str, message: Message, context: BotContext) -> None:
    work, asker = services(context), asker_of(message)
    rules = await work.assistant.chats.rules(asker.chat)
    if not rules.speaks_in(asker.topic):
        return
    if rest := resting(rules, context):
        await _tell_rest(rest, rules, message, context)
        return
    if await rests(message, asker, context):
        return
    reply = await _reply(asked, message, context)
    question = asked if isinstance(asked, str) else ""
    await deliver(context, message, asker, reply, question=question, asked_at=message.date)


async def _reply(asked: commands.Command | str, message: Message, context: BotContext) -> Reply:
    work, asker = services(context), asker_of(message)
    async with typing(context.bot, message):
        if isinstance(asked, commands.Command):
            allowed = not commands.changes_group(asked) or await chat_settings.by_admin(message, context.bot)
            return await commands.answer(context, asked, asker) if allowed else commands.for_admins(context)
        if asked:
            return await work.assistant.ask(asker, asked, work.now(), message.message_id)
    hint = work.assistant.message("grup_tanpa_pertanyaan", nama_bot=f"@{context.bot.username}")
    return Reply(Decision.CLARIFY, hint)


async def _tell_rest(text: str, rules: GroupRules, message: Message, context: BotContext) -> None:
    """Says, without a sound and once in these quiet hours, where to ask instead."""
    work, quiet = services(context), rules.settings.quiet
    local = rules.local(work.now())
    since_yesterday = quiet is not None and local.hour < quiet.start
    night = str(local.date() - timedelta(days=1) if since_yesterday else local.date())
    if context.chat_data is None or context.chat_data.get(RESTED) == night:
        return
    context.chat_data[RESTED] = night
    private = work.assistant.message("tombol_chat_pribadi"), create_deep_linked_url(context.bot.username)
    parts = render(Reply(Decision.DECLINE, text), links=(private,))
    await send(work, replace(place_of(message), silent=True), parts)


async def _volunteer(message: Message, context: BotContext) -> None:
    """Answers a very sure question that nobody put to the bot, where and as often as the admins allow."""
    if context.chat_data is None or not _is_open_talk(message):
        return
    work, asker = services(context), asker_of(message)
    rules, now = await work.assistant.chats.rules(asker.chat), work.now()
    last = context.chat_data.get(VOLUNTEERED)
    if not rules.settings.unasked or not rules.speaks_in(asker.topic) or rules.rests_at(now):
        return
    if last is not None and now - datetime.fromisoformat(last) < AT_MOST_EVERY:
        return
    if now - message.date > timedelta(minutes=work.limits.late_after_minutes):  # the talk has gone on since
        return
    reply = await work.assistant.volunteer(asker, message.text or "", now)
    if reply is not None:
        context.chat_data[VOLUNTEERED] = now.isoformat()
        await deliver(context, message, asker, reply)


def _is_open_talk(message: Message) -> bool:
    """Whether a text is written to everybody: no reply, no command, nobody's name in it, and not passed on."""
    addressed = any(entity.type in OF_SOMEBODY for entity in message.entities)
    return bool(message.text) and not addressed and replied_to(message) is None and message.forward_origin is None


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
    return bool(command.addressee) or command.name in {commands.SETTINGS, *commands.ANSWERS}


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
