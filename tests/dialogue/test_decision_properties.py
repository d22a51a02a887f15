"""Properties of decisions: how a question is typed does not change what is decided, nor does anything else unsaid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.dialogue.compose import Setting
from bot.dialogue.message import read_message
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, AskTable, AskWhichRegion, Context, Decline, OfferEntries
from bot.dialogue.turn import take_turn

SETTING = Setting(date(2026, 11, 21))
same_on_every_run = settings(derandomize=True, deadline=None, max_examples=60)
ANY_QUESTION = st.integers(0, 10_000)
"""Which test question of the knowledge; counted on from the first after the last."""


def question(number: int, mind: Mind) -> str:
    return mind.knowledge.rehearsals[number % len(mind.knowledge.rehearsals)].turns[0].question


def decided(text: str, mind: Mind) -> list[object]:
    """What was decided, without scores and without the words that were typed."""
    found: list[object] = []
    for outcome in read_message(text, Context(), mind, None):
        match outcome:
            case AnswerEntry():
                found.append((outcome.entry, outcome.year, outcome.number))
            case OfferEntries():
                found.append("offer")
            case Decline():
                found.append((outcome.off_topic, outcome.nonsense))
            case AskWhichRegion():
                found.append((outcome.query, outcome.candidates, outcome.place))
            case _:
                found.append(outcome)
    return found


def places(text: str, mind: Mind) -> list[tuple[object, ...]]:
    return [(mention.codes, mention.weak) for mention in mind.gazetteer.find(text)]


@same_on_every_run
@given(ANY_QUESTION, st.sampled_from(["", "?", "??", "!!", "...", " 🙏", " 😀👍", " .", "\n", "  "]))
def test_what_stands_at_the_end_changes_no_decision(mind: Mind, number: int, tail: str) -> None:
    text = question(number, mind)
    assert decided(text.rstrip("?!. ") + tail, mind) == decided(text, mind)


@same_on_every_run
@given(ANY_QUESTION, st.sampled_from(["  ", "\n", "🙏 ", "... ", "- "]))
def test_what_stands_before_it_changes_no_decision(mind: Mind, number: int, start: str) -> None:
    text = question(number, mind)
    assert decided(start + text, mind) == decided(text, mind)


@same_on_every_run
@given(ANY_QUESTION)
def test_wide_spaces_change_no_decision(mind: Mind, number: int) -> None:
    text = question(number, mind)
    assert decided("   ".join(text.split(" ")), mind) == decided(text, mind)


@pytest.mark.parametrize("typed", [str.upper, str.lower])
@same_on_every_run
@given(number=ANY_QUESTION)
def test_capitals_change_no_decision(mind: Mind, typed: Callable[[str], str], number: int) -> None:
    """Unless they tell a place from an ordinary word ("Batu", "KBB"), which is what they are for."""
    text = question(number, mind)
    assume(places(typed(text), mind) == places(text, mind))
    assert decided(typed(text), mind) == decided(text, mind)


CONTEXTS = st.builds(
    Context,
    query=st.sampled_from(["", "anggota;35.24;;2018;", "daftar;;32;;kota", "peringkat;;;;"]),
    entry=st.sampled_from(["", "syarat-seleksi", "is-gone"]),
    pending=st.sampled_from(["", "anggota;;;;!"]),
    region=st.sampled_from(["", "35.24", "99.99"]),
    runners_up=st.sampled_from([(), ("cara-mendaftar", "is-gone")]),
    choices=st.sampled_from([(), (("e:syarat-seleksi", "Syarat"), ("x:7", "Bukan ini semua")), (("w:rubbish", "?"),)]),
)


@same_on_every_run
@given(st.text(max_size=60) | st.sampled_from(["1", "2", "yang kota", "sumbernya?", "kalau 2019?", "ya"]), CONTEXTS)
def test_whatever_is_remembered_any_message_gets_the_same_reply_twice(mind: Mind, text: str, context: Context) -> None:
    """Also after what is remembered has gone from the knowledge."""
    turn = take_turn(text, context, mind, SETTING, None)
    assert turn.reply.text.strip()
    assert repr(turn) == repr(take_turn(text, context, mind, SETTING, None))


@same_on_every_run
@given(ANY_QUESTION)
def test_a_region_by_its_full_name_is_never_taken_for_another(mind: Mind, number: int) -> None:
    region = list(mind.knowledge.regions.values())[number % len(mind.knowledge.regions)]
    (asked,) = read_message(f"apakah {region.full_name} ikut?", Context(), mind, None)
    assert isinstance(asked, AskTable)
    assert (*asked.query.regions, *asked.query.provinces) == (region.code,)
