"""Keeps a running bot at the state of its knowledge files: a sound edit goes live, any other leaves the last good one.

Nothing of this is felt by whoever asks. Files are read in a thread, and where an edit changes what can be asked, the
matcher is fitted in a process of its own; then one assignment puts the new mind in the place of the old one. A new
matcher answers with the cuts of the one before until its own are learned, a few seconds later. Measured
on two busy cores with 20 questions a second (``make soak-reload``): an edit is live 0.9 s after its last write
(median; 1.3 s where there are other phrasings, 2.2 s at most), and 99 % of the answers take less than 0.7 s.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from bot.assistant import Assistant
from bot.config import Answering
from bot.curation.last_good import LastGood
from bot.curation.load import load
from bot.curation.watch import Fingerprint, changes, fingerprint
from bot.dialogue.mind import Fitted, Mind, assemble
from bot.model import Knowledge, Problem, Rejection
from bot.preparation import Apart, MatcherCache, Recipe

log = logging.getLogger(__name__)

GRACE = 1.0  # seconds until mistakes count: an editor, or a person, may be in the middle of something
TELL_AGAIN = timedelta(minutes=10)  # other mistakes after the first ones are news for staff only after this time
UNSETTLED = "unsettled"  # instead of a key, where the matcher in service has been left without cuts of its own
SHOWN = 10  # mistakes written out; the others are counted

Tell: TypeAlias = Callable[[str], Awaitable[None]]
"""Brings a text to staff."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one look at the files; with ``problems`` the version before is still in service."""

    changed: bool
    problems: tuple[Problem, ...] = ()  # without warnings
    seconds: float = 0.0


