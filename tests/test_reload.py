"""Hot reload: what an edit of the files does to the running bot, and what staff hear of it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from knowledge_builder import FAQ_PROGRAM, write_knowledge

from bot import reload
from bot.assistant import Assistant
from bot.cli import prepare
from bot.config import Answering, Config, KnowledgeSettings
from bot.console import chat
from bot.curation.last_good import LastGood
from bot.curation.load import load
from bot.curation.watch import fingerprint
from bot.dialogue.mind import Fitted, Mind, assemble
from bot.model import Asker, Rejection, Reply
from bot.reload import SHOWN, TELL_AGAIN, Reloader
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ANI = Asker("101", "101")
QUESTION = "Apa yang dimaksud dengan Gerakan Menuju 100 Smart City?"
OLD, NEW = "Program yang membimbing", "Gerakan yang mendampingi"
GRACE = 0.4  # instead of a second
SOON = 8.0  # seconds in which an edit must have been taken over, however busy the machine is

BETTER = FAQ_PROGRAM.replace(OLD, NEW)
ASKED_OTHERWISE = BETTER.replace("program smart city itu apa sih min", "gerakan seratus kota pintar itu gimana")
BROKEN = FAQ_PROGRAM.replace("jawaban:", "jawabn:").replace(OLD, "RUSAK")
BROKEN_LINE = "knowledge/faq/program.yaml:7: "
BROKEN_OTHERWISE = FAQ_PROGRAM.replace("[berita-lahat, portal-mou]", "[tidak-ada]").replace(OLD, "RUSAK")


class Bot:
    """The assistant with the small knowledge, and what staff were told."""

    def __init__(self, folder: Path, store: Store, file: Path) -> None:
        self.folder = folder
        self.file = file
        self.cache = folder.parent / "matcher"
        self.config = Config(knowledge=KnowledgeSettings(path=folder))
        self.assistant = Assistant(prepare(self.config, self.cache), store)
        self.clock = NOW
        self.reloader = self.restarted()
        self.told: list[str] = []

    def restarted(self, last_good: LastGood | None = None) -> Reloader:
        """A reloader that has seen the files as they are now."""
        seen, shares = fingerprint(self.folder), Answering()
        return Reloader(
            self.assistant,
            self.folder,
            seen,
            answering=shares,
            cache=self.cache,
            now=lambda: self.clock,
            last_good=last_good,
        )

    async def ask(self, text: str = QUESTION) -> Reply:
        return await self.assistant.ask(ANI, text, NOW)

    def edit(self, content: str, name: str = "faq/program.yaml") -> None:
        (self.folder / name).write_text(content, encoding="utf-8")

    def says(self, key: str, **values: str) -> str:
        return self.assistant.message(key, **values)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        async def tell(text: str) -> None:
            self.told.append(text)

        task = asyncio.create_task(self.reloader.watch(tell))
        await asyncio.sleep(0.1)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, done: Callable[[], bool | Awaitable[bool]]) -> None:
        """Waits for something to come about."""
        async with asyncio.timeout(SOON):
            while True:
                found = done()
                if found is True or (not isinstance(found, bool) and await found):
                    return
                await asyncio.sleep(0.02)

    async def answers(self, words: str) -> bool:
        return words in (await self.ask()).text

    def fits(self) -> int:
        return len(list(self.cache.iterdir()))


def versions(database: Path) -> list[str]:
    """The version that each logged question was answered from, in order."""
    with closing(sqlite3.connect(database)) as opened:
        return [version for (version,) in opened.execute("SELECT knowledge_version FROM questions ORDER BY id")]


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """The bot with the small knowledge."""
    monkeypatch.setattr(reload, "GRACE", GRACE)
    file = tmp_path / "bot.db"
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    yield Bot(write_knowledge(tmp_path / "knowledge"), store, file)
    await store.close()


# Good edits


async def test_an_answer_goes_live_without_fitting(bot: Bot) -> None:
    """What is only told costs no fit, and the log names the version that answered."""
    before = bot.assistant.mind
    assert await bot.answers(OLD)
    async with bot.watching():
        bot.edit(BETTER)
        await bot.until(lambda: bot.answers(NEW))
    after = bot.assistant.mind
    assert (after.matcher is before.matcher, bot.fits()) == (True, 1)
    assert after.knowledge.version != before.knowledge.version
    logged = versions(bot.file)
    assert (logged[0], logged[-1]) == (before.knowledge.version, after.knowledge.version)
    assert bot.told == []


async def test_a_phrasing_goes_live_and_is_kept_for_the_next_start(
    bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = "gerakan seratus kota pintar itu gimana"
    assert NEW not in (await bot.ask(asked)).text
    async with bot.watching():
        bot.edit(ASKED_OTHERWISE)
        await bot.until(lambda: bot.answers(NEW))
        await bot.reloader.settled()
    assert NEW in (await bot.ask(asked)).text
    capsys.readouterr()
    restarted = prepare(bot.config, bot.cache)
    assert capsys.readouterr().err == ""  # nothing is fitted
    assert restarted.matcher.rank(asked) == bot.assistant.mind.matcher.rank(asked)
    assert restarted.cuts == bot.assistant.mind.cuts


async def test_a_new_matcher_is_in_service_before_its_cuts_are_learned(bot: Bot) -> None:
    """An answer that is edited meanwhile goes live at once as well; then the cuts are those of a fresh start."""
    before = bot.assistant.mind
    bot.edit(ASKED_OTHERWISE)
    await bot.reloader.reload()
    fitted = bot.assistant.mind
    assert fitted.matcher is not before.matcher
    assert (fitted.cuts, bot.fits()) == (before.cuts, 1)
    bot.edit(ASKED_OTHERWISE.replace(NEW, "Versi lain."))
    await bot.reloader.reload()
    assert await bot.answers("Versi lain.")
    await bot.reloader.settled()
    assert bot.assistant.mind.matcher is fitted.matcher
    assert bot.fits() == 2
    assert bot.assistant.mind.cuts == prepare(bot.config, bot.cache).cuts


async def test_what_was_edited_during_the_start_goes_live(bot: Bot) -> None:
    bot.edit(BETTER)
    async with bot.watching():
        await bot.until(lambda: bot.answers(NEW))


async def test_of_quick_edits_the_last_one_is_served(bot: Bot) -> None:
    """A fit that is out of date before it is done is given up."""
    async with bot.watching():
        for number in range(4):
            bot.edit(ASKED_OTHERWISE.replace("gimana", f"gimana {number}").replace(NEW, f"Versi {number}."))
            await asyncio.sleep(0.25)
        await bot.until(lambda: bot.answers("Versi 3."))
    assert bot.told == []


# Edits with mistakes


async def test_a_bad_edit_is_told_once_and_never_served(bot: Bot) -> None:
    """The last good version answers; staff hear of the mistake, and later that it is gone."""
    version = bot.assistant.mind.knowledge.version
    async with bot.watching():
        bot.edit(BROKEN)
        await bot.until(lambda: len(bot.told) == 1)
        bot.edit(BROKEN + "\n# belum selesai\n")
        await asyncio.sleep(2 * GRACE)
        assert await bot.answers(OLD)
        assert len(bot.told) == 1
        assert BROKEN_LINE in bot.told[0]
        assert version in bot.told[0]
        bot.edit(BETTER)
        await bot.until(lambda: len(bot.told) == 2)
        assert await bot.answers(NEW)
    assert bot.told[1] == bot.says("muat_ulang_pulih", jumlah_entri="3", versi=bot.assistant.mind.knowledge.version)


async def test_about_tells_of_the_rejected_edit(bot: Bot) -> None:
    before = bot.assistant.about().text
    bot.edit(BROKEN)
    await bot.reloader.reload()
    bot.clock += timedelta(hours=2)
    await bot.reloader.reload()  # still the same mistakes
    problems = len(bot.assistant.rejected.problems) if bot.assistant.rejected else 0
    told = bot.says("tentang_ditolak", jumlah=str(problems), waktu="21 Nov 2026 15.00 WIB")
    assert bot.assistant.about().text == f"{before}\n\n{told}"
    bot.edit(FAQ_PROGRAM)
    await bot.reloader.reload()
    assert bot.assistant.about().text == before


async def test_a_half_written_file_is_no_mistake(bot: Bot) -> None:
    """What is whole within a moment was never wrong."""
    async with bot.watching():
        bot.edit(BETTER[: BETTER.index("sumber:") + 3])
        await asyncio.sleep(0.3)
        bot.edit(BETTER)
        await bot.until(lambda: bot.answers(NEW))
    assert (bot.told, bot.assistant.rejected) == ([], None)


async def test_other_mistakes_are_news_after_a_while(bot: Bot) -> None:
    """Who saves every few seconds while mending is not told every few seconds."""
    async with bot.watching():
        bot.edit(BROKEN)
        await bot.until(lambda: len(bot.told) == 1)
        bot.clock += TELL_AGAIN
        bot.edit(BROKEN_OTHERWISE)
        await bot.until(lambda: len(bot.told) == 2)
        assert "tidak-ada" in bot.told[1]
        bot.edit(BROKEN)
        await asyncio.sleep(2 * GRACE)
    assert len(bot.told) == 2


async def test_going_back_mends(bot: Bot) -> None:
    """To undo the edit is as good as to correct it."""
    async with bot.watching():
        bot.edit(BROKEN)
        await bot.until(lambda: len(bot.told) == 1)
        bot.edit(FAQ_PROGRAM)
        await bot.until(lambda: len(bot.told) == 2)
    assert bot.assistant.rejected is None


# A start while the files have mistakes


async def test_staff_hear_of_mistakes_from_before_the_start_and_that_they_are_gone(bot: Bot) -> None:
    """The bot was started with the last good version, which the correction may be equal to."""
    bot.edit(BROKEN)
    _, problems = load(bot.folder)
    bot.reloader = bot.restarted()
    bot.assistant.rejected = Rejection(problems, NOW)
    async with bot.watching():
        await bot.until(lambda: len(bot.told) == 1)
        assert BROKEN_LINE in bot.told[0]
        bot.edit(FAQ_PROGRAM)
        await bot.until(lambda: len(bot.told) == 2)
    assert bot.assistant.rejected is None


async def test_what_goes_live_is_kept_for_the_next_start(bot: Bot) -> None:
    last_good = LastGood(bot.folder, bot.folder.parent / "kept")
    bot.reloader = bot.restarted(last_good)
    bot.edit(BETTER)
    await bot.reloader.reload()
    bot.edit(BROKEN)
    await bot.reloader.reload()
    kept = last_good.find()
    assert kept is not None
    assert kept.version == bot.assistant.mind.knowledge.version


# By hand


async def test_by_hand_reports_what_is_served(bot: Bot) -> None:
    version = bot.assistant.mind.knowledge.version
    assert await bot.reloader.by_hand() == bot.says("muat_ulang_sama", jumlah_entri="3", versi=version)
    bot.edit(BETTER)
    told = await bot.reloader.by_hand()
    assert bot.assistant.mind.knowledge.version in told
    assert version not in told
    assert await bot.answers(NEW)


async def test_by_hand_reports_mistakes_and_counts_what_is_too_many(bot: Bot) -> None:
    names = [f"nama-{number}" for number in range(SHOWN + 5)]
    bot.edit("".join(f"{name}: x\n" for name in names), "topik.yaml")
    bot.edit("".join(f"- {{baku: a, {name}: x}}\n" for name in names), "istilah.yaml")
    told = await bot.reloader.by_hand()
    rejected = bot.assistant.rejected
    assert rejected is not None
    assert told.count("- knowledge/") == SHOWN
    assert bot.says("muat_ulang_sisa", jumlah=str(len(rejected.problems) - SHOWN)) in told


async def test_a_failing_machine_leaves_the_knowledge(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be fitted the bot goes on, says so, and takes the edit over once it can."""
    bot.edit(ASKED_OTHERWISE)
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        assert await bot.reloader.by_hand() == bot.says("muat_ulang_gagal")
        assert await bot.answers(OLD)
    await bot.reloader.by_hand()
    assert await bot.answers(NEW)


