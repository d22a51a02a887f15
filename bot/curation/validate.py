"""A YAML tree against its schema: the records, or every problem with its line, told in Bahasa Indonesia.

pydantic's own messages are English and for programmers; here each of its error types becomes what is wrong and what
to write instead (types: https://docs.pydantic.dev/latest/errors/validation_errors/).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.curation.fields import (
    FAULT,
    ID_PATTERN,
    ONE_LINE_PATTERN,
    PROVINCE_PATTERN,
    REGENCY_PATTERN,
    REGION_PATTERN,
)
from bot.model import Problem
from bot.yamlfile import Document, Node, Scalar, Style, line_at, node_at, plain, shown

Record = TypeVar("Record", bound=BaseModel)
Error = Mapping[str, Any]  # one of ValidationError.errors()

SIMILAR = 0.6  # difflib's ratio from which a suggestion helps more than it distracts; its own default

_PATTERNS = {
    ID_PATTERN: 'Tulis hanya huruf kecil, angka dan tanda "-", paling banyak 40 karakter',
    PROVINCE_PATTERN: 'Tulis kode provinsi, dua angka seperti "35"',
    REGENCY_PATTERN: 'Tulis kode kabupaten/kota seperti "35.24"',
    REGION_PATTERN: 'Tulis kode wilayah seperti "35.24" (atau "35" untuk provinsi)',
    ONE_LINE_PATTERN: "Tulis dalam satu baris",
}


def validate_list(document: Document, model: type[Record]) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The items of a file that holds a list, each a ``model``; no items where there is any problem."""
    records, problems = _validate(document, model, _list_of(model))
    return records or (), problems


