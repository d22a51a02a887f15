"""The command line: the only place where the parts are put together."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from bot import config as settings
from bot.assistant import WIB, Assistant
from bot.console import ME, PROMPT, plain_text, with_choices
from bot.console import chat as console_chat
from bot.curation import check as check_report
from bot.curation.editor_help import write_schemas
from bot.curation.inspection import inspect
from bot.curation.last_good import PLACE, LastGood
from bot.curation.load import load as load_knowledge
from bot.curation.revision import copy_folder, load_earlier, write_revision
from bot.curation.validate import closest
from bot.curation.watch import Fingerprint, fingerprint, last_change
from bot.dialogue.compose import entry_id
from bot.dialogue.mind import Mind, assemble
from bot.errors import ConfigurationError, OperatorError
from bot.logs import kind_and_places, start_logging, tell_unhandled
from bot.model import Asker, Knowledge, Problem, Rejection, Reply
from bot.preparation import CACHE, MatcherCache, Recipe
from bot.rehearsal import impact as effects
from bot.rehearsal import reports
from bot.rehearsal import unanswered as unmet
from bot.rehearsal.figures import Report
from bot.rehearsal.mark import mark_known as mark_known_failures
from bot.rehearsal.picture import confusion_picture
from bot.rehearsal.rehearse import rehearse as ask_rehearsals
from bot.rehearsal.why import why as explanation
from bot.reload import Reloader
from bot.store.backup import backup as copy_database
from bot.store.backup import restore as restore_database
from bot.store.log import AskedText
from bot.store.store import Store

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
log = logging.getLogger(__name__)
MEMORY = "sqlite+aiosqlite://"
PURGE_EVERY = timedelta(hours=1)  # the words of what could not be answered live a day, see store.inbox.RAW_LIFE
WIDE = 160  # columns of a table that does not go to a terminal
TURN = 0.0005  # seconds a thread may compute before another has its turn. While files are loaded, 95 % of the answers
# then take below 40 ms; with Python's own 0.005 s it is 100-200 ms, as an answer changes threads a dozen times.
FAILED, FAULTY, MISCONFIGURED = 1, 70, 78  # exit statuses; the last two as in sysexits.h, which systemd names as well
_A_CHOICE = re.compile(r"\d{1,2}")

ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="Berkas pengaturan (bila tidak disebut: BOT_CONFIG atau config.yaml).")
]


def _now() -> datetime:
    return datetime.now(UTC)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@app.callback()
def _streams() -> None:
    """Tanya Smart City: answers questions about Gerakan Menuju 100 Smart City from a curated FAQ."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # UTF-8 whatever the locale says; a broken byte stops nobody
            stream.reconfigure(encoding="utf-8", errors="replace")


@contextmanager
def _told(tell: Callable[[str], None] = _say, *, misconfigured: int = FAILED) -> Iterator[None]:
    """An operator's error is told without a traceback and ends the program with 1, Ctrl-C with 130.

    With ``misconfigured`` where a person has to set something right before another start.
    """
    try:
        yield
    except OperatorError as error:
        tell(str(error))
        raise typer.Exit(misconfigured if isinstance(error, ConfigurationError) else FAILED) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


# --- putting together -----------------------------------------------------------------------------------------------


def _knowledge(config: settings.Config) -> Knowledge:
    knowledge, problems = load_knowledge(config.knowledge.path)
    if knowledge is None:
        raise ConfigurationError(_refusal(problems))
    return knowledge


def _refusal(problems: tuple[Problem, ...]) -> str:
    return f"{check_report.report(problems)}\nRemedy: correct these lines, then check with: python -m bot check"


def prepare(config: settings.Config, cache: Path = CACHE) -> Mind:
    """Everything answering needs; what is fitted comes from ``cache`` where its recipe is the same.

    Raises OperatorError that names every mistake in the knowledge.
    """
    return _fitted(_knowledge(config), config, cache)


