"""When a reply is as expected, and what staff read when it isn't."""

import pytest

from bot.model import Choice, Decision, RehearsalTurn, Reply
from bot.rehearsal.judge import ASKED_BACK, DECLINED, TABLE, WRONG_TEXT, Result, Verdict, as_read, expects, judge

TOLD = Reply(Decision.ANSWER, "Tahun *2018*.", entries=("tahun",), quote="Pasal 1", footer="Sumber: portal")
HONEST = Reply(Decision.DECLINE, "Belum ada data resmi.", entries=("biaya",))
TABLE_ROW = Reply(Decision.ANSWER, "Kabupaten\nLamongan ikut 2018.")
REFUSED = Reply(Decision.DECLINE, "Maaf, bukan topik saya.")
OFFERED = Reply(
    Decision.CLARIFY,
    "Yang mana maksud Anda?",
    choices=(
        Choice("e:tahun", "Tahun mulai"),
        Choice("w:x", "Kota Tegal (Jawa Tengah)"),
        Choice("x:7", "Bukan ini semua"),
    ),
    entries=("tahun",),
)
PLAIN_QUESTION = Reply(Decision.CLARIFY, "Daerah mana?")


def turn(**expected):
    return RehearsalTurn("…", **expected)


PASSES = {
    "the entry is told": (turn(must=("tahun",)), TOLD),
    "one of the entries is told": (turn(must=("biaya", "tahun")), TOLD),
    "an entry without data declines": (turn(must=("biaya",)), HONEST),
    "text in any case": (turn(contains=("tahun 2018",)), TOLD),
    "text across bold marks": (turn(contains=("Tahun 2018.",)), TOLD),
    "text across a line break": (turn(contains=("Kabupaten Lamongan",)), TABLE_ROW),
    "text in the quote and the footer": (turn(contains=("Pasal 1", "portal")), TOLD),
    "text that is absent": (turn(not_contains=("2019",)), TOLD),
    "decision that is accepted": (turn(decisions=(Decision.DECLINE, Decision.CLARIFY)), REFUSED),
    "entry offered where asking back is accepted": (turn(must=("tahun",), decisions=(Decision.CLARIFY,)), OFFERED),
    "choice": (turn(options=("Tahun mulai",)), OFFERED),
    "choice with its province left out": (turn(options=("Kota Tegal",)), OFFERED),
    "text alone leaves the decision open": (turn(contains=("maksud",)), OFFERED),
    "nothing is expected": (turn(), REFUSED),
}


@pytest.mark.parametrize(("expected", "reply"), PASSES.values(), ids=PASSES)
def test_reply_as_expected_passes(expected, reply):
    assert judge(expected, reply) == ""


OPTIONS = "Tahun mulai | Kota Tegal (Jawa Tengah)"
FAILS = {
    "another entry": (turn(must=("biaya",)), TOLD, "menjawab dengan tahun, seharusnya biaya"),
    "another honest entry": (turn(must=("tahun",)), HONEST, "menolak dengan biaya, seharusnya tahun"),
    "table instead of an entry": (turn(must=("a", "b")), TABLE_ROW, "menjawab tanpa entri, seharusnya a atau b"),
    "declined": (turn(must=("tahun",)), REFUSED, "menolak, seharusnya tahun"),
    "right entry only offered": (turn(must=("tahun",)), OFFERED, f"bertanya balik ({OPTIONS}), seharusnya tahun"),
    "asked without options": (
        turn(decisions=(Decision.ANSWER, Decision.DECLINE)),
        PLAIN_QUESTION,
        "bertanya balik, seharusnya menjawab atau menolak",
    ),
    "other entry offered": (
        turn(must=("biaya",), decisions=(Decision.CLARIFY,)),
        OFFERED,
        f"bertanya balik ({OPTIONS}), seharusnya biaya",
    ),
    "answered instead of asking back": (
        turn(options=("Kota Tegal",)),
        TOLD,
        "menjawab dengan tahun, seharusnya bertanya balik",
    ),
    "text missing": (turn(contains=("2018", "2019")), TOLD, 'menjawab dengan tahun, tanpa "2019"'),
    "text forbidden": (turn(not_contains=("lamongan",)), TABLE_ROW, 'menjawab tanpa entri, memuat "lamongan"'),
    "choice missing": (turn(options=("Kota",)), OFFERED, f'bertanya balik ({OPTIONS}), tanpa pilihan "Kota"'),
}


