"""How alike two questions are, word order aside."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Similarity of two questions given as words, 0-1: rapidfuzz' token_sort_ratio.

    >>> likeness(("syarat", "seleksi", "apa"), ("apa", "syarat", "seleksi"))
    1.0
    """
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other)) / 100