@dataclass(frozen=True, slots=True)
class _Start:
    """What a bot that runs for long begins with."""

    mind: Mind
    seen: Fingerprint  # of the files before they were read
    last_good: LastGood
    rejected: Rejection | None  # the mistakes in the files, where the last good state of them is served instead


def _prepare_to_run(config: settings.Config, tell: Callable[[str], None]) -> _Start:
    """Like ``prepare``, but mistakes in the files are no reason not to start where they were sound before.

    ``tell`` hears of these mistakes, and of what takes time.
    """
    folder = config.knowledge.path
    last_good, seen = LastGood(folder, PLACE), fingerprint(folder)
    knowledge, problems = load_knowledge(folder)
    rejected = None
    if knowledge is None:
        knowledge = last_good.find()
        if knowledge is None:
            raise ConfigurationError(_refusal(problems))
        mistakes = tuple(problem for problem in problems if not problem.warning)
        rejected = Rejection(mistakes, last_change(seen) or _now())
        tell(f"{_refusal(problems)}\nUntil then the last good version answers: {knowledge.version}.")
    mind = _fitted(knowledge, config, tell=tell)
    if rejected is None:
        last_good.keep(knowledge.version, seen)
    return _Start(mind, seen, last_good, rejected)


def _fitted(
    knowledge: Knowledge, config: settings.Config, cache: Path = CACHE, tell: Callable[[str], None] = _say
) -> Mind:
    recipe = Recipe.of(
        knowledge,
        answer_precision=config.answering.answer_precision,
        max_out_of_scope=config.answering.max_out_of_scope,
        encoder=config.answering.encoder,
        vectors=cache,
    )
    return assemble(knowledge, MatcherCache(cache, tell).make(recipe))


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _purging(store: Store, retention: timedelta) -> AsyncIterator[None]:
    """Deletes what is older than ``retention``, now and once an hour."""
    await store.purge(_now(), retention)
    hourly = asyncio.create_task(_purge_hourly(store, retention))
    try:
        yield
    finally:
        hourly.cancel()
        with suppress(asyncio.CancelledError):
            await hourly


async def _purge_hourly(store: Store, retention: timedelta) -> None:
    while True:
        await asyncio.sleep(PURGE_EVERY.total_seconds())
        try:
            await store.purge(_now(), retention)
        except OperatorError as error:
            log.error("old questions could not be deleted: %s", error)


# --- commands -------------------------------------------------------------------------------------------------------


@app.command()
def run(config: ConfigFile = None) -> None:
    """Start the Telegram bot; without TELEGRAM_BOT_TOKEN, the same bot in this terminal.

    Ends with 78 where a person has to set something right before another start is of any use.
    """
    with _told(misconfigured=MISCONFIGURED):
        chosen = settings.load(config)
        if not chosen.token.get_secret_value():
            _say('TELEGRAM_BOT_TOKEN is not set, so this is the console chat. Type a question; "keluar" ends it.')
            asyncio.run(_chat(chosen))
            return
    start_logging(chosen.logging.format)
    with _told(log.critical, misconfigured=MISCONFIGURED):
        try:
            asyncio.run(_telegram(chosen))
        except (OperatorError, KeyboardInterrupt):
            raise
        except Exception as error:  # its words, which Python would print, may be somebody's
            log.critical("the bot ends by a fault of its own, please report it: %s", kind_and_places(error))
            raise typer.Exit(FAULTY) from None


@app.command()
def chat(config: ConfigFile = None) -> None:
    """Bercakap-cakap dengan bot di terminal ini."""
    with _told():
        asyncio.run(_chat(settings.load(config)))