async def test_refreshing_looks_only_for_changes(bot: Bot) -> None:
    """For the terminal: nothing is read, and nothing said, while the files stay as they are."""
    assert await bot.reloader.refresh() == ""
    bot.edit(BROKEN)
    assert BROKEN_LINE in await bot.reloader.refresh()
    assert await bot.reloader.refresh() == ""


# In the terminal


async def test_the_terminal_takes_edits_over_between_two_lines(bot: Bot) -> None:
    """Reported once, before the next answer; a bad edit leaves the answers as they were."""
    out = StringIO()

    async def lines() -> AsyncIterator[str]:
        yield QUESTION
        bot.edit(BETTER)
        yield QUESTION
        bot.edit(BROKEN)
        yield QUESTION
        yield QUESTION
        yield "/muat_ulang"

    await chat(bot.assistant, lines(), out, lambda: NOW, reloader=bot.reloader)
    told = out.getvalue()
    version = bot.assistant.mind.knowledge.version
    assert [told.count(words) for words in (OLD, NEW, "RUSAK", BROKEN_LINE)] == [1, 3, 0, 2]
    assert told.index(OLD) < told.index(version) < told.index(NEW) < told.index(BROKEN_LINE)


async def test_reloading_is_unknown_where_nothing_is_watched(bot: Bot) -> None:
    out = StringIO()

    async def lines() -> AsyncIterator[str]:
        yield "/muat_ulang"

    await chat(bot.assistant, lines(), out, lambda: NOW)
    assert bot.says("perintah_tak_dikenal") in out.getvalue()


