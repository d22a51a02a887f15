"""As fast as Telegram allows, and nobody waits for somebody else; who asks more than that is served in another way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fake_telegram import FakeTelegram, Group, Person, Sent
from running_bot import ANI, BUDI, FAST, GROUP, NOW, Echo, application, running, settled

from bot.mail import State
from bot.model import Choice, Decision, Reply
from bot.store.store import Store
from handlers.limits import Limits
from handlers.sender import Clock

MINUTE_IN_A_SECOND = Clock(speed=60.0)
GROUPS_LIMIT = replace(FAST, group_per_minute=4)


@dataclass
class Chatter:
    """Everybody who asks."""

    fake: FakeTelegram
    store: Store

    def ask(self, *texts: str, person: Person = ANI, group: Group | None = None) -> list[int]:
        said = (f"/tanya {text}" if group else text for text in texts)
        return [self.fake.says(person, text, chat=group)["message_id"] for text in said]

    async def told(self) -> list[Sent]:
        """All that the bot says."""
        self.fake.says(Person(999, "Penanda"), "penanda")
        sent = [await self.fake.next_message()]
        while sent[-1].chat != 999:
            sent.append(await self.fake.next_message())
        await settled(self.store, 20)
        sent += [await self.fake.next_message() for _ in range(self.fake.unread())]
        return [message for message in sent if message.chat != 999]

    async def states(self) -> dict[State, int]:
        return (await self.store.ledger.overview()).states


@asynccontextmanager
async def chatting(
    fake: FakeTelegram, store: Store, echo: Echo, limits: Limits, clock: Clock = MINUTE_IN_A_SECOND
) -> AsyncIterator[Chatter]:
    app = await application(fake.base_url, echo, fake.token, store=store, limits=limits, clock=clock)
    async with running(app):
        yield Chatter(fake, store)


# Telegram's limits


async def test_a_group_gets_no_more_than_its_number_a_minute(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """The next one waits until the first is a minute old; a message to somebody else does not."""
    echo.replies = {str(number): menu(number) for number in range(9)}
    async with chatting(fake, store, echo, GROUPS_LIMIT) as chatter:
        chatter.ask(*map(str, range(9)), group=GROUP)
        chatter.ask("a")
        times = {}
        for _ in range(10):
            sent = await fake.next_message(10)
            times[sent.text] = time.monotonic()
    assert list(times)[:5].index("ask: a") <= 4
    in_group = [at for text, at in times.items() if text != "ask: a"]
    assert all(later - first >= 0.99 for first, later in zip(in_group, in_group[4:], strict=False))


def menu(number: int) -> Reply:
    """A reply that can't go along with others."""
    return Reply(Decision.CLARIFY, f"Yang mana, {number}?", choices=(Choice("e:a", "A"),))


