"""The costly step from knowledge to answers: fitting the matcher once, keeping it on disk, and doing it apart.

What fitting reads is taken out of the knowledge first (``Recipe``). Most edits leave it as it is: answers, sources,
titles of topics, messages and the table of years are no part of it, so after such an edit nothing is fitted anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from bot.dialogue.fitting import fit
from bot.dialogue.mind import Fitted
from bot.errors import OperatorError
from bot.language.semantic import NO_ENCODER, load_encoder, version_of
from bot.model import Entry, Knowledge, Rehearsal
from bot.vectors import keep, recall

CACHE = Path("data") / "matcher"
KEPT_CACHES = 3  # fitted matchers kept; each is some megabytes
CODE_THAT_FITS = ("language", "dialogue", "regions")  # rooms whose code decides what is fitted
BELOW_ANSWERING = 5  # niceness of the process that fits, where there is such a thing: whoever asks goes first
KEY_DIGITS = 16  # of a cache's file name


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one fit is made from, and nothing else: the same recipe gives the same fit.

    ``knowledge`` holds only what is asked and how it is read; ``code`` is the version of the code that fits. What the
    ``encoder`` makes of phrasings is kept in the folder ``vectors``, which saves time and changes nothing.
    """

    knowledge: Knowledge
    answer_precision: float
    max_out_of_scope: float
    code: str
    encoder: str = NO_ENCODER
    vectors: Path = field(default=CACHE, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        knowledge: Knowledge,
        *,
        answer_precision: float,
        max_out_of_scope: float,
        encoder: str = NO_ENCODER,
        vectors: Path = CACHE,
    ) -> Recipe:
        """Takes out of ``knowledge`` what fitting reads; the two shares are those of ``fit``."""
        asked = replace(
            knowledge,
            version="",
            entries={entry.id: _asked(entry) for entry in knowledge.entries.values()},
            topics=(),
            sources={},
            cohorts={},
            applicants=(),
            off_topics=tuple(replace(group, title="", answer="") for group in knowledge.off_topics),
            messages={},
            rehearsals=tuple(_questions(rehearsal) for rehearsal in knowledge.rehearsals),
        )
        return cls(asked, answer_precision, max_out_of_scope, _code_version(), encoder, vectors)

    @property
    def key(self) -> str:
        """Short name of this recipe; another one has another name.

        Raises OperatorError where its encoder is not installed.
        """
        return hashlib.sha256(f"{self!r} {version_of(self.encoder)}".encode()).hexdigest()[:KEY_DIGITS]

    def fit(self) -> Fitted:
        """Fits the matcher and its cuts: seconds of work for thousands of phrasings."""
        meaning = None if self.encoder == NO_ENCODER else recall(load_encoder(self.encoder), self.vectors)
        fitted = fit(
            self.knowledge,
            answer_precision=self.answer_precision,
            max_out_of_scope=self.max_out_of_scope,
            meaning=meaning,
        )
        if meaning is not None:
            keep(meaning, self.vectors)
        return fitted


def _asked(entry: Entry) -> Entry:
    """An entry without what is only told."""
    return Entry(
        id=entry.id,
        topic="",
        title=entry.title,
        utterances=entry.utterances,
        answer="",
        checked=date.min,
        kind=entry.kind,
        threshold=entry.threshold,
        suggestable=entry.suggestable,
    )


def _questions(rehearsal: Rehearsal) -> Rehearsal:
    """A test conversation without where it stands and why it may fail."""
    return Rehearsal(tuple(replace(turn, style="", file="", line=0, known_failure="") for turn in rehearsal.turns))


@cache
def _code_version() -> str:
    """Hash of the code that fits, as it was when the program started: what is loaded, not what came later."""
    here = Path(__file__).parent
    files = sorted(f for room in CODE_THAT_FITS for f in (here / room).rglob("*.py"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in [here / "model.py", *files])).hexdigest()


