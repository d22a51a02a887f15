"""Measuring one system on one task, in a process of its own so that its memory can be told."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import numpy as np

from bench.measures import Quality, judge, mean
from bench.questions import Asked, Task
from bench.systems import ENTRANTS, Entrant, Reading

P = ParamSpec("P")
Found = TypeVar("Found")

MEGABYTE = 1 << 20
KILOBYTE = 1 if sys.platform == "darwin" else 1 << 10  # ru_maxrss counts bytes on macOS, kilobytes elsewhere


@dataclass(frozen=True, slots=True)
class Result:
    """One system on one set: figures and costs, the mean over its draws."""

    quality: Quality
    build: float  # seconds of processor time until the first question can be asked
    median: float  # milliseconds a question
    slowest: float  # … of the slowest 1 %
    memory: float  # megabytes that the process grew by, at its largest


def measure(name: str, tasks: Sequence[Task]) -> Result:
    """Asks the system of this name all questions of its tasks, one after the other, on one core."""
    entrant = next(entrant for entrant in ENTRANTS if entrant.name == name)
    before = largest()
    qualities, builds, times = [], [], []
    for task in tasks:
        readings, build, took = _ask(entrant, task)
        qualities.append(judge(readings, task.questions))
        builds.append(build)
        times += took
    median, slowest = np.median(times), np.quantile(times, 0.99)
    return Result(mean(qualities), float(np.mean(builds)), float(median), float(slowest), largest() - before)


def largest() -> float:
    """Megabytes that this process has had at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE / MEGABYTE


def _ask(entrant: Entrant, task: Task) -> tuple[list[Reading], float, list[float]]:
    """Readings in the order of the questions, seconds of building, milliseconds of each reading."""
    start = time.process_time()
    system = entrant.make(task)
    folds: list[range] = [range(fold, len(task.questions), task.folds) for fold in range(task.folds)]
    build, took = 0.0, [0.0] * len(task.questions)
    readings: dict[int, Reading] = {}
    for fold in folds:
        others: list[Asked] = [task.questions[i] for part in folds if part is not fold for i in part]
        system.practise(others)
        build = build or time.process_time() - start
        for number in fold:
            begin = time.process_time()
            readings[number] = system.read(task.questions[number].text)
            took[number] = (time.process_time() - begin) * 1000
    return [readings[number] for number in range(len(took))], build, took


def alone(work: Callable[P, Found], *args: P.args, **kwargs: P.kwargs) -> Found:
    """Does work in a new process, where nothing else has taken memory yet."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()
