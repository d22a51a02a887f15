"""Reading in the trees of knowledge files, sound or not: what is not there, or of another kind, is passed over."""

from __future__ import annotations

from collections.abc import Iterator

from bot.yamlfile import Document, Mapping, Scalar, Sequence


def records_of(document: Document, key: str = "") -> Iterator[Mapping]:
    """The mappings of a list file, or of the list under a key of a mapping file."""
    root = document.root.get(key) if key and isinstance(document.root, Mapping) else document.root
    yield from mappings_in(root)


def mappings_in(node: object) -> Iterator[Mapping]:
    """The mappings of a list."""
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            yield item


def scalar_at(record: Mapping, key: str) -> Scalar | None:
    """The text under a key, with its line."""
    value = record.get(key)
    return value if isinstance(value, Scalar) else None


def text_at(record: Mapping, key: str) -> str:
    """The text under a key, "" where there is none."""
    value = scalar_at(record, key)
    return value.text if value else ""


def scalars_at(record: Mapping, *keys: str) -> Iterator[Scalar]:
    """The texts under some keys, whether a key holds one or a list."""
    for key in keys:
        value = record.get(key)
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Scalar):
                yield item
