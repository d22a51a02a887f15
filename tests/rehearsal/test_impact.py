"""How the effect of an edit is told."""

import csv
import io

import pytest

from bot.model import Choice, Decision, RehearsalTurn, Reply
from bot.rehearsal.impact import LONGEST, ONLY_LINES, Asked, Flip, Impact, excerpts, flips, markdown, shown, table, text

ANSWER = Reply(Decision.ANSWER, "Syaratnya *surat* bupati.", entries=("syarat",), score=0.9)
ELSEWHERE = Reply(Decision.ANSWER, "Gratis.", entries=("biaya",), score=0.9)
PIN = RehearsalTurn("syaratnya apa", must=("syarat",), file="knowledge/uji/a.yaml", line=3)
BROKEN = Flip(Asked("syaratnya apa", "knowledge/uji/a.yaml:3", PIN, PIN), ANSWER, ELSEWHERE)
REAL = Flip(Asked("=apa | itu\x1b[2J", "pertanyaan nyata, ditanya 2×"), ANSWER, ELSEWHERE)
IMPACT = Impact("HEAD", ("aaa", "bbb"), 20, 5, (BROKEN, REAL))
NOTHING = Impact("HEAD", ("aaa", "aaa"), 20, 0, ())

SAME = {
    "score": Reply(Decision.ANSWER, ANSWER.text, entries=("syarat",), score=0.4),
    "bold": Reply(Decision.ANSWER, "Syaratnya surat bupati.", entries=("syarat",)),
    "buttons under the answer": Reply(Decision.ANSWER, ANSWER.text, (), (Choice("e:b", "B"),), ("syarat",)),
}
OTHER = {
    "decision": Reply(Decision.DECLINE, ANSWER.text, entries=("syarat",)),
    "entry": Reply(Decision.ANSWER, ANSWER.text, entries=("biaya",)),
    "text": Reply(Decision.ANSWER, "Syaratnya surat gubernur.", entries=("syarat",)),
    "quote": Reply(Decision.ANSWER, ANSWER.text, entries=("syarat",), quote="Pasal 1"),
    "source": Reply(Decision.ANSWER, ANSWER.text, entries=("syarat",), footer="Sumber: surat"),
    "version for groups": Reply(Decision.ANSWER, ANSWER.text, entries=("syarat",), short="Surat."),
    "choices": Reply(Decision.ANSWER, ANSWER.text, (Choice("e:b", "B"),), entries=("syarat",)),
}


@pytest.mark.parametrize("after", SAME.values(), ids=SAME)
def test_what_a_person_does_not_read_is_no_change(after):
    assert flips([Asked("?", "")], [ANSWER], [after]) == ()


@pytest.mark.parametrize("after", OTHER.values(), ids=OTHER)
def test_what_a_person_reads_is_a_change(after):
    """And the two replies look different in the report, where text or choices are all that differs."""
    (flip,) = flips([Asked("?", "")], [ANSWER], [after])
    before, now = shown(flip)
    assert before != now


def test_the_choice_none_of_these_carries_a_number_that_is_no_change():
    """Its id names the question, which has another number in each version."""
    one, other = (
        Reply(Decision.CLARIFY, "?", (Choice("e:a", "A"), Choice(f"x:{n}", "Bukan ini semua"))) for n in (7, 8)
    )
    assert flips([Asked("?", "")], [one], [other]) == ()


EXCERPTS = {
    "in the middle": (
        "a b c d satu e f g h",
        "a b c d dua tiga e f g h",
        '"…b c d satu e f g…"',
        '"…b c d dua tiga e f g…"',
    ),
    "at the start": ("satu a b c d", "dua a b c d", '"satu a b c…"', '"dua a b c…"'),
    "at the end": ("a b c d satu", "a b c d", '"…b c d satu"', '"…b c d"'),
    "only lines": ("a\nb", "a b", ONLY_LINES, ONLY_LINES),
    "repeated word": ("a a a", "a a", '"a a a"', '"a a"'),
}


@pytest.mark.parametrize(("before", "after", "old", "new"), EXCERPTS.values(), ids=EXCERPTS)
def test_excerpts_show_what_differs(before, after, old, new):
    assert excerpts(before, after) == (old, new)


def test_a_long_difference_is_cut():
    old, _ = excerpts("kata " * 100, "lain")
    assert len(old) <= LONGEST + 4
    assert old.endswith('…"')


def test_a_question_that_may_fail_is_not_broken():
    known = RehearsalTurn("syaratnya apa", must=("syarat",), known_failure="belum")
    assert not Flip(Asked("syaratnya apa", "", known, PIN), ANSWER, ELSEWHERE).reason


def test_a_question_that_failed_before_is_not_broken():
    pin = RehearsalTurn("syaratnya apa", must=("lain",))
    assert not Flip(Asked("syaratnya apa", "", pin, pin), ANSWER, ELSEWHERE).reason


def test_terminal_shows_a_table_then_what_broke_and_the_sum():
    shown_text = text(IMPACT, 160)
    assert shown_text.startswith(" Keadaan   Pertanyaan ")
    assert (
        " RUSAK     syaratnya apa    menjawab dengan syarat   menjawab dengan biaya   knowledge/uji/a.yaml:3"
        in shown_text
    )
    assert "knowledge/uji/a.yaml:3: syaratnya apa\n    menjawab dengan biaya, seharusnya syarat" in shown_text
    assert shown_text.endswith(
        "Dibandingkan dengan HEAD (versi aaa → bbb). "
        "20 pertanyaan uji dan 5 pertanyaan nyata ditanyakan pada keduanya.\n"
        "2 pertanyaan akan dibalas lain; 1 di antaranya merusak pertanyaan uji."
    )


def test_nothing_a_person_typed_steers_the_terminal():
    assert "\x1b" not in text(IMPACT, 160)


def test_without_changes_there_is_no_table():
    assert text(NOTHING, 160).endswith("ditanyakan pada keduanya.\nTidak ada balasan yang berubah.")
    assert markdown(NOTHING).count("Tidak ada.") == 2


def test_markdown_has_what_broke_and_everything():
    page = markdown(IMPACT)
    assert "| syaratnya apa | menjawab dengan biaya, seharusnya syarat | knowledge/uji/a.yaml:3 |" in page
    assert (
        "| berubah | =apa \\| itu [2J | menjawab dengan syarat | menjawab dengan biaya | pertanyaan nyata, ditanya 2× |"
        in page
    )


def test_csv_has_both_whole_replies():
    first, second = csv.DictReader(io.StringIO(table(IMPACT), newline=""))
    assert first["alasan"] == "menjawab dengan biaya, seharusnya syarat"
    assert (first["balasan_sebelum"], first["balasan_sesudah"]) == ("Syaratnya surat bupati.", "Gratis.")
    assert second["pertanyaan"].startswith("'=apa")
