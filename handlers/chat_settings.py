"""The settings of a group, as a menu of buttons that only its admins may open and press.

Where a button leads stands in the button, so the menu survives a restart. Rights are asked of Telegram at every press.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from telegram import CallbackQuery, ChatMember, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.model import ChatSettings, Decision, GroupRules, Quiet, Reply, Zone
from handlers.context import BotContext, Chats, services, thread_of
from handlers.presses import holds
from handlers.render import Part, render
from handlers.sending import acknowledge, place_of, redraw, send, tell

PREFIX = "s:"
"""How the callback data of this menu begins; the step follows."""

STARTS, ENDS = range(17, 24), range(4, 10)
"""Hours at which quiet hours can begin and end: the evening and the morning."""

ROW = 4
"""Hours side by side; names of regions stand two by two."""

ADMINS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})

_STEP = re.compile(rf"{PREFIX}(?P<door>[a-zA-Z]?)(?::(?P<first>[^:]*))?(?::(?P<second>[^:]*))?")

Says = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Step:
    """What a button of the menu asks for: a door (a capital changes something, see ``_changed``) and what it takes."""

    door: str = ""
    first: str = ""
    second: str = ""

    @property
    def data(self) -> str:
        """The callback data.

        >>> Step("J", "21", "6").data
        's:J:21:6'
        """
        return PREFIX + ":".join((self.door, self.first, self.second)).rstrip(":")


@dataclass(frozen=True, slots=True)
class Menu:
    """What the menu is drawn from."""

    says: Says
    chats: Chats
    rules: GroupRules
    topic: tuple[str, str] | None  # (id, name) of the forum topic where the menu stands; None outside of forums
    reads_all: bool  # whether the bot gets to see what is not addressed to it


async def on_command(message: Message, context: BotContext) -> None:
    """Opens the menu for an admin."""
    work = services(context)
    _remember_topic(message, context)
    if not await by_admin(message, context.bot):
        await tell(work, place_of(message), work.assistant.message("atur_bukan_pengurus"))
        return
    await send(work, place_of(message), (draw(Step(), await _menu(message, context)),))


async def on_press(update: Update, context: BotContext) -> None:
    """Changes a setting, or shows another page of the menu, in place."""
    query = update.callback_query
    if query is None:
        return
    says, message, data = services(context).assistant.message, query.message, query.data or ""
    if not isinstance(message, Message) or not message.is_accessible or not holds(message.reply_markup, data):
        await acknowledge(query, says("tombol_kedaluwarsa"))
    elif not await _is_admin(context.bot, message.chat.id, query.from_user.id):
        await acknowledge(query, says("atur_bukan_pengurus"))
    else:
        await _take(query, step_in(data), message, context)


async def _take(query: CallbackQuery, step: Step, message: Message, context: BotContext) -> None:
    work = services(context)
    menu = await _menu(message, context)
    if step.door == "D":
        await work.assistant.chats.set_region(str(message.chat.id), step.first, work.now())
    changed = _changed(step, menu.rules.settings, menu.topic)
    if changed != menu.rules.settings:
        await work.assistant.chats.change(str(message.chat.id), changed, work.now())
    if step.door.isupper():
        rules = await work.assistant.chats.rules(str(message.chat.id))
        step, menu = Step("j" if step.door == "Z" else ""), replace(menu, rules=rules)
    await acknowledge(query)
    await redraw(work, message, draw(step, menu))


def step_in(data: str) -> Step:
    """Reads what ``Step.data`` wrote; what it did not write leads to the first page.

    >>> step_in("s:d:35"), step_in("s:")
    (Step(door='d', first='35', second=''), Step(door='', first='', second=''))
    """
    found = _STEP.fullmatch(data)
    return Step(found["door"], found["first"] or "", found["second"] or "") if found else Step()


def _changed(step: Step, settings: ChatSettings, topic: tuple[str, str] | None) -> ChatSettings:
    """The settings after a step."""
    match step:
        case Step("J", "", ""):
            return replace(settings, quiet=None)
        case Step("J", start, end):
            return replace(settings, quiet=Quiet(int(start), int(end)))
        case Step("Z", zone):
            return replace(settings, zone=Zone(zone))
        case Step("P", whole):
            return replace(settings, full=bool(whole))
        case Step("U", wanted):
            return replace(settings, unasked=bool(wanted))
        case Step("T", "*"):
            return replace(settings, topics=None)
        case Step("T", sign) if topic is not None:
            others = tuple(known for known in settings.topics or () if known[0] != topic[0])
            return replace(settings, topics=(*others, topic) if sign == "+" else others)
    return settings


# --- drawing --------------------------------------------------------------------------------------------------------


def draw(step: Step, menu: Menu) -> Part:
    """One page of the menu."""
    says, zone = menu.says, menu.rules.zone
    match step:
        case Step("d", ""):
            return _page(says("atur_pilih_provinsi"), _provinces(menu), menu)
        case Step("d", province):
            regions = menu.chats.regions_of(province)
            name = next((known.name for known in menu.chats.provinces() if known.code == province), "")
            buttons = [(region.full_name, Step("D", region.code)) for region in regions]
            return _page(says("atur_pilih_daerah", provinsi=name), _rows(buttons, 2), menu)
        case Step("j") if zone is None:
            zones = [(each.value, Step("Z", each.value)) for each in Zone]
            return _page(says("atur_pilih_zona"), _rows(zones, ROW), menu)
        case Step("j", ""):
            return _page(says("atur_jam_mulai", zona=zone), _starts(menu), menu)
        case Step("j", start):
            buttons = [(_hour(end), Step("J", start, str(end))) for end in ENDS]
            text = says("atur_jam_selesai", mulai=_hour(int(start)), zona=zone)
            return _page(text, _rows(buttons, ROW), menu)
        case Step("x"):
            return render(Reply(Decision.ANSWER, _summary(menu)))[0]
    return _first_page(menu)


def _first_page(menu: Menu) -> Part:
    says, settings = menu.says, menu.rules.settings
    buttons = [(says("tombol_atur_daerah"), Step("d")), (says("tombol_atur_jam"), Step("j"))]
    buttons += _topic_buttons(menu)
    buttons.append(
        (says("tombol_atur_ringkas"), Step("P")) if settings.full else (says("tombol_atur_lengkap"), Step("P", "1"))
    )
    if settings.unasked:
        buttons.append((says("tombol_atur_tidak_spontan"), Step("U")))
    elif menu.reads_all:
        buttons.append((says("tombol_atur_spontan"), Step("U", "1")))
    buttons.append((says("tombol_atur_selesai"), Step("x")))
    return _drawn(_summary(menu), _rows(buttons, 1))


def _topic_buttons(menu: Menu) -> list[tuple[str, Step]]:
    """What can be said of the topic where the menu stands, and the way back to all topics."""
    says, chosen = menu.says, menu.rules.settings.topics
    if menu.topic is None:
        return []
    if chosen is None:
        return [(says("tombol_atur_hanya_topik_ini"), Step("T", "+"))]
    leave, take = (says("tombol_atur_lepas_topik"), Step("T", "-")), (says("tombol_atur_tambah_topik"), Step("T", "+"))
    this = leave if menu.rules.speaks_in(menu.topic[0]) else take
    return [this, (says("tombol_atur_semua_topik"), Step("T", "*"))]


def _provinces(menu: Menu) -> list[list[InlineKeyboardButton]]:
    rows = _rows([(region.name, Step("d", region.code)) for region in menu.chats.provinces()], 2)
    forget = [(menu.says("tombol_atur_hapus_daerah"), Step("D"))] if menu.rules.region else []
    return [*rows, *_rows(forget, 1)]


def _starts(menu: Menu) -> list[list[InlineKeyboardButton]]:
    rows = _rows([(_hour(start), Step("j", str(start))) for start in STARTS], ROW)
    none = [(menu.says("tombol_atur_tanpa_jam"), Step("J"))] if menu.rules.settings.quiet else []
    return [*rows, *_rows(none, 1)]


def _summary(menu: Menu) -> str:
    """Everything that is set, a line each."""
    says, rules = menu.says, menu.rules
    settings = rules.settings
    lines = [
        says("atur_judul"),
        says("atur_daerah", isi=rules.region.full_name if rules.region else says("atur_belum")),
        says("atur_jam", isi=_hours(rules, says)),
        says("atur_jawaban", isi=says("atur_lengkap" if settings.full else "atur_ringkas")),
    ]
    if menu.topic is not None:
        named = [name for _, name in settings.topics or ()] or [says("atur_tidak_ada")]
        lines.append(says("atur_topik", isi=says("atur_semua") if settings.topics is None else ", ".join(named)))
    if settings.unasked or menu.reads_all:
        lines.append(says("atur_spontan", isi=says("atur_ya" if settings.unasked else "atur_tidak")))
    return "\n".join(lines)


def _hours(rules: GroupRules, says: Says) -> str:
    quiet = rules.settings.quiet
    if quiet is None:
        return says("atur_tidak_ada")
    return says("atur_jam_isi", mulai=_hour(quiet.start), selesai=_hour(quiet.end), zona=rules.clock_name)


def _hour(hour: int) -> str:
    return f"{hour:02}.00"


def _page(text: str, rows: Sequence[Sequence[InlineKeyboardButton]], menu: Menu) -> Part:
    return _drawn(text, [*rows, *_rows([(menu.says("tombol_atur_kembali"), Step())], 1)])


def _rows(buttons: Iterable[tuple[str, Step]], width: int) -> list[list[InlineKeyboardButton]]:
    made = [InlineKeyboardButton(label, callback_data=step.data) for label, step in buttons]
    return [made[start : start + width] for start in range(0, len(made), width)]


def _drawn(text: str, rows: Sequence[Sequence[InlineKeyboardButton]]) -> Part:
    return Part(render(Reply(Decision.CLARIFY, text))[0].html, InlineKeyboardMarkup(rows))


# --- what is known of the group -------------------------------------------------------------------------------------


async def _menu(message: Message, context: BotContext) -> Menu:
    work, chat = services(context), message.chat
    rules = await work.assistant.chats.rules(str(chat.id))
    reads_all = bool(context.bot.bot.can_read_all_group_messages)
    return Menu(
        says=work.assistant.message,
        chats=work.assistant.chats,
        rules=rules,
        topic=_topic(message, context) if chat.is_forum else None,
        reads_all=reads_all or await _is_admin(context.bot, chat.id, context.bot.id),
    )


def _topic(message: Message, context: BotContext) -> tuple[str, str]:
    """Id and name of the topic of a message; ("", "Umum") for what is in none."""
    says, thread = services(context).assistant.message, thread_of(message)
    if thread is None:
        return "", says("atur_topik_umum")
    known = (context.chat_data or {}).get(_topic_key(thread))
    return str(thread), known or says("atur_topik_tanpa_nama", nomor=str(thread))


def _remember_topic(message: Message, context: BotContext) -> None:
    """Keeps the name of a topic: only a message that answers no other one carries it, with the topic's opening."""
    opening, thread = message.reply_to_message, thread_of(message)
    if thread is None or opening is None or opening.forum_topic_created is None or context.chat_data is None:
        return
    context.chat_data[_topic_key(thread)] = opening.forum_topic_created.name


def _topic_key(thread: int) -> str:
    return f"topic {thread}"


async def by_admin(message: Message, bot: ExtBot[None]) -> bool:
    """Whether an admin wrote a message; who writes as the group itself is an anonymous one."""
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    return message.from_user is not None and await _is_admin(bot, message.chat.id, message.from_user.id)


async def _is_admin(bot: ExtBot[None], chat: int, person: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, person)
    except BadRequest:  # nobody whom the group knows
        return False
    return member.status in ADMINS