async def _chat(config: settings.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio's own would wait for the line to be finished
    retention = timedelta(days=config.privacy.retention_days)
    async with _opened(config.store.url) as store, _purging(store, retention):
        logging.getLogger("bot.reload").setLevel(logging.ERROR)  # the chat itself tells of rejected edits
        start = _prepare_to_run(config, _say)
        assistant = Assistant(start.mind, store, retention_days=config.privacy.retention_days)
        assistant.rejected = start.rejected
        typed = sys.stdin.isatty()
        await console_chat(
            assistant,
            _lines(PROMPT if typed else ""),
            sys.stdout,
            _now,
            echo=not typed,
            reloader=_reloader(assistant, config, start),
        )


async def _lines(prompt: str) -> AsyncIterator[str]:
    """What is typed or piped in. Waiting blocks the loop, in which nothing else is due."""
    while True:
        print(prompt, end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


async def _telegram(config: settings.Config) -> None:
    from handlers.app import serve  # noqa: PLC0415 - the console must not need Telegram
    from handlers.metrics import Metrics  # noqa: PLC0415

    metrics = Metrics()
    asyncio.get_running_loop().set_exception_handler(tell_unhandled)
    sys.setswitchinterval(TURN)
    retention = timedelta(days=config.privacy.retention_days)
    async with _opened(config.store.url) as store, _purging(store, retention):
        start = _prepare_to_run(config, log.warning)
        assistant = Assistant(
            start.mind,
            store,
            staffed=config.telegram.staff_chat is not None,
            retention_days=config.privacy.retention_days,
            asked=metrics.asked,
        )
        assistant.rejected = start.rejected
        reloader = _reloader(assistant, config, start)
        await serve(
            assistant,
            store,
            config.token.get_secret_value(),
            config.telegram,
            _now,
            reloader=reloader,
            explain=lambda question: explanation(question, assistant.mind, (_now() + WIB).date()),
            limits=config.limits,
            metrics=metrics,
            monitoring=config.monitoring,
            served=lambda: (assistant.mind.knowledge.version, assistant.rejected),
        )


def _reloader(assistant: Assistant, config: settings.Config, start: _Start) -> Reloader:
    """Keeps the assistant up to date, from the state of the files that it began with."""
    return Reloader(
        assistant,
        config.knowledge.path,
        start.seen,
        answering=config.answering,
        cache=CACHE,
        now=_now,
        last_good=start.last_good,
    )


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The copy, a file of its own.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file of this name.")] = False,
    config: ConfigFile = None,
) -> None:
    """Copy the database into one checked file, also while the bot is running."""
    with _told():
        copied = copy_database(settings.load(config).store.url, file, force=force)
    print(f"{file}: {copied.questions} questions, {copied.tickets} tickets, {copied.bytes} bytes, checked.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by backup.")],
    config: ConfigFile = None,
) -> None:
    """Put a copy in the place of the database; the bot must be stopped. The database before it is kept."""
    with _told():
        restored = asyncio.run(restore_database(settings.load(config).store.url, file, _now()))
    print(f"Restored from {file}: {restored.copied.questions} questions, {restored.copied.tickets} tickets.")
    if restored.aside is not None:
        print(f"The database before it is {restored.aside}. Remedy, if this was a mistake: restore that file.")


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="Pertanyaannya.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Baca pertanyaan dari masukan standar, satu objek JSON per baris.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Menjawab satu pertanyaan atau sederet pertanyaan, tanpa token dan tanpa berkas basis data."""
    if jsonl == bool(question):
        _say('Give one question, or --jsonl for those on standard input: python -m bot ask "apa syarat seleksinya?"')
        raise typer.Exit(2)
    with _told():
        chosen = settings.load(config)
        asyncio.run(_ask_lines(chosen) if jsonl else _ask_once(chosen, " ".join(question or [])))


async def _ask_once(config: settings.Config, question: str) -> None:
    async with _opened(MEMORY) as store:
        print(with_choices(await Assistant(prepare(config), store).ask(ME, question, _now())))


