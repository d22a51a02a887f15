"""``python -m bench``: measures everything and writes ``results.md`` and ``curves.svg``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.curves import picture
from bench.measuring import Result, alone, measure
from bench.page import over, page
from bench.questions import Task, our_task, public_tasks
from bench.scale import SIZES, cost
from bench.systems import ENTRANTS, missing
from bot.errors import OperatorError

HERE = Path(__file__).parent
PAGE, PICTURE = "results.md", "curves.svg"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures what is asked for."""
    given = _parser().parse_args(arguments)
    try:
        task = our_task(given.knowledge)
    except OperatorError as error:
        sys.exit(str(error))
    public = public_tasks(given.data, task.terms) if given.data else {}
    if given.data and not public:
        sys.exit(
            f"{given.data} holds no question set. Remedy: let BENCH_DATA name a folder with files such as id_xsid.jsonl"
        )
    ours = _results("our knowledge", [task], given.only)
    by_set = {name: _results(name, tasks, given.only) for name, tasks in public.items()}
    costs = []
    for size in given.sizes:
        _say(f"{size} phrasings")
        costs.append(alone(cost, replace(task, knowledge=None), size))
    panels = {"Our knowledge": ours} | ({"Public sets (mean)": over(by_set)} if by_set else {})
    curves = {title: {n: r.quality.risk for n, r in found.items() if r.quality.risk} for title, found in panels.items()}
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / PICTURE).write_text(picture(curves), encoding="utf-8")
    (given.out / PAGE).write_text(page(ours, task, by_set, costs, PICTURE), encoding="utf-8")
    print((given.out / PAGE).read_text(encoding="utf-8"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    folder = os.environ.get("BENCH_DATA")
    parser.add_argument("--knowledge", type=Path, default=HERE.parent / "knowledge", help="folder of our knowledge")
    parser.add_argument("--data", type=Path, default=Path(folder) if folder else None, help="folder of public sets")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the results")
    parser.add_argument("--only", default="", help="measure only systems with this in their name")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="numbers of phrasings for the scale")
    return parser


def _results(where: str, tasks: Sequence[Task], only: str) -> dict[str, Result]:
    """Every system that can be measured on these tasks, each in a process of its own."""
    found = {}
    for entrant in ENTRANTS:
        if only not in entrant.name or (entrant.ours_only and tasks[0].knowledge is None):
            continue
        if missing(entrant):
            _say(f"{entrant.name} is left out: {entrant.package} is not installed. Remedy: {entrant.remedy}")
            continue
        _say(f"{where}: {entrant.name}")
        found[entrant.name] = alone(measure, entrant.name, tasks)
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
