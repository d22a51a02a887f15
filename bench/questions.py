"""What is asked, of which knowledge, and what is right: our own, and draws from public question sets.

A public set is a file ``NAME.jsonl`` with one ``{"text", "intent", "split"}`` a line. For a draw, a fifth of its
intents are held out, each other intent gives eight phrasings, and the rest is asked. Of all questions 75 % can be
answered, 15 % belong to intents that were held out (near), 10 % to another domain (far). A draw depends on nothing but
set and seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.curation.load import load
from bot.dialogue.mind import OUTSIDE, phrasings
from bot.errors import OperatorError
from bot.model import Decision, Knowledge, RehearsalTurn

FAR = {  # public set → where its far questions come from
    "id_tegal38": "id_xsid",
    "id_xsid": "id_tegal38",
    "en_clinc150": "",  # has out-of-scope questions of its own
    "en_banking77": "en_clinc150",
}
CLINC = "en_clinc150"
PER_INTENT = 8  # phrasings
SMALL, SMALL_SHARE = PER_INTENT + 2, 0.6  # of an intent with fewer texts than SMALL, this share are phrasings
HELD_OUT = 0.2  # of the intents
MOST_PER_INTENT, MOST = 20, 600  # questions that can be answered
NEAR, FAR_AWAY, OWN_OUTSIDE = 5, 7.5, 3  # one question that cannot, for so many that can
SMALL_TALK = "chit:"
SEEDS = 3  # draws of each set
SLANG = "slang*.tsv"  # beside the sets: what is typed, a tab, the standard word


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the labels that answer it; none where nothing should."""

    text: str
    right: frozenset[str]
    near: bool = False  # nothing answers it, but it is of the same domain


@dataclass(frozen=True, slots=True)
class Task:
    """What every system gets: the same phrasings with their labels, the same list of spellings, the same questions."""

    phrasings: tuple[str, ...]
    labels: tuple[str, ...]
    questions: tuple[Asked, ...]
    terms: Mapping[str, str]  # as typed → standard word
    outside: frozenset[str] = frozenset()  # labels that mean "not our topic"
    folds: int = 1  # above 1: a system may learn its cut from the other folds' questions
    knowledge: Knowledge | None = None


def our_task(folder: Path) -> Task:
    """Our knowledge with its test questions: those an entry must answer, and those that must be declined."""
    knowledge, problems = load(folder)
    if knowledge is None:
        raise OperatorError("\n".join(map(str, problems)))
    pairs = list(phrasings(knowledge))
    single = (r.turns[0] for r in knowledge.rehearsals if len(r.turns) == 1)
    asked = tuple(Asked(turn.question, frozenset(turn.must)) for turn in single if turn.must or _declined(turn))
    return Task(
        tuple(text for _, text in pairs),
        tuple(label for label, _ in pairs),
        asked,
        knowledge.terms,
        frozenset(OUTSIDE + group.id for group in knowledge.off_topics),
        folds=2,
        knowledge=knowledge,
    )


def _declined(turn: RehearsalTurn) -> bool:
    return turn.decisions == (Decision.DECLINE,) and not turn.contains


def public_tasks(folder: Path, terms: Mapping[str, str]) -> dict[str, list[Task]]:
    """The draws of each public set that lies in ``folder``."""
    there = (name for name in FAR if (folder / f"{name}.jsonl").exists())
    return {name: [public_task(folder, name, seed, terms) for seed in range(SEEDS)] for name in there}


def public_task(folder: Path, name: str, seed: int, terms: Mapping[str, str]) -> Task:
    """One draw of a public set; ``terms`` are added to the slang that lies beside it."""
    spellings = {**terms, **slang(folder)}
    rng = random.Random(f"{name}/{seed}/{PER_INTENT}")
    rows = _rows(folder, name)
    by_intent: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["split"] != "oos":
            by_intent.setdefault(row["intent"], []).append(row)
    own_outside = [row["text"] for row in rows if row["split"] == "oos"]
    intents = sorted(by_intent)
    rng.shuffle(intents)
    held = [] if own_outside else intents[: max(1, round(HELD_OUT * len(intents)))]
    task = _answerable(by_intent, sorted(set(intents) - set(held)), rng, spellings)
    count = len(task.questions)
    if own_outside:
        rng.shuffle(own_outside)
        outside = [Asked(text, frozenset()) for text in own_outside[: count // OWN_OUTSIDE]]
    else:
        near = [row["text"] for intent in held for row in by_intent[intent]]
        rng.shuffle(near)
        far = _far(folder, FAR[name])
        rng.shuffle(far)
        outside = [Asked(text, frozenset(), near=True) for text in near[: count // NEAR]]
        outside += [Asked(text, frozenset()) for text in far[: int(count / FAR_AWAY)]]
    return replace(task, questions=(*task.questions, *outside))


def slang(folder: Path) -> dict[str, str]:
    """The list of spellings that lies beside public sets: word as typed → standard word."""
    lines = (line for file in sorted(folder.glob(SLANG)) for line in file.read_text(encoding="utf-8").splitlines())
    return dict(line.split("\t") for line in lines)


def _answerable(
    by_intent: Mapping[str, list[dict[str, str]]], kept: Sequence[str], rng: random.Random, terms: Mapping[str, str]
) -> Task:
    split = any(row["split"] == "test" for rows in by_intent.values() for row in rows)
    pairs: list[tuple[str, str]] = []
    asked: list[Asked] = []
    for intent in kept:
        texts = [row["text"] for row in by_intent[intent] if row["split"] != "test"]
        tests = [row["text"] for row in by_intent[intent] if row["split"] == "test"]
        rng.shuffle(texts)
        number = PER_INTENT if split or len(texts) >= SMALL else max(2, int(SMALL_SHARE * len(texts)))
        if texts:
            rest = tests if split else texts[number:]
            rng.shuffle(rest)
            pairs += [(text, intent) for text in texts[:number]]
            asked += [Asked(text, frozenset({intent})) for text in rest[:MOST_PER_INTENT]]
    order = list(range(len(asked)))
    rng.shuffle(order)
    questions = tuple(asked[i] for i in order[:MOST])
    return Task(tuple(text for text, _ in pairs), tuple(intent for _, intent in pairs), questions, terms)


def _far(folder: Path, name: str) -> list[str]:
    rows = (row for row in _rows(folder, name) if name != CLINC or row["split"] == "oos")
    return [row["text"] for row in rows if not row["intent"].startswith(SMALL_TALK)]


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