@pytest.mark.parametrize(("expected", "reply", "reason"), FAILS.values(), ids=FAILS)
def test_reply_not_as_expected_tells_why(expected, reply, reason):
    assert judge(expected, reply) == reason


def result(expected, reply):
    return Result(expected, reply, judge(expected, reply))


VERDICTS = {
    "entry": (turn(must=("tahun",)), TOLD, Verdict.ANSWERED_RIGHT),
    "honest entry": (turn(must=("biaya",)), HONEST, Verdict.ANSWERED_RIGHT),
    "wrong entry": (turn(must=("biaya",)), TOLD, Verdict.ANSWERED_WRONG),
    "answer to what should be declined": (turn(decisions=(Decision.DECLINE,)), TABLE_ROW, Verdict.ANSWERED_WRONG),
    "asking back as expected": (turn(decisions=(Decision.CLARIFY,)), PLAIN_QUESTION, Verdict.ASKED_RIGHT),
    "right entry among the options": (turn(must=("tahun",)), OFFERED, Verdict.ASKED_RIGHT),
    "right region among the options": (turn(contains=("Kota Tegal", "2022")), OFFERED, Verdict.ASKED_RIGHT),
    "right entry not among the options": (turn(must=("biaya",)), OFFERED, Verdict.ASKED_WRONG),
    "declined as expected": (turn(decisions=(Decision.DECLINE,)), REFUSED, Verdict.DECLINED_RIGHT),
    "declined without need": (turn(must=("tahun",)), REFUSED, Verdict.DECLINED_WRONG),
}


@pytest.mark.parametrize(("expected", "reply", "verdict"), VERDICTS.values(), ids=VERDICTS)
def test_verdict_says_what_the_person_got(expected, reply, verdict):
    assert result(expected, reply).verdict is verdict


PAIRS = {
    "right": (turn(must=("x", "tahun")), TOLD, ("tahun", "tahun")),
    "wrong entry": (turn(must=("biaya", "x")), TOLD, ("biaya", "tahun")),
    "table for an entry": (turn(must=("biaya",)), TABLE_ROW, ("biaya", TABLE)),
    "asked back": (turn(must=("tahun",)), OFFERED, ("tahun", ASKED_BACK)),
    "declined": (turn(contains=("2018",)), REFUSED, (TABLE, DECLINED)),
    "entry for the table": (turn(contains=("Lamongan",)), TOLD, (TABLE, "tahun")),
    "entry for what should be declined": (turn(decisions=(Decision.DECLINE,)), TOLD, (DECLINED, "tahun")),
    "right entry without the wanted text": (turn(must=("tahun",), contains=("2019",)), TOLD, ("tahun", WRONG_TEXT)),
    "table without the wanted text": (turn(contains=("2019",)), TABLE_ROW, (TABLE, WRONG_TEXT)),
    "question back without the wanted option": (turn(options=("Batu",)), OFFERED, (TABLE, ASKED_BACK)),
}


@pytest.mark.parametrize(("expected", "reply", "pair"), PAIRS.values(), ids=PAIRS)
def test_what_was_asked_for_and_what_came_are_named(expected, reply, pair):
    found = result(expected, reply)
    assert (found.expected, found.got) == pair


FORESEEN = {
    "passed": ("", "", True),
    "failed": ("menolak", "", False),
    "failed as known": ("menolak", "sulit", True),
    "passed though marked": ("", "sulit", False),
}


@pytest.mark.parametrize(("reason", "known", "foreseen"), FORESEEN.values(), ids=FORESEEN)
def test_known_failures_are_strict(reason, known, foreseen):
    """A known failure that passes needs attention as much as a new failure."""
    assert Result(turn(known_failure=known), REFUSED, reason).as_foreseen is foreseen


def test_whole_reply_is_read():
    assert as_read(TOLD) == "Tahun 2018.\n\nPasal 1\n\nSumber: portal"


def test_turn_without_expectation_only_prepares_the_next():
    assert not expects(turn(style="resmi", known_failure="x"))
    assert expects(turn(not_contains=("x",)))
