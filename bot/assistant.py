"""What a person can do: ask, choose, set a region, be handed to staff. Orders the steps, decides nothing."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.dialogue.compose import Setting
from bot.dialogue.mind import Mind
from bot.dialogue.model import FORGET, LONGEST_ID, STAFF, TABLE, Context, QueryKind, RegionQuery, about
from bot.dialogue.pick import picked
from bot.dialogue.table import HEADINGS, filter_words, list_rows
from bot.dialogue.turn import NUMBER_LATER, Turn, take_choice, take_turn, topics
from bot.dialogue.wording import long_date
from bot.model import Asker, Attachment, Choice, Decision, Reply, Ticket
from bot.spreadsheet import workbook
from bot.store.store import LoggedQuestion, Memory, Store

CONTEXT_LIFE = timedelta(minutes=30)  # how long "kalau 2019?" still means the last question
LARGEST_NUMBER = 2**31 - 1  # that an id in the store can have in any database
WIB = timedelta(hours=7)  # the ministry's time of day decides when an answer expires


@dataclass(frozen=True, slots=True)
class _Visit:
    """What is known of a person at the moment of asking."""

    asker: Asker
    now: datetime
    context: Context
    own_region: str | None
    setting: Setting


class Assistant:
    """The bot without any medium.

    ``mind`` is replaced as a whole when the knowledge changes; ``staffed`` tells whether a staff chat is configured.
    """

    def __init__(
        self, mind: Mind, store: Store, *, staffed: bool = False, context_life: timedelta = CONTEXT_LIFE
    ) -> None:
        self.mind = mind
        self._store = store
        self._staffed = staffed
        self._context_life = context_life

    async def ask(self, asker: Asker, text: str, now: datetime, message_id: int = 0) -> Reply:
        """Answers a typed message; ``message_id`` is what an answer by staff would quote, 0 for none."""
        visit = await self._visit(asker, now)
        kind, _, question_id = (picked(text, visit.context, self.mind) or "").partition(":")
        if kind == STAFF:
            return await self._hand_off(asker, question_id, now, message_id)
        start = time.perf_counter()
        turn = take_turn(text, visit.context, self.mind, visit.setting, visit.own_region)
        took = (time.perf_counter() - start) * 1000
        return replace(await self._keep(visit, turn, text), ms=took)

    async def choose(self, asker: Asker, choice: str, now: datetime, message_id: int = 0) -> Reply:
        """Answers a pressed button; ``choice`` is its id, which may be old or forged."""
        if len(choice) > LONGEST_ID:
            choice = ""  # no button of ours, and perhaps made to be costly
        if choice.partition(":")[0] == STAFF:
            return await self._hand_off(asker, choice.partition(":")[2], now, message_id)
        visit = await self._visit(asker, now)
        turn = take_choice(choice, visit.context, self.mind, visit.setting)
        return await self._keep(visit, turn, choice)

    async def welcome(self, asker: Asker, now: datetime) -> Reply:
        """Greets; asks for the region, or shows at once what is known of the one that is set."""
        visit = await self._visit(asker, now)
        hello = self.mind.says("mulai")
        if visit.own_region is None:
            question = self.mind.says("mulai_tanya_daerah")
            waiting = RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode()
            turn = Turn(Reply(Decision.CLARIFY, f"{hello}\n\n{question}"), Context(pending=waiting), "choice")
            return await self._keep(visit, turn, "/start")
        turn = self._region_card(visit)
        return await self._keep(visit, replace(turn, reply=_after(hello, turn.reply)), "/start")

    async def region(self, asker: Asker, text: str, now: datetime) -> Reply:
        """Shows the region that is set, or sets the one that is named."""
        visit = await self._visit(asker, now)
        if not text.strip():
            if visit.own_region is None:
                key = "daerah_grup_belum" if asker.group else "daerah_belum"
                waiting = RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode()
                turn = Turn(Reply(Decision.CLARIFY, self.mind.says(key)), Context(pending=waiting), "choice")
            else:
                turn = self._region_card(visit)
            return await self._keep(visit, turn, "/daerah")
        asked = Context(pending=RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode())
        turn = take_turn(text, asked, self.mind, visit.setting, visit.own_region)
        if turn.kind != "region":
            turn = Turn(Reply(Decision.DECLINE, self.mind.says("daerah_tak_dikenal")), visit.context, "choice")
        return await self._keep(visit, turn, text)

    async def cohorts(self, asker: Asker, text: str, now: datetime) -> Reply:
        """Shows the participants of the year named, or the years to choose from."""
        if text.strip():
            return await self.ask(asker, f"daftar peserta {text.strip()}", now)
        visit = await self._visit(asker, now)
        queries = ((year, RegionQuery(QueryKind.LIST, years=(year,))) for year in self.mind.table.years)
        choices = tuple(Choice(f"{TABLE}:{query.encode()}", str(year)) for year, query in queries)
        reply = Reply(Decision.CLARIFY, self.mind.says("angkatan_pilih"), choices=choices)
        context = replace(visit.context, choices=tuple((c.id, c.label) for c in choices))
        return await self._keep(visit, Turn(reply, context, "choice"), "/angkatan")

    def topics(self, topic: str = "") -> Reply:
        """The shelves of the FAQ."""
        return topics(topic, self.mind)

    def help(self) -> Reply:
        """How to use the bot."""
        return Reply(Decision.ANSWER, self.mind.says("bantuan"))

    def about(self) -> Reply:
        """Who stands behind the bot, and how fresh its knowledge is."""
        knowledge = self.mind.knowledge
        return Reply(
            Decision.ANSWER,
            self.mind.says(
                "tentang",
                jumlah_entri=len(knowledge.entries),
                tanggal=long_date(knowledge.checked),
                versi=knowledge.version,
            ),
        )

    def message(self, key: str, **values: str) -> str:
        """A sentence of ``pesan.yaml``."""
        return self.mind.says(key, **values)

    async def bind_ticket(self, ticket: Ticket, staff_chat: str, staff_message_id: int) -> None:
        """Remembers under which message staff were told of a ticket."""
        await self._store.bind_ticket(ticket.number, staff_chat, staff_message_id)

    async def ticket_for(self, staff_chat: str, staff_message_id: int) -> Ticket | None:
        """The ticket that a message in the staff chat is about."""
        return await self._store.ticket_for(staff_chat, staff_message_id)

    async def close_ticket(self, ticket: Ticket, now: datetime) -> None:
        """Marks a ticket as answered."""
        await self._store.close_ticket(ticket.number, now)

    async def _visit(self, asker: Asker, now: datetime) -> _Visit:
        memory: Memory = await self._store.recall(asker, now, self._context_life)
        context = Context.from_json(memory.context)
        stored = memory.chat_region if asker.group else memory.person_region
        known = next((code for code in (stored, context.region) if code in self.mind.knowledge.regions), None)
        setting = Setting((now + WIB).date(), asker.group, self._staffed)
        return _Visit(asker, now, context, known, setting)

    async def _keep(self, visit: _Visit, turn: Turn, text: str) -> Reply:
        """Stores what the turn changes and completes the reply with its number."""
        asker = visit.asker
        if turn.remember is not None:
            code = turn.remember or None
            if asker.group:
                await self._store.set_chat_region(asker.chat, code, visit.now)
            else:
                await self._store.set_person_region(asker.person, code, visit.now)
        reply = turn.reply
        logged = LoggedQuestion(
            text=text.encode(errors="replace").decode(),  # half a surrogate pair cannot be stored
            decision=reply.decision.value,
            entries=reply.entries,
            score=reply.score,
            knowledge_version=self.mind.knowledge.version,
            group=asker.group,
            kind=turn.kind,
        )
        number = await self._store.record(asker, visit.now, logged, lambda new: turn.context.about(new).to_json())
        actions, choices = (
            tuple(replace(c, id=about(c.id, number)) for c in offered) for offered in (reply.actions, reply.choices)
        )
        done = replace(reply, question_id=number, actions=actions, choices=choices)
        return await self._with_report(visit, turn, self._with_file(turn, done))

    def _with_file(self, turn: Turn, reply: Reply) -> Reply:
        """Adds the list as an Excel file where it was asked for."""
        if turn.sheet is None:
            return reply
        title = f"peserta {filter_words(turn.sheet, self.mind)}"
        content = workbook("Peserta", HEADINGS, list_rows(turn.sheet, self.mind))
        name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
        return replace(reply, file=Attachment(f"{name}.xlsx", content))

    async def _with_report(self, visit: _Visit, turn: Turn, reply: Reply) -> Reply:
        """Brings reported data to staff and tells the person its number."""
        if not turn.reported:
            return reply
        ticket = await self._store.open_ticket(visit.asker, visit.now, turn.reported, kind="data")
        text = reply.text.replace(NUMBER_LATER, str(ticket.number))
        return replace(reply, text=text, ticket=ticket if self._staffed else None)

    def _region_card(self, visit: _Visit) -> Turn:
        """The region that is set, what is known of it, and a way to forget it."""
        code = visit.own_region or ""
        query = RegionQuery(QueryKind.MEMBERSHIP, regions=(code,))
        turn = take_choice(f"{TABLE}:{query.encode()}", visit.context, self.mind, visit.setting)
        key = "daerah_grup_kini" if visit.asker.group else "daerah_kini"
        said = self.mind.says(key, daerah=self.mind.knowledge.regions[code].full_name)
        forget = Choice(FORGET, self.mind.says("daerah_hapus"))
        waiting = RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode()
        reply = replace(_after(said, turn.reply), actions=(forget,))
        return replace(turn, reply=reply, context=replace(turn.context, pending=waiting))

    async def _hand_off(self, asker: Asker, question_id: str, now: datetime, message_id: int) -> Reply:
        """Opens a ticket with the masked question of the log."""
        if not self._staffed:
            return Reply(Decision.DECLINE, self.mind.says("tiket_tidak_tersedia"))
        known = question_id.isdecimal() and int(question_id) <= LARGEST_NUMBER
        text = await self._store.question(int(question_id)) if known else None
        if text is None:
            return Reply(Decision.DECLINE, self.mind.says("tiket_tanpa_pertanyaan"))
        same = (t for t in await self._store.open_tickets() if (t.asker, t.question) == (asker, text))
        ticket = next(same, None) or await self._store.open_ticket(asker, now, text, message_id=message_id or None)
        said = self.mind.says("tiket_dibuka", nomor=str(ticket.number))
        untold = ticket if ticket.staff_message_id is None else None  # a second press tells staff nothing new
        return Reply(Decision.ANSWER, said, ticket=untold, question_id=int(question_id))


def _after(first: str, reply: Reply) -> Reply:
    return replace(reply, text=f"{first}\n\n{reply.text}")
