"""The page of results, as Markdown."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Mapping, Sequence

from bench.measures import LOSSES, mean
from bench.measuring import Result
from bench.questions import PER_INTENT, SEEDS, Task
from bench.scale import Cost
from bench.systems import ENTRANTS

COLUMNS: dict[str, str] = {  # figure → heading
    "top1": "Top-1",
    "recall": "Recall@3",
    "auroc": "AUROC",
    "auto95": "Auto@95",
    "right": "Right at once",
    "offered": "Offered",
    "wrong": "Wrong",
    "declined": "Outside: declined",
    "answered": "Outside: answered",
}
COSTS = ("Median ms", "p99 ms", "Build s", "MB")
COMPACT = ("top1", "recall", "auroc", "auto95")

Results = Mapping[str, Result]  # by name of the system

READING = f"""\
Top-1 and Recall@3: answerable questions with a right label first, or among the first three. AUROC: how well a system's
confidence tells answerable questions from others. Auto@95: answerable questions answered rightly at the cut, known only
afterwards, where 95 % of all answers are right. The next five columns are at the system's own cut, as it is shipped:
of the answerable questions those answered rightly at once, asked back with a right answer among three choices, and
answered wrongly; of those outside, declined and answered. All in per cent. Times are processor time on
one core; MB is what a process of its own grows by, at its largest.

Cuts: {"; ".join(f"{entrant.name}: {entrant.cut}" for entrant in ENTRANTS)}."""

OURS = """\
{phrasings} phrasings of {labels} labels; {inside} test questions of `knowledge/uji` that an entry must answer and
{outside} that must be declined. Every system gets the same phrasings, those of region questions and of other topics
too; where its best label is another topic, it declines. Our cuts are learned from the half of the test questions that
is not being asked. "The whole bot" also finds places and years and reads whole messages."""

PUBLIC = f"""\
Mean of {{sets}}; {SEEDS} draws each, {PER_INTENT} phrasings an intent, a quarter of the questions outside. All cuts are
learned without seeing a question."""


OUTSIDE = """\
Of the questions that nothing should answer, how many are declined (per cent) where so many of the answerable ones are
declined as well. Near: of the same domain, from intents that were held out; far: from another domain. Those of our own
knowledge are some of both."""


def page(ours: Results, task: Task, public: Mapping[str, Results], costs: Sequence[Cost], picture: str) -> str:
    """Everything that was measured; ``public`` is empty where there were no public sets."""
    inside = sum(bool(asked.right) for asked in task.questions)
    about = OURS.format(
        phrasings=f"{len(task.phrasings):,}",
        labels=len(set(task.labels)),
        inside=inside,
        outside=len(task.questions) - inside,
    )
    parts = [
        "# The matcher beside everything else",
        f"Written by `make bench` with Python {platform.python_version()} on {platform.machine()}.",
        "## Our knowledge",
        about,
        _figures(ours),
    ]
    if public:
        parts += ["## Public question sets", PUBLIC.format(sets=", ".join(public)), _figures(over(public))]
        parts += [f"{' / '.join(COLUMNS[name] for name in COMPACT)}:", _by_set(public)]
    parts += ["## Risk and coverage", f"![Share of wrong answers by share of questions answered]({picture})"]
    parts += ["## Outside", OUTSIDE, _outside({"ours": ours} | ({"public": over(public)} if public else {}))]
    if costs:
        parts += ["## Scale", "Our matcher, lexical, with more and fewer phrasings.", _costs(costs)]
    return "\n\n".join([*parts, "## How to read it", READING]) + "\n"


def over(public: Mapping[str, Results]) -> Results:
    """The mean over the sets of each system that was measured on all of them."""
    names = [name for name in next(iter(public.values())) if all(name in results for results in public.values())]
    return {name: _mean([results[name] for results in public.values()]) for name in names}


def _mean(results: Sequence[Result]) -> Result:
    costs = {
        name: sum(getattr(r, name) for r in results) / len(results) for name in ("build", "median", "slowest", "memory")
    }
    return Result(mean([result.quality for result in results]), **costs)


def _figures(results: Results) -> str:
    rows = []
    for name, result in results.items():
        shares = [_percent(getattr(result.quality, figure)) for figure in COLUMNS]
        rows.append([name, *shares, *_cost(result.median, result.slowest, result.build, result.memory)])
    return _table(["System", *COLUMNS.values(), *COSTS], rows)


def _by_set(public: Mapping[str, Results]) -> str:
    names = list(next(iter(public.values())))
    rows = []
    for name in names:
        qualities = [results[name].quality for results in public.values()]
        rows.append([name, *(" / ".join(_percent(getattr(q, figure)) for figure in COMPACT) for q in qualities)])
    return _table(["System", *public], rows)


def _outside(results: Mapping[str, Results]) -> str:
    """Near and far for every loss; a system's own knowledge has no near ones."""
    curves: dict[str, dict[str, Sequence[float]]] = {}
    for where, found in results.items():
        for name, result in found.items():
            for kind, curve in (("near", result.quality.near), ("far", result.quality.far)):
                if curve:
                    curves.setdefault(name, {})["ours" if where == "ours" else kind] = curve
    kinds = [kind for kind in ("ours", "near", "far") if any(kind in curve for curve in curves.values())]
    head = ["System", *(f"{kind} at {loss:.0%}".replace("%", " %") for kind in kinds for loss in LOSSES)]
    nothing = [float("nan")] * len(LOSSES)
    rows = [[n, *(_percent(x) for kind in kinds for x in found.get(kind, nothing))] for n, found in curves.items()]
    return _table(head, rows)


def _costs(costs: Sequence[Cost]) -> str:
    rows = [
        [f"{cost.phrasings:,}", str(cost.labels), *_cost(cost.median, cost.slowest, cost.build, cost.memory)]
        for cost in costs
    ]
    return _table(["Phrasings", "Labels", *COSTS], rows)


def _cost(median: float, slowest: float, build: float, memory: float) -> list[str]:
    return [f"{median:.2f}", f"{slowest:.1f}", f"{build:.1f}", f"{memory:,.0f}"]


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruled = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ruled, *rows])
