"""The staff chat: what waits for an answer, and replies that reach whoever asked."""

from __future__ import annotations

from telegram import Message, Update

from bot.model import Decision, Reply, Ticket
from handlers import commands, groups, private
from handlers.context import BotContext, Services, replied_to, services
from handlers.render import render
from handlers.sending import bring_to_staff, place_of, place_of_asker, tell

TICKETS = "tiket"
"""The command that lists what waits; with a number it shows one ticket again."""


async def on_message(update: Update, context: BotContext) -> None:
    """Takes a message of the staff chat: /tiket, an answer to a ticket, or what is treated as everywhere else."""
    message = update.message
    if message is None:
        return
    command = commands.command_in(message)
    if command is not None and command.name == TICKETS and command.is_for(context.bot.username):
        await _show(command.argument, message, context)
        return
    ticket = await _ticket(message, context)
    if ticket is not None:
        await _answer(ticket, message, context)
    elif message.chat.type == message.chat.PRIVATE:
        await private.on_message(update, context)
    else:
        await groups.on_message(update, context)


async def on_edit(update: Update, context: BotContext) -> None:
    """Lets an edited message be treated as everywhere else, but for the answer to a ticket: that is no question."""
    message = update.edited_message
    if message is None or await _ticket(message, context) is not None:
        return
    if message.chat.type == message.chat.PRIVATE:
        await private.on_edit(update, context)
    else:
        await groups.on_edit(update, context)


async def _ticket(message: Message, context: BotContext) -> Ticket | None:
    """The ticket that a message replies to."""
    origin = replied_to(message)
    if origin is None:
        return None
    return await services(context).assistant.desk.shown_in(str(message.chat.id), origin.message_id)


async def _show(argument: str, message: Message, context: BotContext) -> None:
    work = services(context)
    number = argument.removeprefix("#")
    if not number.isdecimal():
        reply = await work.assistant.desk.overview()
    else:
        reply = await work.assistant.desk.show(int(number), work.now())
    if reply.ticket is not None:
        await bring_to_staff(work, place_of(message), reply.ticket, reply.for_staff)
    else:
        await tell(work, place_of(message), reply.text)


async def _answer(ticket: Ticket, message: Message, context: BotContext) -> None:
    """Brings a staff member's reply to everybody who waits for it, and closes the ticket."""
    work = services(context)
    says, number = work.assistant.message, str(ticket.number)
    if not ticket.open:
        await tell(work, place_of(message), says("tiket_sudah_ditutup", nomor=number))
    elif not message.text:
        await tell(work, place_of(message), says("hanya_teks"))
    else:
        await _deliver(ticket, says("tiket_jawaban", nomor=number, jawaban=message.text), message, work)


async def _deliver(ticket: Ticket, answer: str, message: Message, work: Services) -> None:
    """Sends an answer to each asker who has not got one, and closes the ticket.

    Staff are told how many it has reached once that is known (``handlers.notes``). Who has blocked the bot, or has
    removed it from the group, does not keep the ticket open; where Telegram refuses the answer it is opened again, and
    the next reply reaches those alone who have missed this one.
    """
    place = place_of(message)
    receipt = {
        "ticket": ticket.number,
        "chat": place.chat,
        "topic": place.topic,
        "reply_to": place.reply_to,
        "question": place.question,
        "askers": len(ticket.waiting),
        "parts": len(render(Reply(Decision.ANSWER, answer))),
    }
    for waiting in ticket.waiting:
        await tell(work, place_of_asker(waiting), answer, then={"asker": waiting.id, "receipt": receipt})
        await work.assistant.desk.delivered(waiting, work.now())
    await work.assistant.desk.close(ticket, work.now())