@dataclass(frozen=True, slots=True)
class MatcherCache:
    """Fitted matchers in a folder, one file each; ``say`` hears what takes time or cannot be done."""

    folder: Path
    say: Callable[[str], None]

    def make(self, recipe: Recipe) -> Fitted:
        """The fit of a recipe: the one that is kept, or a new one, which is kept from then on."""
        key = recipe.key
        fitted = self.find(key)
        if fitted is None:
            self.say("Fitting the matcher to the knowledge ...")
            fitted = recipe.fit()
            self.keep(key, fitted)
        return fitted

    def find(self, key: str) -> Fitted | None:
        """The fit of the recipe with this key, None where there is none that can be read."""
        file = self._file(key)
        try:
            cached = pickle.loads(file.read_bytes())  # noqa: S301 - written by this program, in its own data folder
        except FileNotFoundError:
            return None
        except Exception:  # a damaged pickle can raise anything
            self.say(f"{file} cannot be read and is made anew.")
            return None
        with suppress(OSError):
            os.utime(file)  # the first to go are those that nobody has used for longest
        return cached if isinstance(cached, Fitted) else None

    def keep(self, key: str, fitted: Fitted) -> None:
        """Writes a fit; a folder that cannot be written only costs time at the next start."""
        file = self._file(key)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_suffix(f".{os.getpid()}.tmp")  # another bot may be starting as well
            unfinished.write_bytes(pickle.dumps(fitted, protocol=pickle.HIGHEST_PROTOCOL))
            unfinished.replace(file)
            for old in sorted(file.parent.glob("*.pickle"), key=lambda f: f.stat().st_mtime)[:-KEPT_CACHES]:
                old.unlink(missing_ok=True)
        except OSError as error:
            self.say(f"The matcher's cache {file} cannot be written ({error.strerror}); the next start takes longer.")

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.pickle"


# --- fitting while the bot goes on answering ------------------------------------------------------------------------


class Apart:
    """Fits in a process of its own; in a thread it would hold up the answers for seconds. One fit at a time."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._fitting: tuple[str, asyncio.Task[Fitted]] | None = None  # the key of a recipe, and its fit

    async def warm(self) -> None:
        """Starts the process where there is none: loading its libraries takes a quarter of a second."""
        if self._process is None:
            here = str(Path(__file__).parents[1])
            path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"from {__name__} import fit_apart; fit_apart()",
                stdin=PIPE, stdout=PIPE, env=os.environ | {"PYTHONPATH": path},
            )  # fmt: skip

    async def fit(self, recipe: Recipe, key: str) -> Fitted:
        """Fits a recipe, whose ``key`` this is.

        Whoever gives up waiting does not end the fit: who asks for the same one next finds it further on. A fit of
        another recipe is given up for this one. Raises OperatorError where the process fails or has other code.
        """
        if self._fitting is None or self._fitting[0] != key:
            if self._fitting is not None:
                await self.close()
            await self.warm()
            self._fitting = key, asyncio.create_task(self._fit(recipe))
        fitting = self._fitting[1]
        try:
            return await asyncio.shield(fitting)
        finally:
            if fitting.done() and self._fitting == (key, fitting):
                await self.close()

    async def rest(self) -> None:
        """Ends the process unless it is fitting: it holds some 60 megabytes."""
        if self._fitting is None:
            await self.close()

    async def close(self) -> None:
        """Ends the process, whatever it is doing."""
        process, fitting = self._process, self._fitting
        self._process = self._fitting = None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if fitting is not None:
            fitting[1].cancel()
            await asyncio.gather(fitting[1], return_exceptions=True)

    async def _fit(self, recipe: Recipe) -> Fitted:
        process = self._process
        assert process is not None  # noqa: S101 - warmed by whoever started this
        given = await asyncio.to_thread(pickle.dumps, recipe, pickle.HIGHEST_PROTOCOL)
        made, _ = await process.communicate(given)
        if process.returncode:
            raise OperatorError(
                f"the matcher could not be fitted: its process ended with {process.returncode}. "
                "Remedy: see what it wrote above; after a change of the bot's code, restart the bot"
            )
        fitted = await asyncio.to_thread(pickle.loads, made)
        assert isinstance(fitted, Fitted)  # noqa: S101 - of the same code, or the process would have refused
        return fitted


def fit_apart() -> None:
    """The work of that process: a recipe comes in by standard input, its fit leaves by standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which ends this process
    if hasattr(os, "nice"):
        os.nice(BELOW_ANSWERING)
    given = sys.stdin.buffer.read()
    if not given:
        return
    recipe = pickle.loads(given)  # noqa: S301 - from the process that started this one
    assert isinstance(recipe, Recipe)  # noqa: S101
    if recipe.code != _code_version():
        sys.exit("The code of the bot has changed since it was started. Remedy: restart the bot.")
    sys.stdout.buffer.write(pickle.dumps(recipe.fit(), protocol=pickle.HIGHEST_PROTOCOL))
