"""The command line: the only place where the parts are put together."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import pickle
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import config as settings
from bot.assistant import Assistant
from bot.console import ME, PROMPT, plain_text, with_choices
from bot.console import chat as console_chat
from bot.curation.check import report
from bot.curation.load import load as load_knowledge
from bot.dialogue.fitting import fit
from bot.dialogue.mind import Fitted, Mind, assemble
from bot.errors import OperatorError
from bot.model import Asker, Knowledge, Reply
from bot.rehearsal import reports
from bot.rehearsal.figures import Report
from bot.rehearsal.mark import mark_known as mark_known_failures
from bot.rehearsal.picture import confusion_picture
from bot.rehearsal.rehearse import rehearse as ask_rehearsals
from bot.store.store import Store

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
log = logging.getLogger(__name__)
MEMORY = "sqlite+aiosqlite://"
PURGE_EVERY = timedelta(days=1)
CACHE = Path("data") / "matcher"
KEPT_CACHES = 3  # fitted matchers kept; each is some megabytes
_A_CHOICE = re.compile(r"\d{1,2}")
CODE_THAT_FITS = ("language", "dialogue", "regions")  # rooms whose code decides what is fitted

ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="Settings file (default: BOT_CONFIG or config.yaml).")
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
def _told() -> Iterator[None]:
    """An operator's error is told without a traceback and ends the program with 1, Ctrl-C with 130."""
    try:
        yield
    except OperatorError as error:
        _say(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


# --- putting together -----------------------------------------------------------------------------------------------


def _knowledge(config: settings.Config) -> Knowledge:
    knowledge, problems = load_knowledge(config.knowledge.path)
    if knowledge is None:
        raise OperatorError(f"{report(problems)}\nRemedy: correct these lines, then check with: python -m bot check")
    return knowledge


def prepare(config: settings.Config, cache: Path = CACHE) -> Mind:
    """Everything answering needs; the fitted part from ``cache`` where knowledge, settings and code are the same.

    Raises OperatorError that names every mistake in the knowledge.
    """
    knowledge = _knowledge(config)
    answering = config.answering
    trials = [[(t.question, t.must, t.contains, t.decisions) for t in r.turns] for r in knowledge.rehearsals]
    key = hashlib.sha256(f"{knowledge.version} {trials!r} {answering!r} {_code_version()}".encode()).hexdigest()[:16]
    file = cache / f"{key}.pickle"
    fitted = _cached(file)
    if fitted is None:
        _say("Fitting the matcher to the knowledge ...")
        fitted = fit(
            knowledge, answer_precision=answering.answer_precision, max_out_of_scope=answering.max_out_of_scope
        )
        _keep(file, fitted)
    return assemble(knowledge, fitted)


def _cached(file: Path) -> Fitted | None:
    try:
        cached = pickle.loads(file.read_bytes())  # noqa: S301 - written by this program, in its own data folder
    except FileNotFoundError:
        return None
    except Exception:  # a damaged pickle can raise anything
        _say(f"{file} cannot be read and is made anew.")
        return None
    return cached if isinstance(cached, Fitted) else None


def _code_version() -> str:
    here = Path(__file__).parent
    files = sorted(f for room in CODE_THAT_FITS for f in (here / room).rglob("*.py"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in [here / "model.py", *files])).hexdigest()


def _keep(file: Path, fitted: Fitted) -> None:
    """Writes the cache; a folder that cannot be written only costs time at the next start."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.tmp")  # another bot may be starting as well
        unfinished.write_bytes(pickle.dumps(fitted, protocol=pickle.HIGHEST_PROTOCOL))
        unfinished.replace(file)
        for old in sorted(file.parent.glob("*.pickle"), key=lambda f: f.stat().st_mtime)[:-KEPT_CACHES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _say(f"The matcher's cache {file} cannot be written ({error.strerror}); the next start takes longer.")


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _purging(store: Store, retention: timedelta) -> AsyncIterator[None]:
    """Deletes what is older than ``retention``, now and once a day."""
    await store.purge(_now(), retention)
    daily = asyncio.create_task(_purge_daily(store, retention))
    try:
        yield
    finally:
        daily.cancel()
        with suppress(asyncio.CancelledError):
            await daily


async def _purge_daily(store: Store, retention: timedelta) -> None:
    while True:
        await asyncio.sleep(PURGE_EVERY.total_seconds())
        try:
            await store.purge(_now(), retention)
        except OperatorError as error:
            log.error("old questions could not be deleted: %s", error)


# --- commands -------------------------------------------------------------------------------------------------------


@app.command()
def run(config: ConfigFile = None) -> None:
    """Start the Telegram bot; without TELEGRAM_BOT_TOKEN, the same bot in this terminal."""
    with _told():
        chosen = settings.load(config)
        if chosen.token.get_secret_value():
            asyncio.run(_telegram(chosen))
        else:
            _say('TELEGRAM_BOT_TOKEN is not set, so this is the console chat. Type a question; "keluar" ends it.')
            asyncio.run(_chat(chosen))


@app.command()
def chat(config: ConfigFile = None) -> None:
    """Talk to the bot in this terminal."""
    with _told():
        asyncio.run(_chat(settings.load(config)))


async def _chat(config: settings.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio's own would wait for the line to be finished
    retention = timedelta(days=config.privacy.retention_days)
    async with _opened(config.store.url) as store, _purging(store, retention):
        assistant = Assistant(prepare(config), store)
        typed = sys.stdin.isatty()
        await console_chat(assistant, _lines(PROMPT if typed else ""), sys.stdout, _now, echo=not typed)


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

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    retention = timedelta(days=config.privacy.retention_days)
    async with _opened(config.store.url) as store, _purging(store, retention):
        assistant = Assistant(prepare(config), store, staffed=config.telegram.staff_chat is not None)
        await serve(assistant, config.token.get_secret_value(), config.telegram, _now)


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read questions from standard input, one JSON object per line.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Answer one question, or a stream of them, without a token and without a database file."""
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


@app.command()
def check(config: ConfigFile = None) -> None:
    """Check the knowledge files; every mistake with its file and line."""
    with _told():
        chosen = settings.load(config)
    knowledge, problems = load_knowledge(chosen.knowledge.path)
    print(report(problems, knowledge))
    if knowledge is None:
        raise typer.Exit(1)


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
