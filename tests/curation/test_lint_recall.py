"""How many overlaps lint finds that are planted in the real knowledge, and how often it cries wolf without them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planted_overlaps import NEAR_DUPLICATES, REWORDED

from bot.curation.lint import lint, matcher_of
from bot.dialogue.mind import Mind
from bot.language.overlap import overlaps, taken

LEAST_RECALL = 0.95
LEAST_RECALL_REWORDED = 0.6  # without common words only the matcher's preference is left to tell by
MOST_FALSE_ALARMS = 0.05  # of all entries
RIGHTLY_ALIKE = {
    frozenset({"pengertian-quick-win", "program-pintas"})
}  # read by a person: both define "program pintas"

PLANTED = [*NEAR_DUPLICATES.items(), *REWORDED.items()]


@pytest.fixture(scope="module")
def found(mind: Mind) -> set[tuple[str, str, str]]:
    """(entry, phrasing, other entry) of everything that overlaps when all overlaps are planted."""
    entries = dict(mind.knowledge.entries)
    for _, planted in PLANTED:
        for wrong, phrasing, _ in planted:
            entries[wrong] = replace(entries[wrong], utterances=(*entries[wrong].utterances, phrasing))
    matcher = matcher_of(replace(mind.knowledge, entries=entries))

    def label(row: int) -> str:
        return matcher.labels[int(matcher.label_of[row])]

    pairs = {(label(loss.row), matcher.utterances[loss.row], loss.label) for loss in taken(matcher, entries.keys())}
    for pair in overlaps(matcher):
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            pairs.add((label(one), matcher.utterances[one], label(other)))
    return pairs


def test_enough_overlaps_are_planted():
    """A share of a handful would say nothing; every one is planted once, in an entry that exists."""
    planted = [item for _, items in PLANTED for item in items]
    assert len(set(planted)) == len(planted) >= 100


def test_near_duplicates_are_found(found):
    """Spelling, word order, courtesies and typing mistakes hide no duplicate."""
    planted = [item for items in NEAR_DUPLICATES.values() for item in items]
    missed = [item for item in planted if item not in found]
    assert len(missed) <= (1 - LEAST_RECALL) * len(planted), missed


def test_most_reworded_overlaps_are_found(found):
    """What is asked in other words is found where the matcher is misled by it."""
    planted = [item for items in REWORDED.values() for item in items]
    assert sum(item in found for item in planted) >= LEAST_RECALL_REWORDED * len(planted)


def test_real_entries_are_hardly_ever_called_alike(mind):
    """At most one entry in twenty is called nearly the same as another without being so."""
    entries = mind.knowledge.entries
    named = set()
    for problem in lint(mind.knowledge, mind.matcher, {}):
        if "hampir sama" in problem.message:
            pair = frozenset(entry for entry in entries if f'entri "{entry}"' in problem.message)
            named |= pair if pair not in RIGHTLY_ALIKE else set()
    assert len(named) <= MOST_FALSE_ALARMS * len(entries), named
