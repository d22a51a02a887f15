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
from typing import TypeVar

from bot.dialogue.fitting import fit_matcher, learn_cuts
from bot.dialogue.mind import Fitted
from bot.errors import OperatorError
from bot.language.calibration import Cuts
from bot.language.matching import Matcher
from bot.language.semantic import NO_ENCODER, load_encoder, version_of
from bot.model import Entry, Knowledge, Rehearsal, Variant
from bot.vectors import keep, recall

CACHE = Path("data") / "matcher"
KEPT_CACHES = 3  # fitted matchers kept; each is some megabytes
CODE_THAT_FITS = ("language", "dialogue", "regions")  # rooms whose code decides what is fitted
BELOW_ANSWERING = 15  # niceness of the process that learns cuts, where there is such a thing: whoever asks goes first
KEY_DIGITS = 16  # of a cache's file name
SIZE = 8  # bytes that tell how long a part of a fit is, before it
PIECE = 1 << 20  # bytes read at a time

Part = TypeVar("Part")


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
        matcher = self.matcher()
        return Fitted(matcher, self.cuts(matcher))

    def matcher(self) -> Matcher:
        """The first and shorter part of a fit: answers can be given with it, and with the cuts of an older one."""
        if self.encoder == NO_ENCODER:
            return fit_matcher(self.knowledge)
        meaning = recall(load_encoder(self.encoder), self.vectors)
        matcher = fit_matcher(self.knowledge, meaning)
        keep(meaning, self.vectors)
        return matcher

    def cuts(self, matcher: Matcher) -> Cuts:
        """The second part: the cuts of the matcher of this recipe."""
        return learn_cuts(
            self.knowledge,
            matcher,
            answer_precision=self.answer_precision,
            max_out_of_scope=self.max_out_of_scope,
        )


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
        variants=tuple(Variant("", variant.year, variant.number) for variant in entry.variants),
    )


def _questions(rehearsal: Rehearsal) -> Rehearsal:
    """A test conversation without where it stands and why it may fail."""
    return Rehearsal(tuple(replace(turn, style="", file="", line=0, known_failure="") for turn in rehearsal.turns))


@cache
def _code_version() -> str:
    """The code that fits, as it was when the program started: what is loaded, not what came later."""
    return _code_on_disk()