class Reloader:
    """Loads the knowledge in ``folder`` into ``assistant`` whenever its files change, or when it is asked to.

    ``seen`` is the fingerprint of the files that the assistant's mind was made from, or an older one. ``now`` tells the
    time with its zone. What is taken into service is kept in ``last_good``, where that is given, for the next start.
    """

    def __init__(
        self,
        assistant: Assistant,
        folder: Path,
        seen: Fingerprint,
        *,
        answering: Answering,
        cache: Path,
        now: Callable[[], datetime],
        last_good: LastGood | None = None,
    ) -> None:
        self._assistant = assistant
        self._folder = folder
        self._seen = seen
        self._answering = answering
        self._cache = MatcherCache(cache, log.warning)
        self._apart = Apart()
        self._now = now
        self._last_good = last_good
        self._key = ""  # of the recipe in service; "" until it is needed
        self._loading: asyncio.Task[Outcome] | None = None
        self._settling: asyncio.Task[None] | None = None  # learns the cuts of the matcher in service
        self._watching = False
        self._told: tuple[tuple[Problem, ...], datetime] | None = None

    async def watch(self, tell: Tell) -> None:
        """Takes over every edit until it is cancelled.

        ``tell`` hears once that an edit was rejected, also one before the start, and once that a later one is sound
        again.
        """
        self._watching = True
        try:
            async with asyncio.TaskGroup() as following:
                following.create_task(self._follow(tell, reload=False))
                async for _ in changes(self._folder, self._seen):
                    following.create_task(self._follow(tell))
        finally:
            for task in filter(None, (self._loading, self._settling)):
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await self._apart.close()

    async def by_hand(self) -> str:
        """Loads what is there now and returns the report for whoever asked for it."""
        try:
            outcome = await self.reload()
            if not self._watching:  # then nobody stays to take the cuts
                await self.settled()
            return self._report(outcome)
        except Exception:
            log.exception("the knowledge could not be loaded")
            return self._assistant.message("muat_ulang_gagal")

    async def refresh(self) -> str:
        """Loads the files if they have changed since the last time, and returns the report; "" where they have not.

        For the terminal, where nobody watches the files between two questions.
        """
        return await self.by_hand() if fingerprint(self._folder) != self._seen else ""

    async def reload(self) -> Outcome:
        """Loads what is there now.

        A load still under way is given up, and whoever waits for it gets the outcome of this one: only the latest
        state of the files is of interest.
        """
        if self._loading is not None:
            self._loading.cancel()
        self._loading = asyncio.create_task(self._load())
        waited_for = None
        while waited_for is not self._loading:
            waited_for = self._loading
            await asyncio.wait({waited_for})
        return waited_for.result()

    async def settled(self) -> None:
        """Waits until what is in service has cuts of its own."""
        if self._settling is not None:
            await asyncio.wait({self._settling})

    async def _follow(self, tell: Tell, *, reload: bool = True) -> None:
        try:
            if reload:
                await self.reload()
            await self._announce(tell)
        except Exception:
            log.exception("the knowledge could not be loaded")

    async def _load(self) -> Outcome:
        start = time.monotonic()
        await self._apart.warm()  # its libraries load while we read
        try:
            knowledge, problems = await self._read()
            if knowledge is None:
                return self._reject(problems)
            changed = await self._serve(knowledge)
            if self._last_good is not None:
                await asyncio.to_thread(self._last_good.keep, knowledge.version, self._seen)
        finally:
            if self._loading is asyncio.current_task():  # else a newer load has use for the process
                await self._apart.rest()
        return Outcome(changed, seconds=time.monotonic() - start)

    async def _read(self) -> tuple[Knowledge | None, tuple[Problem, ...]]:
        """The files of one moment: what has changed meanwhile is read again."""
        while True:
            self._seen = fingerprint(self._folder)
            knowledge, problems = await asyncio.to_thread(load, self._folder)
            if knowledge is None:
                await asyncio.sleep(GRACE)
            if fingerprint(self._folder) == self._seen:
                return knowledge, problems

    async def _serve(self, knowledge: Knowledge) -> bool:
        """Puts the knowledge in service; False where it is there already."""
        mind = self._assistant.mind
        if not self._key:
            self._key = await asyncio.to_thread(lambda: self._recipe(mind.knowledge).key)
        recipe = await asyncio.to_thread(self._recipe, knowledge)
        key = await asyncio.to_thread(lambda: recipe.key)
        if (knowledge.version, key) == (mind.knowledge.version, self._key):
            self._assistant.rejected = None
            return False
        in_service = Fitted(mind.matcher, mind.cuts)
        known = in_service if key == self._key else await asyncio.to_thread(self._cache.find, key)
        assembled = asyncio.to_thread(assemble, knowledge, known or in_service)
        if known:
            mind = await assembled
        else:
            self._leave_unsettled()
            mind, matcher = await asyncio.gather(assembled, self._apart.matcher(recipe, key))
            mind = replace(mind, matcher=matcher)
        log.info("knowledge %s takes the place of %s", knowledge.version, self._assistant.mind.knowledge.version)
        if mind.matcher is self._assistant.mind.matcher:
            mind = replace(mind, cuts=self._assistant.mind.cuts)  # they may have come meanwhile
        self._assistant.mind, self._key, self._assistant.rejected = mind, key, None
        if known is None:
            self._settling = asyncio.create_task(self._settle(recipe, key, mind))
        return True

    def _leave_unsettled(self) -> None:
        if self._settling is not None and not self._settling.done():
            self._settling.cancel()
            self._key = UNSETTLED

    async def _settle(self, recipe: Recipe, key: str, mind: Mind) -> None:
        """Gives the matcher of a mind in service its own cuts, and keeps both for the next start."""
        try:
            cuts = await self._apart.cuts(recipe, key)
        except Exception:
            log.exception("the cuts could not be learned; the next edit tries again")
            self._key = UNSETTLED
            return
        if self._assistant.mind.matcher is mind.matcher:  # an edit of answers alone has left it there
            self._assistant.mind = replace(self._assistant.mind, cuts=cuts)
        await asyncio.to_thread(self._cache.keep, key, Fitted(mind.matcher, cuts))

    def _recipe(self, knowledge: Knowledge) -> Recipe:
        return Recipe.of(
            knowledge,
            answer_precision=self._answering.answer_precision,
            max_out_of_scope=self._answering.max_out_of_scope,
            encoder=self._answering.encoder,
            vectors=self._cache.folder,
        )

    def _reject(self, problems: tuple[Problem, ...]) -> Outcome:
        mistakes = tuple(problem for problem in problems if not problem.warning)
        before = self._assistant.rejected
        self._assistant.rejected = Rejection(mistakes, before.since if before else self._now())
        log.warning(
            "an edit of the knowledge is not in service: %d problems, the first in %s:%d. Remedy: python -m bot check",
            len(mistakes),
            mistakes[0].file,
            mistakes[0].line,
        )
        return Outcome(changed=False, problems=mistakes)

    async def _announce(self, tell: Tell) -> None:
        """Tells staff what is news to them; noted before it is told, so that nobody else tells it as well."""
        rejected, now = self._assistant.rejected, self._now()
        if rejected is None:
            if self._told is not None:
                self._told = None
                await tell(self._assistant.message("muat_ulang_pulih", **self._contents()))
            return
        known, when = self._told or ((), now - TELL_AGAIN)
        if rejected.problems != known and now - when >= TELL_AGAIN:
            self._told = rejected.problems, now
            await tell(self._refusal(rejected.problems))

    def _report(self, outcome: Outcome) -> str:
        if outcome.problems:
            return self._refusal(outcome.problems)
        if not outcome.changed:
            return self._assistant.message("muat_ulang_sama", **self._contents())
        took = f"{outcome.seconds:.1f}".replace(".", ",")
        return self._assistant.message("muat_ulang_berhasil", detik=took, **self._contents())

    def _refusal(self, problems: tuple[Problem, ...]) -> str:
        lines = [f"- {problem}" for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(self._assistant.message("muat_ulang_sisa", jumlah=str(len(problems) - SHOWN)))
        version = self._assistant.mind.knowledge.version
        return self._assistant.message(
            "muat_ulang_ditolak", jumlah=str(len(problems)), masalah="\n".join(lines), versi=version
        )

    def _contents(self) -> dict[str, str]:
        knowledge = self._assistant.mind.knowledge
        return {"jumlah_entri": str(len(knowledge.entries)), "versi": knowledge.version}
