"""What the results of a rehearsal add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.rehearsal.judge import Result, Verdict

DIALOGUE, NO_STYLE = "dialog", "tanpa gaya"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    right: int
    of: int

    @property
    def rate(self) -> float:
        """The share, 0-1; 1 of nothing, since nothing went wrong."""
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.right}/{self.of} ({100 * self.rate:.1f}%)"


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """How one entry fared."""

    entry: str
    recall: Share  # of the questions that ask for it, those in which it was told
    precision: Share  # of the replies that told it, those in which it was right
    taken_for: tuple[tuple[str, int], ...]  # what was told in its place, and how often; the most frequent first


@dataclass(frozen=True, slots=True)
class Report:
    """The results of all test questions that expect something, in the order of their files.

    >>> Report("abc", ()).sound
    True
    """

    version: str  # of the knowledge
    results: tuple[Result, ...]

    @property
    def failures(self) -> tuple[Result, ...]:
        """Those that failed and are not known to."""
        return tuple(r for r in self.results if not r.passed and not r.turn.known_failure)

    @property
    def known(self) -> tuple[Result, ...]:
        """Those that failed as they are known to."""
        return tuple(r for r in self.results if not r.passed and r.turn.known_failure)

    @property
    def mended(self) -> tuple[Result, ...]:
        """Those that passed though they are marked as known failures."""
        return tuple(r for r in self.results if r.passed and r.turn.known_failure)

    @property
    def sound(self) -> bool:
        """Tells whether every question did what is foreseen: passed, or failed and is known to."""
        return all(result.as_foreseen for result in self.results)

    @property
    def passed(self) -> Share:
        """Of all questions."""
        return _share(list(self.results))

    @property
    def dialogues(self) -> Share:
        """Dialogues of which every question passed."""
        whole: dict[int, bool] = {}
        for result in self.results:
            if result.in_dialogue:
                whole[result.conversation] = whole.get(result.conversation, True) and result.passed
        return Share(sum(whole.values()), len(whole))

    @property
    def precision(self) -> Share:
        """Of the direct answers, those that were right."""
        return _share([result for result in self.results if result.direct])

    def verdicts(self) -> Mapping[Verdict, int]:
        """How often people got what; every verdict is named."""
        counted = Counter(result.verdict for result in self.results)
        return {verdict: counted[verdict] for verdict in Verdict}

    def by_style(self) -> Mapping[str, Share]:
        """Passed questions per way of asking."""
        return self._grouped(lambda r: r.turn.style or (DIALOGUE if r.in_dialogue else NO_STYLE))

    def by_topic(self) -> Mapping[str, Share]:
        """Passed questions per file."""
        return self._grouped(lambda result: PurePosixPath(result.turn.file).stem)

    def confusions(self) -> tuple[tuple[str, str, int], ...]:
        """What was asked, what was told in its place, how often; the most frequent first."""
        counted = Counter((result.expected, result.got) for result in self.results if not result.passed)
        return tuple((*pair, count) for pair, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def entries(self) -> tuple[EntryFigures, ...]:
        """Figures of every entry that was asked for or told, by id."""
        asked = {r.expected for r in self.results if r.turn.must}
        told = {entry for r in self.results for entry in r.told}
        return tuple(self._entry(entry) for entry in sorted(asked | told))

    def _entry(self, entry: str) -> EntryFigures:
        for_it = [r for r in self.results if r.turn.must and r.expected == entry]
        telling = [r for r in self.results if entry in r.told]
        instead = [(told, count) for wanted, told, count in self.confusions() if wanted == entry]
        return EntryFigures(
            entry,
            recall=Share(sum(entry in r.told for r in for_it), len(for_it)),
            precision=Share(sum(r.passed or entry in r.turn.must for r in telling), len(telling)),
            taken_for=tuple(instead),
        )

    def _grouped(self, name: Callable[[Result], str]) -> Mapping[str, Share]:
        groups: dict[str, list[Result]] = {}
        for result in self.results:
            groups.setdefault(name(result), []).append(result)
        return {key: _share(groups[key]) for key in sorted(groups)}


def _share(results: list[Result]) -> Share:
    return Share(sum(result.passed for result in results), len(results))