# A conversation goes on while the knowledge changes


@pytest.fixture
def without_malang(bot: Bot) -> Mind:
    """A later version in which the two regions of one name are gone, and an entry as well."""
    knowledge = bot.assistant.mind.knowledge
    regions = {code: region for code, region in knowledge.regions.items() if region.name != "Malang"}
    later = replace(
        knowledge,
        version="kemudian",
        regions=regions,
        entries={name: entry for name, entry in knowledge.entries.items() if name != "kontak-program"},
        other_places=(),
        cohorts={
            year: replace(cohort, members=tuple(member for member in cohort.members if member.region in regions))
            for year, cohort in knowledge.cohorts.items()
        },
    )
    return assemble(later, Fitted(bot.assistant.mind.matcher, bot.assistant.mind.cuts))


@pytest.mark.parametrize("said", ["yang kota", "kabupatennya", "1", "yang jatim"])
async def test_what_was_offered_may_be_gone(bot: Bot, without_malang: Mind, said: str) -> None:
    """A choice of an older version that is picked by words is no mistake of ours."""
    offered = await bot.ask("apakah malang ikut")
    assert len(offered.choices) >= 2
    bot.assistant.mind = without_malang
    reply = await bot.ask(said)
    assert "Malang" not in reply.text


async def test_a_button_of_an_older_version_is_out_of_date(bot: Bot, without_malang: Mind) -> None:
    offered = await bot.ask("apakah malang ikut")
    bot.assistant.mind = without_malang
    for ident in (offered.choices[0].id, "e:kontak-program"):
        reply = await bot.assistant.choose(ANI, ident, NOW)
        assert reply.text == bot.says("tombol_kedaluwarsa")


class SwappingStore(Store):
    """Puts another mind in place while an answer is being stored."""

    def prepared(self, assistant: Assistant, later: Mind) -> None:
        self._assistant, self._later = assistant, later

    async def set_person_region(self, person: str, code: str | None, now: datetime) -> None:
        await super().set_person_region(person, code, now)
        self._assistant.mind = self._later


async def test_the_log_names_the_version_that_answered(bot: Bot, without_malang: Mind, tmp_path: Path) -> None:
    """Also where the knowledge changes between answering and storing."""
    file = tmp_path / "other.db"
    store = await SwappingStore.open(f"sqlite+aiosqlite:///{file}")
    try:
        answered = bot.assistant.mind
        assistant = Assistant(answered, store)
        store.prepared(assistant, without_malang)
        await assistant.choose(ANI, "d:35.24", NOW)
        assert assistant.mind is without_malang
        assert versions(file) == [answered.knowledge.version]
    finally:
        await store.close()
