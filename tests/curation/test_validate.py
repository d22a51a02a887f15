"""Whatever stands in a file, staff get problems in their own words and never a traceback."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curation.load import load
from bot.curation.schema import CohortRecord
from bot.curation.validate import closest, validate_list
from bot.yamlfile import parse
from tests.knowledge_builder import FILES, write_knowledge

SLIPS = ["\t", ":", "-", "#", "'", '"', "[", "]", "{", "}", "|", "*", "&", "!", "\n", "  ", ",", "\x00", "\u00a0", "[]"]
EDITS = st.tuples(st.sampled_from(sorted(FILES)), st.integers(0, 10_000), st.integers(0, 9), st.sampled_from(SLIPS))


@settings(max_examples=150, deadline=None)
@given(edits=st.lists(EDITS, min_size=1, max_size=2))
def test_no_damage_raises_or_is_told_in_english(tmp_path_factory, edits):
    """Characters lost and typed anywhere: the loader answers, inside the file, without a parser's own words."""
    texts = {}
    for name, place, lost, typed in edits:
        text = texts.get(name, FILES[name][1])
        at = place % len(text)
        texts[name] = text[:at] + typed + text[at + lost :]
    folder = write_knowledge(tmp_path_factory.mktemp("damage") / "knowledge", **texts)
    knowledge, problems = load(folder, date(2026, 11, 21))
    assert (knowledge is None) == any(not problem.warning for problem in problems)
    for problem in problems:
        assert "tidak sah" not in problem.message  # the words for a pydantic error that we did not foresee
        path = folder.parent / problem.file
        assert 0 <= problem.line <= len(path.read_bytes().splitlines()) + 1


def test_errors_inside_lists_of_lists_are_found_at_their_line():
    """A cohort's third member is told as the third, at its own line."""
    text = "- tahun: 2018\n  jumlah_resmi: 1\n  jumlah_total: 1\n  daftar: sebagian\n  peserta:\n"
    text += '    - {wilayah: "35.24", status: terkonfirmasi, sumber: [a]}\n' * 2
    text += '    - {wilayah: "35.25", status: terkonfirmasi, sumber: [a, B]}\n'
    records, (problem,) = validate_list(parse(text.encode(), "angkatan.yaml"), CohortRecord)
    assert records == ()
    assert str(problem).startswith('angkatan.yaml:8: butir ke-2 "sumber" berisi "B". Tulis hanya huruf kecil')


def test_closest_is_empty_where_nothing_is_near():
    """A far-fetched suggestion would mislead."""
    assert closest("xyzzy", ["judul", "jawaban"]) == ""
