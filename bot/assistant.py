"""What a person can do: ask, choose, set a region, be handed to staff. Orders the steps, decides nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chats import Chats
from bot.desk import Desk
from bot.dialogue.compose import Setting, entry_id
from bot.dialogue.mind import Mind
from bot.dialogue.model import (
    ADD,
    ERASE,
    FORGET,
    KEEP,
    LONGEST_ID,
    REGION,
    STAFF,
    TABLE,
    WITHDRAW,
    Context,
    QueryKind,
    RegionQuery,
    about,
    choices,
)
from bot.dialogue.pick import picked
from bot.dialogue.search import popular, search
from bot.dialogue.table import HEADINGS, filter_words, list_rows
from bot.dialogue.turn import NUMBER_LATER, Turn, cancels, current, take_choice, take_turn, topics
from bot.dialogue.volunteer import volunteers
from bot.dialogue.wording import long_date, short_date
from bot.model import Asker, Attachment, Choice, Decision, Finding, Rejection, Reply
from bot.spreadsheet import workbook
from bot.store.access import LARGEST_NUMBER
from bot.store.log import REPORT
from bot.store.store import LoggedQuestion, Memory, Store

CONTEXT_LIFE = timedelta(minutes=30)  # how long "kalau 2019?" still means the last question
WIB = timedelta(hours=7)  # the ministry's time of day decides when an answer expires
RETENTION_DAYS = 180  # how long questions are kept where nothing else is set; see privacy.retention_days
POPULAR_SINCE = timedelta(days=30)  # what was asked most in this time is what people look for now
ANSWERED = frozenset({"faq", "region", "declined"})  # kinds of turns that a person can call helpful or not
_REGION_LINK = re.compile(r"daerah-(\d{2})(\d{2})")
"""What stands after ``?start=`` to offer a region: a deep link can't hold the dot of its code."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """What is known of a person at the moment of asking."""

    asker: Asker
    now: datetime
    context: Context
    ticket: int  # number of the ticket that the next message adds to, 0 for none
    region: str | None  # on record for the person, in a group for the group
    own_region: str | None  # what "daerah saya" means: on record, or said in this conversation
    setting: Setting