async def _ask_lines(config: settings.Config) -> None:
    async with _opened(MEMORY) as store:
        assistant = Assistant(prepare(config), store)
        asker = ME
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                question, asker = _item(line, number, asker)
                reply = await assistant.ask(asker, question, _now())
                print(json.dumps(_as_json(question, reply), ensure_ascii=False), flush=True)


def _item(line: str, number: int, before: Asker) -> tuple[str, Asker]:
    """A line of ``ask --jsonl``: an object with q, person and chat, or a plain question.

    Who does not say who they are is somebody new on every line, except with a digit: it chooses from the options that
    the line ``before`` got.
    """
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        raw = None
    fields = raw if isinstance(raw, dict) else {"q": line.strip()}
    question = "" if fields.get("q") is None else str(fields["q"])
    if not fields.get("person") and _A_CHOICE.fullmatch(question.strip()):
        return question, before
    person = str(fields.get("person") or f"line-{number}")
    return question, Asker(person, str(fields.get("chat") or person))


def _as_json(question: str, reply: Reply) -> dict[str, Any]:
    return {
        "q": question,
        "decision": reply.decision.value,
        "text": plain_text(reply),
        "options": [choice.label for choice in reply.choices],
        "entries": list(reply.entries),
        "score": round(reply.score, 3),
        "ms": round(reply.ms, 2),
    }


