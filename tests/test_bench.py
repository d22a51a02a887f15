"""The benchmark runs from end to end on a tiny knowledge, and its figures are those of the definitions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from command_line import ROOT
from knowledge_builder import write_knowledge

from bench.__main__ import main
from bench.curves import picture
from bench.measures import LOSSES, auroc, declined, judge, risk
from bench.measuring import measure
from bench.questions import FAR, Asked, Task, our_task, public_task, public_tasks
from bench.recipe import Recipe
from bench.scale import grown
from bench.systems import ENTRANTS, NEVER, Entrant, Reading, missing
from bot.model import Decision

UJI = """\
- {tanya: "smart city itu apa", harus: [apa-itu-program]}
- {tanya: "nomor kontak", harus: [kontak-program]}
- {tanya: "di mana mou diteken", harus: [tempat-mou]}
- {tanya: "cara membuat KTP baru", keputusan: tolak}
- {tanya: "malang 2018", memuat: [Kota Malang]}
"""
ANSWER, ASK, DECLINE = Decision.ANSWER, Decision.CLARIFY, Decision.DECLINE


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_knowledge(tmp_path_factory.mktemp("bench") / "knowledge")
    (folder / "uji").mkdir()
    (folder / "uji" / "program.yaml").write_text(UJI)
    return folder


@pytest.fixture(scope="module")
def task(knowledge: Path) -> Task:
    return our_task(knowledge)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sets of ten intents, twelve texts each."""
    folder = tmp_path_factory.mktemp("public")
    for name in ("id_xsid", "id_tegal38"):
        rows = [
            {"text": f"{name} maksud{intent} kata{number}", "intent": f"i{intent}", "split": "pool"}
            for intent in range(10)
            for number in range(12)
        ]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


# What is asked


def test_our_questions_are_those_that_an_entry_must_answer_or_that_must_be_declined(task: Task) -> None:
    assert [(asked.text, sorted(asked.right)) for asked in task.questions] == [
        ("smart city itu apa", ["apa-itu-program"]),
        ("nomor kontak", ["kontak-program"]),
        ("di mana mou diteken", ["tempat-mou"]),
        ("cara membuat KTP baru", []),
    ]
    assert task.outside == {"-ktp"}
    assert "@anggota" in task.labels


def test_a_draw_keeps_phrasings_and_questions_apart(public: Path) -> None:
    draw = public_task(public, "id_xsid", 0, {})
    answerable = [asked for asked in draw.questions if asked.right]
    assert len(set(draw.labels)) == 8, "a fifth of the intents is held out"
    assert all(draw.labels.count(label) == 8 for label in draw.labels)
    assert len(answerable) == 8 * 4
    assert not {asked.text for asked in answerable} & set(draw.phrasings)
    assert all(asked.right <= set(draw.labels) for asked in answerable)


def test_a_draw_asks_of_held_out_intents_and_of_another_domain(public: Path) -> None:
    draw = public_task(public, "id_xsid", 0, {})
    outside = [asked.text for asked in draw.questions if not asked.right]
    held_out = {f"i{number}" for number in range(10)} - set(draw.labels)
    near = [text for text in outside if text.startswith("id_xsid")]
    assert {asked.text for asked in draw.questions if asked.near} == set(near)
    assert {text.split()[1].replace("maksud", "i") for text in near} <= held_out
    assert len(near) == 32 // 5
    assert len([text for text in outside if text.startswith("id_tegal38")]) == int(32 / 7.5)


def test_a_draw_depends_on_its_set_and_seed_alone(public: Path) -> None:
    assert public_task(public, "id_xsid", 1, {}) == public_task(public, "id_xsid", 1, {})
    assert public_task(public, "id_xsid", 1, {}) != public_task(public, "id_xsid", 2, {})


def test_only_sets_that_are_there_are_drawn(public: Path, tmp_path: Path) -> None:
    assert set(public_tasks(public, {})) == {"id_xsid", "id_tegal38"} < set(FAR)
    assert public_tasks(tmp_path, {}) == {}


# What is measured


def test_figures_at_a_systems_own_cut() -> None:
    asked = [*(Asked(text, frozenset("a")) for text in "12345"), *(Asked(text, frozenset()) for text in "6789")]
    readings = [
        Reading(("a", "b"), 0.9, ANSWER),
        Reading(("b", "a"), 0.8, ANSWER),
        Reading(("b", "a"), 0.5, ASK),
        Reading(("b", "c"), 0.4, ASK),
        Reading(("a", "b"), 0.3, DECLINE),
        Reading(("a", "b"), 0.7, ANSWER),
        *[Reading(("a", "b"), 0.2, DECLINE)] * 3,
    ]
    found = judge(readings, asked)
    assert (found.top1, found.recall) == (0.4, 0.8)
    assert (found.right, found.offered, found.wrong) == (0.2, 0.2, 0.2)
    assert (found.declined, found.answered) == (0.75, 0.25)
    assert found.auto95 == 0.2, "the second answer is wrong, so only the first can be given"
    assert found.auroc == 17 / 20


def test_a_system_without_confidence_has_only_the_figures_at_its_cut() -> None:
    found = judge([Reading(("b", "a"), None, ANSWER, told=2)], [Asked("1", frozenset("a"))])
    assert found.right == 1.0
    assert all(np.isnan([found.top1, found.recall, found.auroc, found.auto95, found.declined, found.answered]))
    assert found.risk == ()


