"""The folder knowledge/ as one checked, immutable Knowledge, or every problem in it: all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from bot.curation import references
from bot.curation.contradictions import contradictions
from bot.curation.places import Places, places
from bot.curation.references import Files
from bot.curation.schema import (
    ApplicantRecord,
    CohortRecord,
    EntryRecord,
    MessagesRecord,
    OffTopicRecord,
    OtherPlaceRecord,
    PatternRecord,
    ProvinceRecord,
    RegencyRecord,
    RegionsRecord,
    RehearsalRecord,
    RehearsalTurnRecord,
    SourceRecord,
    TermRecord,
    TopicRecord,
)
from bot.curation.validate import Record, closest, validate_list, validate_mapping
from bot.model import (
    Applicant,
    Cohort,
    Decision,
    Entry,
    Knowledge,
    Membership,
    OffTopic,
    OtherPlace,
    Pattern,
    Problem,
    Region,
    RegionType,
    Rehearsal,
    RehearsalTurn,
    Signing,
    Source,
    Topic,
    Variant,
)
from bot.yamlfile import Document, line_at, read

VERSION_DIGITS = 12  # hexadecimal digits of the hash: short enough to read out, long enough not to collide

FAQ_FOLDER = "faq"
REHEARSAL_FOLDER = "uji"  # may be missing: without test questions the bot answers as well
FILE_NAMES = {
    "topics": "topik.yaml",
    "sources": "sumber.yaml",
    "regions": "wilayah.yaml",
    "cohorts": "angkatan.yaml",
    "applicants": "pemohon.yaml",
    "terms": "istilah.yaml",
    "patterns": "tanya-wilayah.yaml",
    "off_topics": "luar-topik.yaml",
    "messages": "pesan.yaml",
}


def load(folder: Path, today: date | None = None) -> tuple[Knowledge | None, tuple[Problem, ...]]:
    """Read and check all knowledge files.

    ``today`` bounds the dates of checks (None: no bound). Returns the knowledge, or None where any problem is more
    than a warning, and all problems of all files, sorted by file and line.

    Example: ``knowledge, problems = load(Path("knowledge"), today=date(2026, 11, 21))``
    """
    name = folder.name or folder.resolve().name
    if not folder.is_dir():
        return None, (Problem(name, 0, "folder ini tidak ada. Periksa knowledge.path di pengaturan bot"),)
    files = _read_files(folder, name)
    knowledge, problems = _build(files)
    for document in files.all():
        problems += document.problems
    problems += [*_misplaced(folder, name), *references.check(files, today), *contradictions(files)]
    in_order = sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.message))
    sound = all(problem.warning for problem in in_order)
    return knowledge if sound else None, tuple(in_order)


def locate(folder: Path) -> Places:
    """Where in the files of a knowledge folder every entry and phrasing stands, to point at it with file and line."""
    return places(_read_files(folder, folder.name or folder.resolve().name))


def _read_files(folder: Path, name: str) -> Files:
    named = {role: read(folder / file, f"{name}/{file}") for role, file in FILE_NAMES.items()}
    faq, rehearsals = (_read_folder(folder / part, f"{name}/{part}") for part in (FAQ_FOLDER, REHEARSAL_FOLDER))
    return Files(faq=faq, rehearsals=rehearsals, **named)


def _read_folder(folder: Path, name: str) -> tuple[Document, ...]:
    paths = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
    return tuple(read(path, f"{name}/{path.name}") for path in paths)


def _misplaced(folder: Path, name: str) -> Iterator[Problem]:
    """Files that staff believe to be in use but that nobody reads."""
    if not any((folder / FAQ_FOLDER).glob("*.yaml")):
        yield Problem(f"{name}/{FAQ_FOLDER}", 0, "folder ini tidak berisi berkas .yaml. Tulis satu berkas tiap topik")
    in_folders = (path for part in (FAQ_FOLDER, REHEARSAL_FOLDER) for path in (folder / part).glob("[!.]*.yml"))
    for path in [*folder.glob("[!.]*.y*ml"), *in_folders]:
        file = f"{name}/{path.relative_to(folder).as_posix()}"
        if path.suffix == ".yml":
            yield Problem(file, 0, "berkas ini tidak dibaca: ganti akhiran .yml menjadi .yaml", warning=True)
        elif path.name not in FILE_NAMES.values():
            meant = closest(path.name, FILE_NAMES.values())
            hint = f'Maksudnya "{meant}"?' if meant else "Hapus, atau pindahkan ke faq/"
            yield Problem(file, 0, f"berkas ini tidak dibaca: namanya tidak dikenal. {hint}", warning=True)


def _version(files: Files) -> str:
    """The hash of names and contents, so that the same knowledge has the same version on every machine.

    Test questions are left out: no answer is taken from them.
    """
    digest = hashlib.sha256()
    for document in sorted(files.answering(), key=lambda document: document.file):
        relative = document.file.partition("/")[2]
        digest.update(relative.encode() + b"\0" + document.content + b"\0")
    return digest.hexdigest()[:VERSION_DIGITS]


def _build(files: Files) -> tuple[Knowledge, list[Problem]]:
    """Knowledge of what is valid, and what is not; the caller serves it only where nothing is wrong."""
    problems: list[Problem] = []

    def items(document: Document, model: type[Record]) -> tuple[Record, ...]:
        records, invalid = validate_list(document, model)
        problems.extend(invalid)
        return records

    regions, wrong_regions = validate_mapping(files.regions, RegionsRecord)
    messages, wrong_messages = validate_mapping(files.messages, MessagesRecord)
    problems += [*wrong_regions, *wrong_messages]
    entries = [_entry(record, file) for file in files.faq for record in items(file, EntryRecord)]
    cohorts = [_cohort(record) for record in items(files.cohorts, CohortRecord)]
    sources = [_source(record) for record in items(files.sources, SourceRecord)]
    knowledge = Knowledge(
        version=_version(files),
        entries={entry.id: entry for entry in entries},
        topics=tuple(Topic(record.id, record.title) for record in items(files.topics, TopicRecord)),
        sources={source.id: source for source in sources},
        regions={region.code: region for region in _regions(regions)},
        other_places=tuple(_place(record) for record in regions.other_places) if regions else (),
        cohorts={cohort.year: cohort for cohort in cohorts},
        applicants=tuple(
            Applicant(record.region, record.year, record.note, record.sources)
            for record in items(files.applicants, ApplicantRecord)
        ),
        off_topics=tuple(
            OffTopic(record.id, record.title, record.examples, record.answer)
            for record in items(files.off_topics, OffTopicRecord)
        ),
        patterns=tuple(Pattern(record.id, record.utterances) for record in items(files.patterns, PatternRecord)),
        terms={
            typed.lower(): record.standard.lower()
            for record in items(files.terms, TermRecord)
            for typed in record.typed
        },
        messages=messages.model_dump() if messages else {},
        rehearsals=tuple(
            _rehearsal(record, document, position)
            for document in files.rehearsals
            for position, record in enumerate(items(document, RehearsalRecord))
        ),
    )
    return knowledge, problems


def _entry(record: EntryRecord, document: Document) -> Entry:
    return Entry(
        id=record.id,
        topic=PurePosixPath(document.file).stem,
        title=record.title,
        utterances=record.utterances,
        answer=record.answer,
        checked=record.checked,
        kind=record.kind,
        sources=record.sources,
        short=record.short,
        quote=record.quote,
        valid_until=record.valid_until,
        owner=record.owner,
        related=record.related,
        threshold=record.threshold,
        suggestable=not record.unsuggestable,
        variants=tuple(Variant(part.answer, part.year, part.number, part.sources) for part in record.variants),
    )


def _source(record: SourceRecord) -> Source:
    return Source(record.id, record.title, record.kind, record.publisher, record.url, record.published)


def _regions(record: RegionsRecord | None) -> Iterator[Region]:
    for province in record.provinces if record else ():
        yield _region(province, RegionType.PROVINCE, province.code)
    for regency in record.regencies if record else ():
        yield _region(regency, RegionType(regency.type), regency.province)


def _region(record: ProvinceRecord | RegencyRecord, kind: RegionType, province: str) -> Region:
    return Region(
        code=record.code,
        type=kind,
        name=record.name,
        province=province,
        aliases=record.aliases,
        capital_aliases=record.capital_aliases,
        common_word=record.common_word,
    )


def _place(record: OtherPlaceRecord) -> OtherPlace:
    single = (record.meant,) if record.meant else ()
    return OtherPlace(record.names, single + record.meant_regions, record.answer)


def _cohort(record: CohortRecord) -> Cohort:
    signing = None
    if record.signing:
        signing = Signing(record.signing.day, record.signing.place, record.signing.sources)
    return Cohort(
        year=record.year,
        phase=record.phase,
        official_size=record.official_size,
        running_total=record.running_total,
        listing=record.listing,
        note=record.note,
        signing=signing,
        sources=record.sources,
        members=tuple(
            Membership(row.region, record.year, row.certainty, row.sources, row.note, row.repeat, row.phase)
            for row in record.members
        ),
    )


DECISIONS = {"jawab": Decision.ANSWER, "tanya-balik": Decision.CLARIFY, "tolak": Decision.DECLINE}


def _rehearsal(record: RehearsalRecord, document: Document, position: int) -> Rehearsal:
    if not record.dialogue:
        return Rehearsal((_turn(record, document, position),))
    turns = (_turn(turn, document, position, "dialog", number) for number, turn in enumerate(record.dialogue))
    return Rehearsal(tuple(turns))


def _turn(record: RehearsalTurnRecord, document: Document, *place: str | int) -> RehearsalTurn:
    return RehearsalTurn(
        question=record.question,
        must=record.must,
        contains=record.contains,
        not_contains=record.not_contains,
        decisions=tuple(DECISIONS[word] for word in record.decisions or ()),
        options=record.options,
        style=record.style or "",
        file=document.file,
        line=line_at(document.root, place) if document.root else 0,
        known_failure=record.known_failure,
    )