@app.command(help="Menjelaskan mengapa bot membalas begitu: kata, tempat, kandidat dengan skornya, ambang, keputusan.")
def why(
    question: Annotated[list[str], typer.Argument(help="Pertanyaannya.")],
    after: Annotated[
        list[str] | None, typer.Option("--after", help="Pesan yang dikirim sebelumnya; boleh beberapa kali.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Explain the reply to a question, said after other messages or on its own."""
    with _told():
        mind = prepare(settings.load(config))
    print(explanation(" ".join(question), mind, (_now() + WIB).date(), after or ()))


@app.command(
    help="Memeriksa berkas pengetahuan: kesalahan, lalu yang patut dilihat. Keluar dengan 1 bila ada kesalahan."
)
def check(
    *,
    lint: Annotated[
        bool, typer.Option("--lint/--no-lint", help="Juga yang patut dilihat: pertanyaan yang bertumpang tindih, dsb.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak sebagai JSON, untuk program lain.")] = False,
    github: Annotated[bool, typer.Option("--github", help="Cetak juga sebagai anotasi GitHub.")] = False,
    config: ConfigFile = None,
) -> None:
    """Check the knowledge files; every mistake and every warning with its file and line."""
    with _told():
        folder = settings.load(config).knowledge.path
        found = inspect(folder, (_now() + WIB).date(), linted=lint)
    if github and not as_json and (annotations := check_report.as_annotations(found.problems, found.due)):
        print(annotations)
    tell = check_report.as_json if as_json else check_report.report
    print(tell(found.problems, found.knowledge, found.due))
    if not found.sound:
        raise typer.Exit(1)


@app.command(help="Menampilkan satu entri persis seperti diterima Telegram: pesan, panjang, tombol.")
def show(
    entry: Annotated[str, typer.Argument(help="Id entri.")],
    *,
    html: Annotated[bool, typer.Option("--html", help="Tampilkan teks dengan tanda HTML-nya.")] = False,
    config: ConfigFile = None,
) -> None:
    """Draw an entry, its short version for groups and its variants as Telegram gets them."""
    with _told():
        print(asyncio.run(_shown(settings.load(config), entry, html)))


async def _shown(config: settings.Config, ident: str, html: bool) -> str:
    from handlers.preview import preview  # noqa: PLC0415 - only this command draws for Telegram without it

    mind = prepare(config)
    entry = mind.knowledge.entries.get(ident)
    if entry is None:
        meant = closest(ident, mind.knowledge.entries)
        hint = f'Maksudnya "{meant}"?' if meant else "Id ada di berkas knowledge/faq/, di kunci id."
        raise OperatorError(f'Tidak ada entri "{ident}". {hint}')
    group = Asker(ME.person, "grup", group=True)
    views = [("Chat pribadi", entry_id(ident), ME)]
    views += [("Grup", entry_id(ident), group)] if entry.short else []
    for variant in entry.variants:
        year, number = variant.year or 0, variant.number or 0
        views.append((f"Varian {f'tahun {year}' if year else f'nomor {number}'}", entry_id(ident, year, number), ME))
    drawn = []
    for title, choice, asker in views:
        async with _opened(MEMORY) as store:
            assistant = Assistant(mind, store, staffed=config.telegram.staff_chat is not None)
            reply = await assistant.choose(asker, choice, _now())
        drawn.append(f"{title}\n{preview(reply, assistant.message, group=asker.group, html=html)}")
    return "\n\n".join(drawn)


@app.command(help="Menulis ulang JSON Schema di knowledge/skema/, yang membantu penyunting di editornya.")
def schemas(config: ConfigFile = None) -> None:
    """Write the JSON Schemas of the knowledge files."""
    with _told():
        for written in write_schemas(settings.load(config).knowledge.path):
            print(written)


@app.command(help="Menanyakan semua pertanyaan uji di knowledge/uji/ dan menilai balasannya.")
def rehearse(
    *,
    csv: Annotated[Path | None, typer.Option("--csv", help="Tulis semua pertanyaan dan balasannya ke sini.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Tulis laporan ke sini.")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Tulis gambar entri yang tertukar ke sini.")] = None,
    failures: Annotated[int, typer.Option("--failures", min=0, help="Banyaknya kegagalan yang ditampilkan.")] = 20,
    mark_known: Annotated[
        bool, typer.Option("--mark-known", help="Tulis gagal_diketahui pada yang gagal, hapus dari yang lulus.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Ask the test questions and judge the replies; the exit status is 1 where one is not as foreseen."""
    with _told():
        chosen = settings.load(config)
        rehearsed = asyncio.run(_rehearsed(chosen))
        for file, written in (
            (csv, "\ufeff" + reports.table_of_questions(rehearsed)),  # the mark tells spreadsheets that it is UTF-8
            (markdown, reports.markdown(rehearsed, svg.name if svg else "")),
            (svg, confusion_picture(rehearsed)),
        ):
            if file is not None:
                _write(file, written)
    print(reports.text(rehearsed, failures))
    if mark_known:
        _mark_known(chosen.knowledge.path, rehearsed)
    elif not rehearsed.sound:
        raise typer.Exit(1)


async def _rehearsed(config: settings.Config) -> Report:
    async with _opened(MEMORY) as store:
        mind = prepare(config)
        return await ask_rehearsals(Assistant(mind, store), mind.knowledge.rehearsals, _now())


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise OperatorError(f"{file} cannot be written ({error.strerror}). Remedy: choose another place.") from error


def _mark_known(folder: Path, rehearsed: Report) -> None:
    marked = mark_known_failures(folder, rehearsed)
    print(f"\n{marked.changed} baris uji ditandai atau dilepas tandanya.")
    for place in marked.unmarked:
        print(f"{place}: tidak dapat ditandai, tulis pertanyaannya dalam satu baris {{ }}")


@app.command(help="Menunjukkan pertanyaan uji dan pertanyaan nyata yang akan dibalas lain karena penyuntingan.")
def impact(
    *,
    against: Annotated[str, typer.Option("--against", help="Revisi git yang menjadi pembanding.")] = "HEAD",
    against_folder: Annotated[
        Path | None, typer.Option("--against-folder", help="Pembanding: salinan folder knowledge, tanpa git.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Pertanyaan nyata dari sekian hari terakhir.")] = 30,
    most: Annotated[int, typer.Option("--most", min=0, help="Paling banyak sekian pertanyaan nyata.")] = 200,
    csv: Annotated[Path | None, typer.Option("--csv", help="Tulis semua balasan yang berubah ke sini.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Tulis laporan ke sini.")] = None,
    config: ConfigFile = None,
) -> None:
    """Compare the replies of two versions of the knowledge; the exit status is 1 where a test question breaks."""
    with _told():
        chosen = settings.load(config)
        name = str(against_folder) if against_folder else against
        before = _earlier(chosen, against, against_folder)
        measured = asyncio.run(_impact(chosen, before, name, days, most))
        if csv is not None:
            _write(csv, "\ufeff" + effects.table(measured))
        if markdown is not None:
            _write(markdown, effects.markdown(measured))
    print(effects.text(measured, _width()))
    if measured.broken:
        raise typer.Exit(1)


def _earlier(config: settings.Config, revision: str, folder: Path | None) -> Knowledge:
    """The knowledge to compare with."""
    present = config.knowledge.path
    with TemporaryDirectory() as place:
        earlier = copy_folder(folder, Path(place)) if folder else write_revision(present, revision, Path(place))
        knowledge, replaced = load_earlier(earlier, present)
    if replaced:
        _say("pesan.yaml pembanding tidak cocok dengan program ini; yang dipakai untuk keduanya pesan.yaml yang ini.")
    return knowledge


async def _impact(config: settings.Config, earlier: Knowledge, name: str, days: int, most: int) -> effects.Impact:
    knowledge, now = _knowledge(config), _now()
    logged = await _logged(config, now - timedelta(days=days), most)
    asked = effects.conversations(earlier, knowledge, logged)
    told = []
    for version in (earlier, knowledge):
        async with _opened(MEMORY) as store:
            told.append(await effects.replies(Assistant(_fitted(version, config), store), asked, now))
    questions = [question for conversation in asked for question in conversation]
    return effects.Impact(
        name,
        (earlier.version, knowledge.version),
        len(questions) - len(logged),
        len(logged),
        effects.flips(questions, *told),
    )


async def _logged(config: settings.Config, since: datetime, most: int) -> tuple[AskedText, ...]:
    """What people asked; nothing where no bot has run here yet."""
    if not most or not Store.exists(config.store.url):
        return ()
    async with _opened(config.store.url) as store:
        return await store.log.asked(since, most)


@app.command(help="Mengelompokkan pertanyaan yang tak terjawab, dengan YAML untuk ditempel ke basis pengetahuan.")
def unanswered(
    *,
    days: Annotated[int, typer.Option("--days", min=1, help="Pertanyaan dari sekian hari terakhir.")] = 30,
    most: Annotated[int, typer.Option("--most", min=1, help="Banyaknya kelompok yang ditampilkan.")] = 20,
    csv: Annotated[Path | None, typer.Option("--csv", help="Tulis semua kelompok ke sini.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Tulis laporan ke sini.")] = None,
    config: ConfigFile = None,
) -> None:
    """Group what was declined, not meant, called not helpful or reported, with the YAML that would help."""
    with _told():
        chosen = settings.load(config)
        if not Store.exists(chosen.store.url):
            raise OperatorError(
                "Belum ada catatan pertanyaan. Jalankan di komputer tempat bot bekerja, atau periksa store.url."
            )
        found = asyncio.run(_unanswered(chosen, days))
        if csv is not None:
            _write(csv, "\ufeff" + unmet.table(found))
        if markdown is not None:
            _write(markdown, unmet.markdown(found, days))
    print(unmet.text(found, days, most, _width()))


async def _unanswered(config: settings.Config, days: int) -> tuple[unmet.Gap, ...]:
    now = _now()
    async with _opened(config.store.url) as store:
        log = await store.log.unanswered(now - timedelta(days=days))
        reported = await store.log.data_reports(now - timedelta(days=days))
    return unmet.gaps(log, reported, prepare(config), (now + WIB).date())


def _width() -> int:
    return shutil.get_terminal_size((WIDE, 0)).columns
