"""Fitting: when it is needed at all, where it is kept, and that it can be done apart."""

from __future__ import annotations

import asyncio
import os
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from knowledge_builder import write_knowledge

from bot import preparation
from bot.curation.load import load
from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Fitted, Mind, assemble
from bot.errors import OperatorError
from bot.language.matching import Matcher
from bot.model import EntryKind, Knowledge, OffTopic, Pattern, Rehearsal, RehearsalTurn, Variant
from bot.preparation import KEPT_CACHES, Apart, MatcherCache, Recipe

Edit = Callable[[Knowledge], Knowledge]
ENTRY = "apa-itu-program"
SHARES = {"answer_precision": 0.97, "max_out_of_scope": 0.05}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The small sound knowledge, with one test question."""
    folder = write_knowledge(tmp_path_factory.mktemp("small") / "knowledge")
    (folder / "uji").mkdir()
    (folder / "uji" / "program.yaml").write_text(f"- {{tanya: program apa ini, harus: [{ENTRY}]}}\n")
    knowledge, problems = load(folder)
    assert knowledge is not None, problems
    return knowledge


def of(knowledge: Knowledge) -> Recipe:
    return Recipe.of(knowledge, **SHARES)


def entry(**changed: object) -> Edit:
    return lambda k: replace(k, entries={**k.entries, ENTRY: replace(k.entries[ENTRY], **changed)})


def question(**changed: object) -> Edit:
    return lambda k: replace(k, rehearsals=(Rehearsal((replace(k.rehearsals[0].turns[0], **changed),)),))


# What needs no new fit

TOLD: dict[str, Edit] = {
    "answer": entry(answer="Jawaban baru."),
    "short": entry(short="Ringkas."),
    "sources": entry(sources=()),
    "checked": entry(checked=date(2026, 1, 1)),
    "expiry": entry(valid_until=date(2027, 1, 1)),
    "owner": entry(owner="Direktorat"),
    "related": entry(related=()),
    "version": lambda k: replace(k, version="lain"),
    "topics": lambda k: replace(k, topics=()),
    "table": lambda k: replace(k, cohorts={}, applicants=()),
    "messages": lambda k: replace(k, messages={"mulai": "Halo."}),
    "pointer": lambda k: replace(k, off_topics=(replace(k.off_topics[0], answer="Ke kantor lain."),)),
    "test-moved": question(line=99, file="uji/lain.yaml", style="resmi", known_failure="nanti"),
}


@pytest.mark.parametrize("edit", TOLD.values(), ids=TOLD)
def test_what_is_only_told_is_not_fitted(small: Knowledge, edit: Edit) -> None:
    edited = edit(small)
    assert edited != small
    assert of(edited).key == of(small).key


ASKED: dict[str, Edit] = {
    "phrasing": entry(utterances=("Apa ini?",)),
    "title": entry(title="Judul lain"),
    "kind": entry(kind=EntryKind.SMALL_TALK),
    "own-cut": entry(threshold=0.9),
    "variants": entry(variants=(Variant("Pada 2018 lain.", year=2018),)),  # whether a year asked for is told of
    "new-entry": lambda k: replace(k, entries={**k.entries, "baru": replace(k.entries[ENTRY], id="baru")}),
    "region": lambda k: replace(k, regions={**k.regions, "35.24": replace(k.regions["35.24"], aliases=("LMG",))}),
    "place": lambda k: replace(k, other_places=()),
    "term": lambda k: replace(k, terms={**k.terms, "brp": "berapa"}),
    "pattern": lambda k: replace(k, patterns=(Pattern("anggota", ("apakah <daerah> ikut",)),)),
    "off-topic": lambda k: replace(k, off_topics=(OffTopic("ktp", "KTP", ("bikin ktp",)),)),
    "test-question": question(question="ini program apa"),
    "test-expectation": question(must=("tempat-mou",)),
    "new-test": lambda k: replace(k, rehearsals=(*k.rehearsals, Rehearsal((RehearsalTurn("apa"),)))),
}


@pytest.mark.parametrize("edit", ASKED.values(), ids=ASKED)
def test_what_is_asked_is_fitted_anew(small: Knowledge, edit: Edit) -> None:
    assert of(edit(small)).key != of(small).key


def test_the_text_of_a_variant_is_only_told(small: Knowledge) -> None:
    one, other = (entry(variants=(Variant(text, year=2018),))(small) for text in ("Pada 2018.", "Tahun 2018."))
    assert of(one).key == of(other).key


@pytest.mark.parametrize("share", SHARES)
def test_other_settings_are_another_recipe(small: Knowledge, share: str) -> None:
    assert Recipe.of(small, **(SHARES | {share: 0.3})).key != of(small).key


def test_fitting_reads_nothing_that_a_recipe_leaves_out(mind: Mind) -> None:
    """Test questions are understood alike with the knowledge of the recipe and with all of it."""
    stripped = assemble(of(mind.knowledge).knowledge, Fitted(mind.matcher, mind.cuts))
    questions = [rehearsal.turns[0].question for rehearsal in mind.knowledge.rehearsals[::5]]
    assert len(questions) > 100
    for text in questions:
        assert interpret(text, stripped) == interpret(text, mind)


# Where fits are kept


@pytest.fixture
def cache(tmp_path: Path) -> MatcherCache:
    return MatcherCache(tmp_path, pytest.fail)


def test_what_is_used_is_kept_longest(cache: MatcherCache, small: Knowledge) -> None:
    """Of many edits the version in daily use stays."""
    fitted = of(small).fit()
    for age in range(KEPT_CACHES):
        cache.keep(f"v{age}", fitted)
        os.utime(cache.folder / f"v{age}.pickle", (time.time() - 100 + age,) * 2)
    assert cache.find("v0") is not None
    cache.keep("new", fitted)
    assert cache.find("v0") is not None
    assert len(list(cache.folder.iterdir())) == KEPT_CACHES


# Fitting apart


@pytest.fixture
async def apart() -> AsyncIterator[Apart]:
    made = Apart()
    yield made
    await made.close()


async def fit(apart: Apart, recipe: Recipe) -> Fitted:
    matcher = await apart.matcher(recipe, recipe.key)
    return Fitted(matcher, await apart.cuts(recipe, recipe.key))


def numbers(matcher: Matcher) -> dict[str, bytes]:
    """Everything that was computed."""
    rows = matcher.postings.by_text
    found = {"idf": matcher.postings.idf, "start": rows.start, "columns": rows.columns, "values": rows.values}
    return {name: array.tobytes() for name, array in (found | {"votes": np.array(matcher.votes)}).items()}


async def running(apart: Apart) -> Process:
    """The process that fits, as soon as there is one."""
    while apart._fitting is None:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    assert apart._fitting.process is not None
    return apart._fitting.process


async def test_a_fit_made_apart_is_the_same_to_the_byte(apart: Apart, small: Knowledge) -> None:
    recipe = of(small)
    made, here = await fit(apart, recipe), recipe.fit()
    assert made.cuts == here.cuts
    assert numbers(made.matcher) == numbers(here.matcher)
    assert made.matcher.rank("apa program itu") == here.matcher.rank("apa program itu")


async def test_the_matcher_comes_before_its_cuts(apart: Apart, mind: Mind) -> None:
    """The cuts take several times as long, and the process goes on with them by itself."""
    recipe = of(mind.knowledge)
    matcher = await apart.matcher(recipe, recipe.key)
    process = await running(apart)
    assert numbers(matcher) == numbers(mind.matcher)
    assert process.returncode is None
    assert await apart.cuts(recipe, recipe.key) == mind.cuts
    assert process.returncode == 0


async def test_a_fit_that_fails_does_not_stand_in_the_way(apart: Apart, small: Knowledge) -> None:
    """Whoever asks again after the process was ended gets a new one."""
    first = asyncio.create_task(fit(apart, of(small)))
    (await running(apart)).kill()
    with pytest.raises(OperatorError, match="its process ended"):
        await first
    assert (await fit(apart, of(small))).matcher.labels


async def test_the_folder_of_the_bot_does_not_matter(
    apart: Apart, small: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process finds the code wherever the bot was started."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert (await fit(apart, of(small))).matcher.labels


async def test_a_fit_goes_on_for_whoever_asks_next(apart: Apart, small: Knowledge) -> None:
    """Giving up waiting is not giving up: the same recipe is not begun anew."""
    first = asyncio.create_task(fit(apart, of(small)))
    process = await running(apart)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await apart.rest()
    second = asyncio.create_task(fit(apart, of(small)))
    await asyncio.sleep(0)
    assert await running(apart) is process
    assert (await second).matcher.labels


async def test_another_recipe_ends_the_fit(apart: Apart, mind: Mind, small: Knowledge) -> None:
    """A fit that takes seconds is gone as soon as another one is wanted."""
    long = asyncio.create_task(fit(apart, of(mind.knowledge)))
    await asyncio.sleep(0.4)
    begun, process = time.monotonic(), await running(apart)
    assert (await fit(apart, of(small))).matcher.labels
    assert time.monotonic() - begun < 1.5
    assert process is not None
    assert process.returncode is not None
    with pytest.raises(asyncio.CancelledError):
        await long


async def test_a_process_with_nothing_to_do_is_ended(apart: Apart) -> None:
    await apart.warm()
    process = apart._spare
    await apart.rest()
    assert process is not None
    assert process.returncode is not None


async def test_an_update_of_the_code_on_disk_waits_for_the_restart(apart: Apart, small: Knowledge) -> None:
    """A new process would load it; so the code that runs fits, in a thread."""
    recipe = replace(of(small), code="older")
    made = await fit(apart, recipe)
    assert made.matcher.rank("apa program itu") == recipe.fit().matcher.rank("apa program itu")
    assert (await fit(apart, of(small))).matcher.labels


async def test_a_process_with_other_code_refuses(
    apart: Apart, small: Knowledge, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code may change in the moment in which the process starts."""
    monkeypatch.setattr(preparation, "_code_on_disk", lambda: "older")
    with pytest.raises(OperatorError, match="restart the bot"):
        await fit(apart, replace(of(small), code="older"))
    assert "has changed since it was started" in capfd.readouterr().err
