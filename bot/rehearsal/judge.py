"""Whether a reply is what its test question expects, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.model import NONE
from bot.model import Decision, RehearsalTurn, Reply

DOING = {Decision.ANSWER: "menjawab", Decision.CLARIFY: "bertanya balik", Decision.DECLINE: "menolak"}

TABLE, ASKED_BACK, DECLINED, WRONG_TEXT = "(tabel)", "(tanya balik)", "(ditolak)", "(isi keliru)"
"""What stands in figures where no entry can: an answer without entry, no answer, the right entry's wrong text."""


class Verdict(StrEnum):
    """What a person got; a reply is direct where it tells an entry or a table row without asking back."""

    ANSWERED_RIGHT = "dijawab benar"
    ANSWERED_WRONG = "dijawab salah"
    ASKED_RIGHT = "tanya balik, pilihan yang benar ada"
    ASKED_WRONG = "tanya balik, pilihan yang benar tidak ada"
    DECLINED_RIGHT = "ditolak dengan benar"
    DECLINED_WRONG = "ditolak, seharusnya dijawab"


@dataclass(frozen=True, slots=True)
class Result:
    """One test question with its reply; ``conversation`` counts the rehearsals from 1."""

    turn: RehearsalTurn
    reply: Reply
    reason: str  # why it failed, "" where it passed
    conversation: int = 0
    in_dialogue: bool = False

    @property
    def passed(self) -> bool:
        """Tells whether the reply is as expected."""
        return not self.reason

    @property
    def as_foreseen(self) -> bool:
        """Tells whether nobody needs to look: it passed, or failed and is known to."""
        return self.passed != bool(self.turn.known_failure)

    @property
    def direct(self) -> bool:
        """Tells whether the person was told something of the knowledge; an honest "belum ada data" is."""
        answered = self.reply.decision is Decision.ANSWER
        return answered or (self.reply.decision is Decision.DECLINE and bool(self.reply.entries))

    @property
    def told(self) -> tuple[str, ...]:
        """The entries that were told, not only offered."""
        return self.reply.entries if self.direct else ()

    @property
    def verdict(self) -> Verdict:
        """What the person got."""
        if self.direct:
            return Verdict.ANSWERED_RIGHT if self.passed else Verdict.ANSWERED_WRONG
        if self.reply.decision is Decision.CLARIFY:
            right = self.passed or _offers_the_right_one(self.turn, self.reply)
            return Verdict.ASKED_RIGHT if right else Verdict.ASKED_WRONG
        return Verdict.DECLINED_RIGHT if self.passed else Verdict.DECLINED_WRONG

    @property
    def expected(self) -> str:
        """The entry that was asked for (of several, the one told), or what stands for it."""
        if self.turn.must:
            return next((entry for entry in self.reply.entries if entry in self.turn.must), self.turn.must[0])
        alone = self.turn.decisions[0] if len(self.turn.decisions) == 1 else Decision.ANSWER
        return {Decision.CLARIFY: ASKED_BACK, Decision.DECLINE: DECLINED}.get(alone, TABLE)

    @property
    def got(self) -> str:
        """The entry that was told, or what stands for it; equal to ``expected`` only where the reply passed."""
        instead = self._told_instead()
        return WRONG_TEXT if instead == self.expected and not self.passed else instead

    def _told_instead(self) -> str:
        if self.passed or self.expected in self.told:
            return self.expected
        if self.direct:
            return next(iter(self.told), TABLE)
        return ASKED_BACK if self.reply.decision is Decision.CLARIFY else DECLINED


def expects(turn: RehearsalTurn) -> bool:
    """Tells whether anything can make the turn fail; some only prepare the next one."""
    return bool(turn.must or turn.contains or turn.not_contains or turn.decisions or turn.options)


def judge(turn: RehearsalTurn, reply: Reply) -> str:
    """Why a reply is not what is expected, in Bahasa Indonesia; "" where it is.

    Without decisions of its own, a turn that names entries accepts any reply that does not ask back (an entry without
    data declines), one that names options must ask back, and one that only names texts leaves the decision open.

    >>> judge(RehearsalTurn("syaratnya apa", must=("syarat-seleksi",)), Reply(Decision.DECLINE, "Maaf"))
    'menolak, seharusnya syarat-seleksi'
    """
    accepted = turn.decisions or _usual(turn)
    if reply.decision not in accepted:
        wanted = turn.must or tuple(DOING[decision] for decision in accepted)
        return f"{did(reply)}, seharusnya {' atau '.join(wanted)}"
    if turn.must and not set(turn.must) & set(reply.entries):
        return f"{did(reply)}, seharusnya {' atau '.join(turn.must)}"
    text = _flat(as_read(reply))
    if missing := [part for part in turn.contains if _flat(part) not in text]:
        return f"{did(reply)}, tanpa {_quoted(missing)}"
    if forbidden := [part for part in turn.not_contains if _flat(part) in text]:
        return f"{did(reply)}, memuat {_quoted(forbidden)}"
    if absent := [label for label in turn.options if not offers(reply, label)]:
        return f"{did(reply)}, tanpa pilihan {_quoted(absent)}"
    return ""


def as_read(reply: Reply) -> str:
    """The whole text of a reply as a person reads it, without the marks of bold text and without its choices."""
    return "\n\n".join(part.replace("*", "") for part in (reply.text, reply.quote, reply.footer) if part)


def offers(reply: Reply, label: str) -> bool:
    """Tells whether a choice has this label; a province added in brackets, to tell twins apart, may be left out.

    >>> from bot.model import Choice
    >>> offers(Reply(Decision.CLARIFY, "Yang mana?", (Choice("w:1", "Kota Tegal (Jawa Tengah)"),)), "kota tegal")
    True
    """
    wanted = _flat(label)
    found = (_flat(choice.label) for choice in reply.choices)
    return any(given == wanted or given.startswith(f"{wanted} (") for given in found)


def _usual(turn: RehearsalTurn) -> tuple[Decision, ...]:
    if turn.must:
        return (Decision.ANSWER, Decision.DECLINE)
    return (Decision.CLARIFY,) if turn.options else tuple(Decision)


def _offers_the_right_one(turn: RehearsalTurn, reply: Reply) -> bool:
    named = any(offers(reply, label) for label in (*turn.options, *turn.contains))
    return named or bool(set(turn.must) & set(reply.entries))


def did(reply: Reply) -> str:
    """What a reply does, in words: with which entries it answers, or between which choices it asks back.

    >>> did(Reply(Decision.ANSWER, "…", entries=("syarat-seleksi",)))
    'menjawab dengan syarat-seleksi'
    """
    if reply.decision is Decision.CLARIFY:
        labels = " | ".join(choice.label for choice in reply.choices if choice.id.partition(":")[0] != NONE)
        return f"bertanya balik ({labels})" if labels else "bertanya balik"
    done = DOING[reply.decision]
    if reply.entries:
        return f"{done} dengan {', '.join(reply.entries)}"
    return f"{done} tanpa entri" if reply.decision is Decision.ANSWER else done


def _quoted(parts: list[str]) -> str:
    return ", ".join(f'"{part}"' for part in parts)


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())