def _code_on_disk() -> str:
    """Hash of the code that fits, as it is now."""
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
            self.say("Mempelajari basis pengetahuan ...")
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


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A fit under way: one part after the other."""

    key: str  # of its recipe
    process: Process | None  # None where a thread does it
    matcher: asyncio.Task[Matcher]
    cuts: asyncio.Task[Cuts]

    async def end(self) -> None:
        """Ends it, whatever it is doing."""
        self.matcher.cancel()  # first, or they would complain that the process has ended
        self.cuts.cancel()
        await asyncio.gather(self.matcher, self.cuts, return_exceptions=True)
        if self.process is not None:
            await _ended(self.process)


class Apart:
    """Fits in a process of its own; in a thread it would hold up the answers for seconds. One fit at a time.

    Only where the code on disk is no longer the one that runs, a thread has to do.
    """

    def __init__(self) -> None:
        self._spare: Process | None = None  # waits for a recipe
        self._fitting: _Fitting | None = None

    async def warm(self) -> None:
        """Starts a process for the next fit where there is none: loading its libraries takes a quarter of a second."""
        if self._spare is None:
            here = str(Path(__file__).parents[1])
            path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
            self._spare = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"from {__name__} import fit_apart; fit_apart()",
                stdin=PIPE, stdout=PIPE, limit=PIECE, env=os.environ | {"PYTHONPATH": path},
            )  # fmt: skip

    async def matcher(self, recipe: Recipe, key: str) -> Matcher:
        """The first part of the fit of a recipe, whose ``key`` this is; the process goes on with the second.

        Whoever gives up waiting does not end the fit: who asks for the same one next finds it further on. A fit of
        another recipe is given up for this one. Raises OperatorError where the process fails.
        """
        fitting = await self._begun(recipe, key)
        return await self._part(fitting, fitting.matcher)

    async def cuts(self, recipe: Recipe, key: str) -> Cuts:
        """The second part; all else as with the first."""
        fitting = await self._begun(recipe, key)
        return await self._part(fitting, fitting.cuts)

    async def rest(self) -> None:
        """Ends the process that waits for a recipe: it holds some 60 megabytes. A fit goes on."""
        spare, self._spare = self._spare, None
        if spare is not None:
            await _ended(spare)

    async def close(self) -> None:
        """Ends everything."""
        await self.rest()
        fitting, self._fitting = self._fitting, None
        if fitting is not None:
            await fitting.end()

    async def _begun(self, recipe: Recipe, key: str) -> _Fitting:
        if self._fitting is None or self._fitting.key != key:
            before, self._fitting = self._fitting, None
            if before is not None:
                await before.end()
            if recipe.code == _code_on_disk():
                await self.warm()
                process, self._spare = self._spare, None
                assert process is not None  # noqa: S101 - it has just been warmed
                matcher = asyncio.create_task(_matcher_from(process, recipe))
                cuts = asyncio.create_task(_cuts_from(process, matcher))
            else:  # a new process would load an update of the program, which shall wait for the restart
                process = None
                matcher = asyncio.create_task(asyncio.to_thread(recipe.matcher))
                cuts = asyncio.create_task(_cuts_here(recipe, matcher))
            self._fitting = _Fitting(key, process, matcher, cuts)
        return self._fitting

    async def _part(self, fitting: _Fitting, part: asyncio.Task[Part]) -> Part:
        await asyncio.wait({part})
        failed = part.cancelled() or part.exception() is not None
        if self._fitting is fitting and (failed or part is fitting.cuts):
            self._fitting = None
            if failed:
                await fitting.end()
        return part.result()


async def _ended(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _matcher_from(process: Process, recipe: Recipe) -> Matcher:
    given = await asyncio.to_thread(pickle.dumps, recipe, pickle.HIGHEST_PROTOCOL)
    assert process.stdin is not None  # noqa: S101 - it was started with a pipe
    with suppress(ConnectionError):  # why it ended is found out below
        process.stdin.write(given)
        await process.stdin.drain()
        process.stdin.close()
    matcher = await _received(process)
    assert isinstance(matcher, Matcher)  # noqa: S101 - of the same code, or the process would have refused
    return matcher


async def _cuts_from(process: Process, matcher: asyncio.Task[Matcher]) -> Cuts:
    await matcher
    cuts = await _received(process)
    await process.wait()
    assert isinstance(cuts, Cuts)  # noqa: S101 - of the same code
    return cuts


async def _cuts_here(recipe: Recipe, matcher: asyncio.Task[Matcher]) -> Cuts:
    return await asyncio.to_thread(recipe.cuts, await matcher)


async def _received(process: Process) -> object:
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    try:
        size = int.from_bytes(await process.stdout.readexactly(SIZE))
        made = await process.stdout.readexactly(size)
    except asyncio.IncompleteReadError:
        raise OperatorError(
            f"the matcher could not be fitted: its process ended with {await process.wait()}. "
            "Remedy: see what it wrote above; if that does not help, restart the bot"
        ) from None
    return await asyncio.to_thread(pickle.loads, made)


def fit_apart() -> None:
    """The work of that process: a recipe comes in by standard input, the parts of its fit leave by standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which ends this process
    given = sys.stdin.buffer.read()
    if not given:
        return
    recipe = pickle.loads(given)  # noqa: S301 - from the process that started this one
    assert isinstance(recipe, Recipe)  # noqa: S101
    if recipe.code != _code_version():
        sys.exit("The code of the bot has changed since it was started. Remedy: restart the bot.")
    matcher = recipe.matcher()
    _send(matcher)
    if hasattr(os, "nice"):
        os.nice(BELOW_ANSWERING)
    _send(recipe.cuts(matcher))


def _send(part: object) -> None:
    made = pickle.dumps(part, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.write(len(made).to_bytes(SIZE) + made)
    sys.stdout.buffer.flush()