def validate_mapping(document: Document, model: type[Record]) -> tuple[Record | None, tuple[Problem, ...]]:
    """The content of a file that is one mapping; None where there is any problem."""
    return _validate(document, model, TypeAdapter(model))


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty where none comes close.

    >>> closest("jawabn", ["judul", "jawaban"])
    'jawaban'
    """
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=SIMILAR)
    return found[0] if found else ""


def _hint(word: str, known: Iterable[str]) -> str:
    meant = closest(word, known)
    return f'. Maksudnya "{meant}"?' if meant else ""


@cache
def _list_of(model: type[BaseModel]) -> TypeAdapter[Any]:
    return TypeAdapter(tuple[model, ...])  # type: ignore[valid-type]


def _validate(document: Document, model: type[BaseModel], adapter: TypeAdapter[Any]) -> tuple[Any, tuple[Problem, ...]]:
    if document.root is None:
        return None, ()
    try:
        return adapter.validate_python(plain(document.root)), ()
    except ValidationError as invalid:
        errors: list[Error] = [*invalid.errors(include_url=False)]
    told = {problem.line for problem in document.problems if not problem.warning}
    errors = [{**error, "loc": _written(error, model)} for error in errors]
    problems = (Problem(document.file, _line(document.root, error), _message(error, model)) for error in errors)
    return None, tuple(problem for problem in problems if problem.line not in told)


def _line(root: Node, error: Error) -> int:
    """Where an editor shows the mistake; inside a ``|`` text, the very line of it."""
    line, node = line_at(root, error["loc"]), node_at(root, error["loc"])
    row: int = error.get("ctx", {}).get("row", -1)
    if row >= 0 and isinstance(node, Scalar) and node.style is Style.LITERAL:
        skipped = node.text[: len(node.text) - len(node.text.lstrip())].count("\n")
        return line + 1 + skipped + row
    return line


def _message(error: Error, model: type[BaseModel]) -> str:
    kind, place = error["type"], error["loc"]
    if kind == "extra_forbidden":
        key = str(place[-1])
        return f"kunci {shown(key)} tidak dikenal{_hint(key, _keys_at(model, place[:-1])) or '. Hapus baris ini'}"
    if kind == "missing":
        owner = error["input"].get("id") if isinstance(error["input"], dict) else None
        where = f"entri {shown(owner)}: " if isinstance(owner, str) else ""
        return f'{where}kunci "{place[-1]}" belum ada. Tambahkan "{place[-1]}: …"'
    if kind == FAULT:
        return f"{_subject(place)}{error['ctx']['reason']}"
    tell = _TOLD.get(kind)
    return f"{_subject(place)}{tell(error) if tell else 'tidak sah. Bandingkan dengan entri lain yang benar'}"


def _subject(place: tuple[str | int, ...]) -> str:
    """What a message is about: a key, an item of a list, or the file as a whole."""
    keys = [step for step in place if isinstance(step, str)]
    name = f'"{keys[-1]}"' if keys else ""
    if place and isinstance(place[-1], int):
        return f"butir ke-{place[-1] + 1} {name} ".replace("  ", " ")
    return f"{name} " if name else "isi berkas ini "


def _text_expected(error: Error) -> str:
    if isinstance(error["input"], list):
        return 'harus satu teks, bukan daftar. Tulis tanpa "- " dan tanpa [ ]'
    return 'harus teks. Bila teksnya memuat ": ", apit seluruhnya dengan tanda kutip lurus "…"'


def _list_expected(_: Error) -> str:
    return 'harus berupa daftar. Tulis tiap butir di baris sendiri dengan "- ", atau [satu, dua]'


def _keys_expected(error: Error) -> str:
    found = f", bukan teks {shown(error['input'])}" if isinstance(error["input"], str) else ", bukan daftar"
    return f'harus berisi pasangan "kunci: isi"{found}'


def _too_long(error: Error) -> str:
    length, limit = len(error["input"].strip()), error["ctx"]["max_length"]
    return f"terlalu panjang: {length} karakter, paling banyak {limit}. Singkatkan"


def _choice_expected(error: Error) -> str:
    choices = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    value = error["input"] if isinstance(error["input"], str) else ""
    return f"harus salah satu dari: {', '.join(choices)}{_hint(value, choices)}"


_TOLD: Mapping[str, Callable[[Error], str]] = {
    "string_type": _text_expected,
    "tuple_type": _list_expected,
    "model_type": _keys_expected,
    "model_attributes_type": _keys_expected,
    "too_short": lambda _: "kosong. Tulis paling sedikit satu butir",
    "string_too_short": lambda _: "kosong. Tulis isinya, atau hapus baris ini",
    "string_too_long": _too_long,
    "string_pattern_mismatch": lambda error: f"berisi {shown(error['input'])}. {_PATTERNS[error['ctx']['pattern']]}",
    "enum": _choice_expected,
    "literal_error": _choice_expected,
    "greater_than_equal": lambda error: f"berisi {error['input']}, paling kecil {error['ctx']['ge']:g}. Perbaiki",
    "less_than_equal": lambda error: f"berisi {error['input']}, paling besar {error['ctx']['le']:g}. Perbaiki",
}


def _written(error: Error, model: type[BaseModel]) -> tuple[str | int, ...]:
    """The place of an error in the keys of the file: pydantic names a key that was left out by its field."""
    place: tuple[str | int, ...] = error["loc"]
    if error["type"] != FAULT or not place or isinstance(place[-1], int):
        return place
    field = _model_at(model, place[:-1]).model_fields.get(place[-1])
    return (*place[:-1], field.alias) if field and field.alias else place


def _keys_at(model: type[BaseModel], place: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that a schema knows at a place, as staff write them."""
    return tuple(field.alias or name for name, field in _model_at(model, place).model_fields.items())


def _model_at(model: type[BaseModel], place: tuple[str | int, ...]) -> type[BaseModel]:
    for step in place:
        if isinstance(step, str):
            field = next(field for name, field in model.model_fields.items() if step == (field.alias or name))
            model = next(_models_in(field.annotation))
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
