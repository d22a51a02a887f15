"""How our matcher's costs grow with the number of phrasings.

More phrasings than there are come from copies of the knowledge in which every rarer word is another one, as a larger
knowledge has more words, too; fewer come from every n-th phrasing.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from bench.measuring import largest
from bench.questions import Task
from bench.systems import OFFERED
from bot.language.matching import Matcher
from bot.language.normalize import Terms

SIZES = (1_700, 4_500, 10_000, 30_000, 100_000)
COMMON = 300  # words, the most frequent ones, that all copies share
ASKED = 400  # questions that are timed


@dataclass(frozen=True, slots=True)
class Cost:
    """What a knowledge of this size costs."""

    phrasings: int
    labels: int
    build: float  # seconds, without learning cuts
    median: float  # milliseconds a question
    slowest: float  # … of the slowest 1 %
    memory: float  # megabytes


def cost(task: Task, size: int) -> Cost:
    """Builds the matcher with ``size`` phrasings and asks it the task's questions."""
    sized = grown(task, size)
    before = largest()
    start = time.process_time()
    matcher = Matcher(sized.phrasings, sized.labels, Terms.compile(task.terms))
    build = time.process_time() - start
    took = []
    for question in task.questions[:: max(1, len(task.questions) // ASKED)]:
        start = time.process_time()
        matcher.rank(question.text, OFFERED)
        took.append((time.process_time() - start) * 1000)
    median, slowest = np.median(took), np.quantile(took, 0.99)
    return Cost(size, len(set(sized.labels)), build, float(median), float(slowest), largest() - before)


def grown(task: Task, size: int) -> Task:
    """The same task with ``size`` phrasings."""
    pairs = list(zip(task.phrasings, task.labels, strict=True))
    if size <= len(pairs):
        step = len(pairs) / size
        pairs = [pairs[int(i * step)] for i in range(size)]
    words = Counter(word for text in task.phrasings for word in re.findall(r"\w+", text.lower()))
    common = {word for word, _ in words.most_common(COMMON)}
    copies = (
        (_other_words(text, common, copy), f"{label}~{copy}" if copy else label)
        for copy in range(-(-size // len(pairs)))
        for text, label in pairs
    )
    chosen = [pair for pair, _ in zip(copies, range(size), strict=False)]
    return replace(task, phrasings=tuple(text for text, _ in chosen), labels=tuple(label for _, label in chosen))


def _other_words(text: str, common: set[str], copy: int) -> str:
    """Copy 0 is the text itself; in others each rarer word has its letters moved on by so many places."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if not copy or word.lower() in common or not word.isascii():
            return word
        return "".join(_letter(letter, copy) for letter in word)

    return re.sub(r"[^\W\d]+", other, text)


def _letter(letter: str, copy: int) -> str:
    for family in ("aiueo", "bcdfghjklmnpqrstvwxyz"):
        if letter.lower() in family:
            return family[(family.index(letter.lower()) + copy) % len(family)]
    return letter