class Assistant:
    """The bot without any medium.

    ``mind`` is replaced as a whole when the knowledge changes, ``rejected`` tells of a change that could not be taken
    over; ``staffed`` tells whether a staff chat is configured; ``asked`` hears what was decided on every question.
    """

    def __init__(
        self,
        mind: Mind,
        store: Store,
        *,
        staffed: bool = False,
        context_life: timedelta = CONTEXT_LIFE,
        retention_days: int = RETENTION_DAYS,
        asked: Callable[[Decision], None] = lambda _: None,
    ) -> None:
        self.mind = mind
        self.rejected: Rejection | None = None
        self._store = store
        self._staffed = staffed
        self._context_life = context_life
        self._retention_days = retention_days
        self._decided = asked
        self.desk = Desk(store, lambda: self.mind, staffed=staffed)
        self.chats = Chats(store, lambda: self.mind)

    async def ask(self, asker: Asker, text: str, now: datetime, message_id: int = 0) -> Reply:
        """Answers a typed message; ``message_id`` is what an answer by staff would quote, 0 for none."""
        visit = await self._visit(asker, now)
        if visit.ticket:
            return await self._add_to_ticket(visit, text)
        kind, _, question_id = (picked(text, visit.context, self.mind) or "").partition(":")
        if kind == STAFF:
            return await self._hand_off(asker, question_id, now, message_id)
        if kind == ERASE and not asker.group:
            return await self._forget(asker)
        start = time.perf_counter()
        turn = take_turn(text, visit.context, self.mind, visit.setting, visit.own_region)
        took = (time.perf_counter() - start) * 1000
        return replace(await self._keep(visit, turn, text), ms=took, ratable=_ratable(turn))

    async def volunteer(self, asker: Asker, text: str, now: datetime) -> Reply | None:
        """Answers what nobody put to the bot, where it is a question with a very sure answer; None otherwise.

        It is read without what was said before, and without anybody's region.
        """
        if not volunteers(text, self.mind):
            return None
        visit = await self._visit(asker, now)
        turn = take_turn(text, Context(), self.mind, visit.setting, None)
        if turn.reply.decision is not Decision.ANSWER:
            return None
        return replace(await self._keep(visit, turn, text), ratable=_ratable(turn))

    async def choose(self, asker: Asker, choice: str, now: datetime, message_id: int = 0) -> Reply:
        """Answers a pressed button; ``choice`` is its id, which may be old or forged."""
        if len(choice) > LONGEST_ID:
            choice = ""  # no button of ours, and perhaps made to be costly
        kind, _, number = choice.partition(":")
        if kind == STAFF:
            return await self._hand_off(asker, number, now, message_id)
        if kind in {ADD, WITHDRAW}:
            return await self._change_ticket(asker, kind, number, now)
        if choice == ERASE and not asker.group:
            return await self._forget(asker)
        visit = await self._visit(asker, now)
        turn = take_choice(choice, visit.context, self.mind, visit.setting)
        answered = turn.kind != "declined" or bool(turn.reply.entries)  # "Bukan ini semua" leads to no answer
        return replace(await self._keep(visit, turn, choice), ratable=answered and _ratable(turn))

    async def welcome(self, asker: Asker, now: datetime, payload: str = "") -> Reply:
        """Greets; asks for the region, or shows at once what is known of the one that is set.

        ``payload`` is what a deep link brings along: the id of an entry opens it, "daerah-3524" offers to remember that
        region. Any other is ignored.
        """
        visit = await self._visit(asker, now)
        linked = await self._linked(visit, payload)
        if linked is not None:
            return linked
        hello = self.mind.says("mulai")
        if visit.region is None and asker.group:  # nobody is asked in public where they come from
            return await self._keep(visit, Turn(Reply(Decision.ANSWER, hello), visit.context, "choice"), "/start")
        if visit.region is None:
            question = self.mind.says("mulai_tanya_daerah")
            waiting = RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode()
            turn = Turn(Reply(Decision.CLARIFY, f"{hello}\n\n{question}"), Context(pending=waiting), "choice")
            return await self._keep(visit, turn, "/start")
        turn = self._region_card(visit)
        return await self._keep(visit, replace(turn, reply=_after(hello, turn.reply)), "/start")

    async def _linked(self, visit: _Visit, payload: str) -> Reply | None:
        """What a deep link opens; None where it means nothing (any more)."""
        if payload in self.mind.knowledge.entries:
            turn = take_choice(entry_id(payload), visit.context, self.mind, visit.setting)
            return replace(await self._keep(visit, turn, f"/start {payload}"), ratable=_ratable(turn))
        link = _REGION_LINK.fullmatch(payload)
        region = self.mind.knowledge.regions.get(f"{link[1]}.{link[2]}") if link else None
        if region is None or visit.asker.group:
            return None
        name = region.full_name
        offer = choices([(f"{REGION}:{region.code}", self.mind.says("daerah_tawaran_ya", daerah=name))])
        said = f"{self.mind.says('mulai')}\n\n{self.mind.says('mulai_tawaran_daerah', daerah=name)}"
        return await self._keep(visit, _offering(Reply(Decision.CLARIFY, said, choices=offer), visit), "/start")

    async def region(self, asker: Asker, text: str, now: datetime) -> Reply:
        """Shows the region that is set, or sets the one that is named.

        In a group it is for the caller to make sure that an admin names one.
        """
        visit = await self._visit(asker, now, in_charge=True)
        if not text.strip():
            if visit.region is None:
                key = "daerah_grup_belum" if asker.group else "daerah_belum"
                waiting = RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode()
                after = Context(pending=waiting, region=visit.context.region)
                turn = Turn(Reply(Decision.CLARIFY, self.mind.says(key)), after, "choice")
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
            return replace(await self.ask(asker, f"daftar peserta {text.strip()}", now), ratable=False)
        visit = await self._visit(asker, now)
        queries = ((year, RegionQuery(QueryKind.LIST, years=(year,))) for year in self.mind.table.years)
        offered = choices((f"{TABLE}:{query.encode()}", str(year)) for year, query in queries)
        reply = Reply(Decision.CLARIFY, self.mind.says("angkatan_pilih"), choices=offered)
        return await self._keep(visit, _offering(reply, visit), "/angkatan")

    async def search(self, text: str, now: datetime, most: int) -> tuple[Finding, ...]:
        """What fits a text that somebody is typing in another chat, best first; "" finds what is asked most.

        At most ``most`` findings. Nothing is logged or remembered, and nobody's region is looked up.
        """
        setting = Setting((now + WIB).date(), group=True)
        if text.strip():
            return search(text, self.mind, setting, most)
        asked = await self._store.most_asked(now - POPULAR_SINCE, most)
        return popular(asked, self.mind, setting, most)

    async def rate(self, question_id: int, value: int, now: datetime) -> bool:
        """Notes whether an answer helped (1) or not (-1); False where its question is no longer in the log."""
        return 0 < question_id <= LARGEST_NUMBER and await self._store.rate(question_id, value, now)

    async def asked(self, question_id: int) -> str | None:
        """The masked words of a question in the log; None where it is gone, or was a pressed button."""
        known = 0 < question_id <= LARGEST_NUMBER
        return await self._store.question(question_id, typed=True) if known else None

    async def privacy(self, asker: Asker, now: datetime) -> Reply:
        """Tells what is kept of a person, and for how long."""
        visit = await self._visit(asker, now)
        known = self.mind.knowledge.regions.get(visit.region or "")
        said = self.mind.says(
            "privasi",
            daerah=known.full_name if known else self.mind.says("privasi_daerah_belum"),
            menit=self._context_life // timedelta(minutes=1),
            hari=self._retention_days,
        )
        return Reply(Decision.ANSWER, said)

    async def offer_to_forget(self, asker: Asker, now: datetime) -> Reply:
        """Asks whether everything kept of a person shall really be deleted."""
        visit = await self._visit(asker, now)
        offered = choices([(ERASE, self.mind.says("hapus_ya")), (KEEP, self.mind.says("hapus_tidak"))])
        reply = Reply(Decision.CLARIFY, self.mind.says("hapus_tanya"), choices=offered)
        return await self._keep(visit, _offering(reply, visit), "/hapus_data")

    async def _forget(self, asker: Asker) -> Reply:
        """Deletes everything kept of a person; nothing of this turn is kept either."""
        await self._store.forget(asker.person)
        return Reply(Decision.ANSWER, self.mind.says("hapus_selesai"), traceless=True)

    def topics(self, topic: str = "") -> Reply:
        """The shelves of the FAQ."""
        return topics(topic, self.mind)

    def help(self) -> Reply:
        """How to use the bot."""
        return Reply(Decision.ANSWER, self.mind.says("bantuan"))

    def about(self) -> Reply:
        """Who stands behind the bot, and how fresh its knowledge is."""
        knowledge = self.mind.knowledge
        said = self.mind.says(
            "tentang",
            jumlah_entri=len(knowledge.entries),
            tanggal=long_date(knowledge.checked),
            versi=knowledge.version,
        )
        if self.rejected is not None:
            since, number = self.rejected.since + WIB, len(self.rejected.problems)
            when = f"{short_date(since)} {since:%H.%M} WIB"
            said += "\n\n" + self.mind.says("tentang_ditolak", jumlah=number, waktu=when)
        return Reply(Decision.ANSWER, said)

    def message(self, key: str, **values: str) -> str:
        """A sentence of ``pesan.yaml``."""
        return self.mind.says(key, **values)

    async def _visit(self, asker: Asker, now: datetime, *, in_charge: bool = False) -> _Visit:
        memory: Memory = await self._store.recall(asker, now, self._context_life)
        context = current(Context.from_json(memory.context), self.mind)
        regions = self.mind.knowledge.regions
        kept = memory.chat_region if asker.group else memory.person_region
        stored = kept if kept in regions else None
        said = context.region or None  # a member speaks of another region than the group's only on purpose
        own = (said or stored) if asker.group else (stored or said)
        setting = Setting((now + WIB).date(), asker.group, self._staffed, in_charge)
        return _Visit(asker, now, replace(context, ticket=0), context.ticket, stored, own, setting)

    async def _keep(self, visit: _Visit, turn: Turn, text: str) -> Reply:
        """Stores what the turn changes and completes the reply with its number."""
        asker, mind = visit.asker, self.mind  # the one that answered: another may take its place while we store
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
            knowledge_version=mind.knowledge.version,
            group=asker.group,
            kind=turn.kind,
            picked=turn.picked or text.startswith("/"),
        )
        number = await self._store.record(
            asker, visit.now, logged, lambda new: turn.context.about(new, asked=turn.asks).to_json()
        )
        actions, choices = (
            tuple(replace(c, id=about(c.id, number)) for c in offered) for offered in (reply.actions, reply.choices)
        )
        self._decided(reply.decision)
        if turn.rejected:
            rejected = _number(turn.rejected)
            await self._store.reject(rejected, visit.now, answered=rejected == visit.context.question)
        done = replace(reply, question_id=number, actions=actions, choices=choices)
        return await self._with_report(visit, turn, _with_file(turn, done, mind))

    async def _with_report(self, visit: _Visit, turn: Turn, reply: Reply) -> Reply:
        """Brings reported data to staff and tells the person its number."""
        if not turn.reported:
            return reply
        ticket, for_staff = await self.desk.report(visit.asker, turn.reported, visit.now)
        text = reply.text.replace(NUMBER_LATER, str(ticket.number))
        return replace(reply, text=text, ticket=ticket if for_staff else None, for_staff=for_staff)

    def _region_card(self, visit: _Visit) -> Turn:
        """The region that is set, what is known of it, and a way to forget it."""
        code = visit.region or ""
        query = RegionQuery(QueryKind.MEMBERSHIP, regions=(code,))
        turn = take_choice(f"{TABLE}:{query.encode()}", visit.context, self.mind, visit.setting)
        key = "daerah_grup_kini" if visit.asker.group else "daerah_kini"
        said = self.mind.says(key, daerah=self.mind.knowledge.regions[code].full_name)
        forget = Choice(FORGET, self.mind.says("daerah_hapus"))
        waiting = RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode()
        reply = replace(_after(said, turn.reply), actions=() if visit.asker.group else (forget,))
        return replace(turn, reply=reply, context=replace(turn.context, pending=waiting))

    async def _hand_off(self, asker: Asker, question_id: str, now: datetime, message_id: int) -> Reply:
        """Brings the masked question of the log to the desk."""
        text = await self._store.question(_number(question_id))
        reply = await self.desk.hand_off(asker, text, now, message_id)
        return reply if text is None else replace(reply, question_id=_number(question_id))

    async def _change_ticket(self, asker: Asker, kind: str, number: str, now: datetime) -> Reply:
        """Takes a ticket back, or asks what shall be added to it; the next message is that."""
        if kind == WITHDRAW:
            return await self.desk.withdraw(asker, _number(number), now)
        reply = await self.desk.may_add(asker, _number(number))
        if reply.decision is not Decision.CLARIFY:
            return reply
        visit = await self._visit(asker, now)
        turn = Turn(reply, replace(visit.context, ticket=_number(number)), "choice", picked=True)
        return await self._keep(visit, turn, f"{kind}:{number}")

    async def _add_to_ticket(self, visit: _Visit, text: str) -> Reply:
        """Adds a message to the ticket that its asker wanted to add to, unless they have thought better of it."""
        if cancels(text):
            reply = Reply(Decision.ANSWER, self.mind.says("tiket_tambah_batal"))
        else:
            reply = await self.desk.add(visit.asker, visit.ticket, text)
        return await self._keep(visit, Turn(reply, visit.context, REPORT), text)


def _number(text: str) -> int:
    """A number that the store can know, 0 for anything else."""
    return int(text) if text.isdecimal() and int(text) <= LARGEST_NUMBER else 0


def _ratable(turn: Turn) -> bool:
    """Whether a turn ends in an answer or an honest "don't know", instead of a question back or a receipt."""
    reply = turn.reply
    told = reply.decision is not Decision.CLARIFY and not reply.choices and not reply.notice
    return told and turn.kind in ANSWERED and turn.remember is None


def _offering(reply: Reply, visit: _Visit) -> Turn:
    """A turn that only offers choices, which a digit may pick as well."""
    return Turn(reply, replace(visit.context, choices=tuple((c.id, c.label) for c in reply.choices)), "choice")


def _with_file(turn: Turn, reply: Reply, mind: Mind) -> Reply:
    """Adds the list as an Excel file where it was asked for."""
    if turn.sheet is None:
        return reply
    title = f"peserta {filter_words(turn.sheet, mind)}"
    content = workbook("Peserta", HEADINGS, list_rows(turn.sheet, mind))
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    return replace(reply, file=Attachment(f"{name}.xlsx", content))


def _after(first: str, reply: Reply) -> Reply:
    return replace(reply, text=f"{first}\n\n{reply.text}")
