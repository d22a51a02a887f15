"""Everything prepared from one version of the knowledge: matcher, cuts, gazetteer and table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.language.calibration import Cuts
from bot.language.matching import Matcher
from bot.language.normalize import Terms, tokens
from bot.model import EntryKind, Knowledge
from bot.regions.cohorts import CohortTable
from bot.regions.gazetteer import Gazetteer

PATTERN = "@"  # labels of region and follow-up patterns start with it
OUTSIDE = "-"  # labels of out-of-topic groups start with it


@dataclass(frozen=True, slots=True)
class Mind:
    """What answering needs, immutable and swapped as a whole when the knowledge changes."""

    knowledge: Knowledge
    terms: Terms
    matcher: Matcher
    cuts: Cuts
    gazetteer: Gazetteer
    table: CohortTable
    pattern_words: Mapping[str, frozenset[str]]  # pattern id → every word of its phrasings
    small_talk: Mapping[str, frozenset[str]]  # id of a small-talk entry → every word of its phrasings

    def vocabulary(self, *patterns: str) -> frozenset[str]:
        """Every word of the phrasings of some patterns."""
        return frozenset().union(*(self.pattern_words.get(pattern, frozenset()) for pattern in patterns))

    def says(self, key: str, **values: object) -> str:
        """A sentence of ``pesan.yaml`` with its placeholders filled."""
        return self.knowledge.messages[key].format_map(values)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The costly part of a mind, worth keeping on disk."""

    matcher: Matcher
    cuts: Cuts


def assemble(knowledge: Knowledge, fitted: Fitted) -> Mind:
    """Puts together what answering needs; ``fitted`` must come from the same knowledge, or be replaced by what does."""
    terms = Terms.compile(knowledge.terms)
    words = {p.id: _words(p.utterances, terms) for p in knowledge.patterns}
    small_talk = {
        e.id: _words(e.utterances, terms) for e in knowledge.entries.values() if e.kind is EntryKind.SMALL_TALK
    }
    vocabulary = {word for _, text in phrasings(knowledge) for word in tokens(text)}
    return Mind(
        knowledge,
        terms,
        fitted.matcher,
        fitted.cuts,
        Gazetteer(knowledge.regions, knowledge.other_places, vocabulary),
        CohortTable(knowledge.cohorts, knowledge.regions, knowledge.applicants),
        words,
        small_talk,
    )


def _words(utterances: Iterable[str], terms: Terms) -> frozenset[str]:
    return frozenset(word for utterance in utterances for word in tokens(utterance, terms))


def phrasings(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Everything that can be asked, as (label, phrasing)."""
    for entry in knowledge.entries.values():
        for text in (*entry.utterances, entry.title):
            yield entry.id, text
    for pattern in knowledge.patterns:
        for text in pattern.utterances:
            yield PATTERN + pattern.id, text
    for group in knowledge.off_topics:
        for text in group.examples:
            yield OUTSIDE + group.id, text
