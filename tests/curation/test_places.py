"""Where in the files everything stands."""

import pytest
from knowledge_builder import FILES, write_knowledge

from bot.curation.load import locate
from bot.curation.places import COHORTS, MESSAGES, Place, member

PLACES = {
    "entry": (("kontak-program", ""), "faq/kontak.yaml", "- id: kontak-program"),
    "title of an entry": (("kontak-program", "Kontak program"), "faq/kontak.yaml", "judul: Kontak program"),
    "phrasing": (("kontak-program", "ada nomor wa nya gak"), "faq/kontak.yaml", "ada nomor wa nya gak"),
    "phrasing with a question mark": (
        ("tempat-mou", "Di mana MoU ditandatangani?"),
        "faq/program.yaml",
        "Di mana MoU ditandatangani?",
    ),
    "pattern": (("@daftar", ""), "tanya-wilayah.yaml", "- id: daftar"),
    "phrasing of a pattern": (("@daftar", "siapa saja peserta <tahun>"), "tanya-wilayah.yaml", "siapa saja"),
    "off-topic example": (("-ktp", "cara membuat KTP"), "luar-topik.yaml", "cara membuat KTP"),
    "cohort": ((COHORTS, "2020"), "angkatan.yaml", "- tahun: 2020"),
    "row of a cohort": ((COHORTS, member(2022, "35.07")), "angkatan.yaml", '"35.07"'),
    "message": ((MESSAGES, "bantuan"), "pesan.yaml", "bantuan: "),
}


@pytest.mark.parametrize(("key", "path", "part"), PLACES.values(), ids=PLACES)
def test_place_is_the_line_in_the_file(tmp_path, key, path, part):
    """Every item and every phrasing is found at its line."""
    text = next(content for name, content in FILES.values() if name == path)
    line = text[: text.index(part)].count("\n") + 1
    assert locate(write_knowledge(tmp_path / "knowledge"))[key] == Place(f"knowledge/{path}", line)


def test_broken_file_has_no_places(tmp_path):
    """A file that cannot be read leaves the places of the others."""
    found = locate(write_knowledge(tmp_path / "knowledge", faq_kontak='judul: "', pesan=None))
    assert ("kontak-program", "") not in found
    assert ("tempat-mou", "") in found