async def test_a_group_is_not_written_to_faster_after_a_restart(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    echo.replies = {str(number): menu(number) for number in range(5)}
    async with chatting(fake, store, echo, GROUPS_LIMIT, Clock()) as chatter:
        chatter.ask(*"0123", group=GROUP)
        assert len(await chatter.told()) == 4
    async with chatting(fake, store, echo, GROUPS_LIMIT, Clock()) as chatter:
        chatter.ask("4", group=GROUP)
        with pytest.raises(TimeoutError):
            await fake.next_message(0.5)


async def test_a_private_chat_gets_three_at_once_and_then_one_a_second(
    fake: FakeTelegram, store: Store, echo: Echo
) -> None:
    limits = replace(FAST, private_burst=3)
    async with chatting(fake, store, echo, limits, Clock()) as chatter:
        start = time.monotonic()
        chatter.ask(*"abcde")
        arrived = []
        for _ in "abcde":
            await fake.next_message()
            arrived.append(time.monotonic() - start)
    assert arrived[2] < 0.9
    assert arrived[3] - arrived[0] >= 0.9
    assert arrived[4] - arrived[3] >= 0.9


async def test_a_flooding_chat_keeps_nobody_waiting(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """A hundred messages wait for one person; another is answered at once."""
    async with chatting(fake, store, echo, replace(FAST, private_burst=3), Clock()) as chatter:
        chatter.ask(*map(str, range(100)))
        for _ in range(3):
            await fake.next_message()
        start = time.monotonic()
        chatter.ask("halo", person=BUDI)
        while (await fake.next_message()).chat != BUDI.id:
            pass
        assert time.monotonic() - start < 0.8


# Together


async def test_answers_go_together_where_a_group_is_full(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """What waits because of the limit comes as one message; every question has one state."""
    echo.replies["2 < 3"] = Reply(Decision.ANSWER, "*Ya* & benar. " + "Panjang. " * 200, short="*Ya* & benar.")
    async with chatting(fake, store, echo, replace(FAST, group_per_minute=2)) as chatter:
        asked = chatter.ask("a", "b", "2 < 3", "c " * 100, "d", group=GROUP)
        sent = await chatter.told()
        assert [message.text for message in sent[:2]] == ["ask: a", "ask: b"]
        (merged,) = sent[2:]
        blocks = merged.text.split("\n\n")
        assert blocks[0] == "2 < 3\nYa & benar."
        assert blocks[1].startswith("c c c")
        assert blocks[1].splitlines()[0].endswith("…")
        assert len(blocks[1].splitlines()[0]) <= 80
        assert blocks[2] == "d\nask: d"
        assert (merged.reply_to, merged.labels) == (asked[2], ())
        assert await chatter.states() == {State.ANSWERED: 3, State.MERGED: 3}


async def test_what_telegram_refuses_together_comes_one_by_one(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    async with chatting(fake, store, echo, replace(FAST, group_per_minute=1)) as chatter:
        chatter.ask("a", group=GROUP)
        assert (await fake.next_message()).text == "ask: a"
        fake.fail_next("sendMessage", 400)
        chatter.ask("b", "c", "d", group=GROUP)
        sent = [(await fake.next_message(8)).text for _ in "bcd"]
        await settled(store)
        assert sent == ["ask: b", "ask: c", "ask: d"]
        assert await chatter.states() == {State.ANSWERED: 4}


# Floods


async def test_twenty_questions_a_minute_and_one_notice(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """The rest of a flood has its own state, and another person notices nothing."""
    async with chatting(fake, store, echo, replace(FAST, flood_questions=20)) as chatter:
        chatter.ask(*map(str, range(45)))
        chatter.ask("halo", person=BUDI)
        sent = await chatter.told()
        texts = [message.text for message in sent if message.chat == ANI.id]
        assert texts == [*(f"ask: {number}" for number in range(20)), "terlalu_cepat: 20"]
        assert await chatter.states() == {State.ANSWERED: 22, State.RESTED: 25}
        fake.now = (NOW + timedelta(minutes=1)).timestamp
        chatter.ask("lagi")
        assert [message.text for message in await chatter.told()] == ["ask: lagi"]


async def test_a_flood_in_a_group(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """Only what is put to the bot counts."""
    async with chatting(fake, store, echo, replace(FAST, flood_questions=2)) as chatter:
        for _ in range(5):
            fake.says(ANI, "kata-kata", chat=GROUP)
        chatter.ask(*"abcd", group=GROUP)
        texts = [message.text for message in await chatter.told()]
        assert texts == ["ask: a", "ask: b", "terlalu_cepat: 2"]
        assert await chatter.states() == {State.NOTHING: 5, State.ANSWERED: 3, State.RESTED: 2}


# Late


async def test_late_answers_begin_with_one_apology(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """Once in each chat; what was asked after the outage is answered as always."""
    fake.now = (NOW - timedelta(minutes=11)).timestamp
    for text in "ab":
        fake.says(ANI, text)
    fake.says(BUDI, "/tanya c", chat=GROUP)
    fake.now = (NOW - timedelta(minutes=9)).timestamp
    fake.says(ANI, "d")
    async with chatting(fake, store, echo, FAST) as chatter:
        sent = [message.text for message in await chatter.told()]
    assert sorted(sent) == sorted(["terlambat: \n\nask: a", "ask: b", "terlambat: \n\nask: c", "ask: d"])


async def test_a_list_of_a_late_press_is_no_late_answer(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """A button may be pressed weeks after its message."""
    fake.now = (NOW - timedelta(days=7)).timestamp
    echo.replies["a"] = menu(1)
    async with chatting(fake, store, echo, FAST) as chatter:
        chatter.ask("a")
        offered = await fake.next_message()
        fake.presses(ANI, offered, "A")
        assert (await fake.next_message()).text == "choose: e:a"
        await asyncio.sleep(0)


async def test_a_flood_of_presses(fake: FakeTelegram, store: Store, echo: Echo) -> None:
    """Presses count like questions: what is too much in a minute is told on the button, and brings no message."""
    echo.replies["apa"] = Reply(Decision.CLARIFY, "Yang mana?", choices=(Choice("e:a", "A"),))
    echo.replies["e:a"] = Reply(Decision.DECLINE, "Lama.", notice=True)
    async with chatting(fake, store, echo, replace(FAST, flood_questions=3)) as chatter:
        chatter.ask("apa")
        offered = await fake.next_message()
        for _ in range(6):
            fake.presses(ANI, offered, "A")
        assert await chatter.told() == []
        toasts = [parameters["text"] for method, parameters in fake.calls if method == "answerCallbackQuery"]
        assert toasts.count("terlalu_cepat: 3") in {3, 4}  # with or without the question before, by its date
        assert len(toasts) == 6
