"""Who floods the bot is let rest: twenty questions a minute are answered, and one notice tells of the others."""

from __future__ import annotations

from telegram import Message

from bot.model import Asker
from handlers import turns
from handlers.context import BotContext, services
from handlers.floods import Verdict
from handlers.sending import place_of, tell


async def rests(message: Message, asker: Asker, context: BotContext) -> bool:
    """Tells whether a question is one of a flood; then it has got all that it gets."""
    work, turn = services(context), turns.current()
    if turn is None:
        return False
    verdict = work.floods.judge(asker.person, message.date, turn.update_id)
    if verdict is Verdict.ANSWER:
        return False
    if verdict is Verdict.NOTICE:
        said = work.assistant.message("terlalu_cepat", jumlah=str(work.limits.flood_questions))
        await tell(work, place_of(message), said)
    await work.mail.inbox.rest(turn.update_id, work.now())
    return True


async def tires(asker: Asker, context: BotContext) -> str:
    """What is said on a button that is pressed after too many questions and presses; "" where it is answered."""
    work, turn = services(context), turns.current()
    if turn is None or work.floods.judge(asker.person, work.now(), turn.update_id) is Verdict.ANSWER:
        return ""
    await work.mail.inbox.rest(turn.update_id, work.now())
    return work.assistant.message("terlalu_cepat", jumlah=str(work.limits.flood_questions))