def test_what_is_outside_is_told_apart_by_whether_it_is_near() -> None:
    """Four answerable questions; where a quarter of them may be lost, what is below the second is declined."""
    inside = [Reading(("a",), sure, ANSWER) for sure in (0.2, 0.4, 0.6, 0.8)]
    near, far = Reading(("a",), 0.5, ANSWER), Reading(("a",), 0.1, ANSWER)
    asked = [Asked("x", frozenset("a"))] * 4 + [Asked("n", frozenset(), near=True), Asked("f", frozenset())]
    found = judge([*inside, near, far], asked)
    assert found.near == (0.0,) * len(LOSSES)
    assert found.far == (1.0,) * len(LOSSES)
    assert judge(inside, asked[:4]).near == ()


def test_a_system_may_decline_by_something_else_than_its_confidence() -> None:
    asked = [Asked("x", frozenset("a")), Asked("f", frozenset())]
    sure = [Reading(("a",), 0.2, ANSWER, closeness=0.9), Reading(("a",), 0.8, ANSWER, closeness=0.1)]
    assert judge(sure, asked).far == (1.0,) * len(LOSSES)


def test_more_is_declined_where_more_may_be_lost() -> None:
    assert declined(np.arange(100.0), np.array([-1.0, 1.5, 3.5, 9.0])) == (0.25, 0.5, 0.75, 0.75)


def test_equal_values_count_half() -> None:
    assert auroc(np.array([2.0, 3.0]), np.array([1.0, 2.0])) == 0.875


def test_risk_of_equally_sure_answers_does_not_depend_on_their_order() -> None:
    one = risk([(1.0, True), (0.5, True), (0.5, False), (NEVER, False)])
    other = risk([(NEVER, False), (0.5, False), (0.5, True), (1.0, True)])
    assert one == other
    assert (one[24], one[49], one[74], one[99]) == (0.0, 0.25, pytest.approx(1 / 3), 0.5)


# Systems


@pytest.mark.parametrize("entrant", ENTRANTS, ids=lambda entrant: entrant.name)
def test_every_system_answers_a_phrasing_by_its_label(task: Task, entrant: Entrant) -> None:
    if missing(entrant):
        pytest.skip(f"{entrant.package} is there for make bench only")
    system = entrant.make(task)
    system.practise(task.questions)
    assert system.read("ada nomor wa nya gak").labels[0] == "kontak-program"
    assert system.read("ktp").does in Decision


@pytest.mark.parametrize("entrant", ENTRANTS, ids=lambda entrant: entrant.name)
def test_every_system_reads_whatever_is_asked(task: Task, entrant: Entrant) -> None:
    if missing(entrant):
        pytest.skip(f"{entrant.package} is there for make bench only")
    system = entrant.make(task)
    system.practise(())
    for text in ("", "?!", '" OR "', "🙏", "zzz", "NEAR(a b)"):
        assert system.read(text).does in Decision


def test_the_recipe_declines_below_where_it_answers() -> None:
    texts = ["satu dua", "satu tiga", "dua tiga", "empat lima", "empat enam", "lima enam"]
    recipe = Recipe(texts, [0, 0, 0, 1, 1, 1], {})
    assert recipe.decline < recipe.answer
    assert recipe.scores("satu dua").argmax() == 0
    assert recipe.scores("lima enam").argmax() == 1


def test_a_larger_knowledge_has_as_many_phrasings_as_wanted_and_new_words(task: Task) -> None:
    larger = grown(task, 100)
    assert len(larger.phrasings) == len(larger.labels) == 100
    assert len(set(larger.labels)) > len(set(task.labels))
    assert larger.phrasings[: len(task.phrasings)] == task.phrasings
    assert grown(task, 4).phrasings == task.phrasings[:: len(task.phrasings) // 4][:4]


# From end to end


def test_a_run_writes_its_page_and_its_picture(
    knowledge: Path, public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ["--knowledge", str(knowledge), "--data", str(public), "--out", str(tmp_path / "new")]
    main([*folders, "--only", "sort_ratio", "--sizes", "30"])
    page = (tmp_path / "new" / "results.md").read_text()
    assert capsys.readouterr().out.strip() == page.strip()
    assert "3 test questions of `knowledge/uji` that an entry must answer" in page
    (ours, mean, by_set, outside) = re.findall(r"^\| rapidfuzz token_sort_ratio \|.*$", page, re.MULTILINE)
    assert len(ours.split("|")) == len(mean.split("|")) > len(by_set.split("|"))
    assert len(outside.split("|")) == 3 + 3 * len(LOSSES), "our own, near and far"
    assert re.search(r"^\| 30 \| \d+ \|", page, re.MULTILINE)
    drawn = (tmp_path / "new" / "curves.svg").read_text()
    assert drawn.count("<polyline") == 2
    assert "Our knowledge" in drawn
    assert "Public sets (mean)" in drawn


def test_measuring_twice_gives_the_same_figures(task: Task) -> None:
    one, other = (measure("ours, lexical", [task]).quality for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--knowledge", "no-such-folder"], "no-such-folder"), (["--data", "no-such-folder"], "BENCH_DATA")],
)
def test_a_wrong_folder_is_named(
    knowledge: Path, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=said):
        main(["--knowledge", str(knowledge), *arguments])


def test_a_curve_ends_where_it_leaves_the_picture() -> None:
    drawn = picture({"A & B": {"<x>": [0.0, 0.3, 0.9]}})
    (points,) = re.findall(r'points="([^"]*)"', drawn)
    assert len(points.split()) == 2
    assert "A &amp; B" in drawn
    assert "&lt;x&gt;" in drawn


def test_the_readme_shows_what_was_measured() -> None:
    """Its table is the one in bench/results.md; where this fails, copy it from there."""
    page = (ROOT / "bench" / "results.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| (?:System|ours|rapidfuzz|SQLite|BM25|logistic|reference).*$", readme, re.MULTILINE)
    assert shown
    assert [row for row in shown if row not in page] == []
