"""What the gazetteer finds, spot by spot; how much it finds overall stands in test_gazetteer_corpus.py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import OtherPlace, Region, RegionType
from bot.regions.gazetteer import Gazetteer, Mention

PROVINCE, REGENCY, CITY = RegionType.PROVINCE, RegionType.REGENCY, RegionType.CITY


def make_regions() -> dict[str, Region]:
    """Enough of the real table for every kind of name; the codes are the real ones."""
    regions = [
        Region("12", PROVINCE, "Sumatera Utara", "12", ("Sumut",)),
        Region("13", PROVINCE, "Sumatera Barat", "13", ("Sumbar",)),
        Region("15", PROVINCE, "Jambi", "15"),
        Region("32", PROVINCE, "Jawa Barat", "32", ("Jabar",)),
        Region("33", PROVINCE, "Jawa Tengah", "33", ("Jateng",)),
        Region("34", PROVINCE, "DI Yogyakarta", "34", ("DIY", "Yogyakarta", "Jogja")),
        Region("35", PROVINCE, "Jawa Timur", "35", ("Jatim",)),
        Region("51", PROVINCE, "Bali", "51"),
        Region("52", PROVINCE, "Nusa Tenggara Barat", "52", ("NTB",)),
        Region("53", PROVINCE, "Nusa Tenggara Timur", "53", ("NTT",)),
        Region("63", PROVINCE, "Kalimantan Selatan", "63", ("Kalsel",)),
        Region("73", PROVINCE, "Sulawesi Selatan", "73", ("Sulsel",)),
        Region("75", PROVINCE, "Gorontalo", "75"),
        Region("91", PROVINCE, "Papua", "91"),
        Region("92", PROVINCE, "Papua Barat", "92"),
        Region("96", PROVINCE, "Papua Barat Daya", "96"),
        Region("11.72", CITY, "Sabang", "11"),
        Region("12.73", CITY, "Sibolga", "12"),
        Region("13.07", REGENCY, "Lima Puluh Kota", "13", ("Kab 50 Kota",), common_word=True),
        Region("13.09", REGENCY, "Kepulauan Mentawai", "13", ("Mentawai",)),
        Region("15.05", REGENCY, "Muaro Jambi", "15"),
        Region("15.71", CITY, "Jambi", "15"),
        Region("16.01", REGENCY, "Ogan Komering Ulu", "16", ("OKU",)),
        Region("16.02", REGENCY, "Ogan Komering Ilir", "16", ("OKI",)),
        Region("16.08", REGENCY, "Ogan Komering Ulu Timur", "16", ("OKU Timur",)),
        Region("31.74", CITY, "Jakarta Selatan", "31", ("Jaksel",)),
        Region("32.01", REGENCY, "Bogor", "32"),
        Region("32.04", REGENCY, "Bandung", "32"),
        Region("32.13", REGENCY, "Subang", "32"),
        Region("32.17", REGENCY, "Bandung Barat", "32", ("KBB",)),
        Region("32.71", CITY, "Bogor", "32"),
        Region("32.73", CITY, "Bandung", "32"),
        Region("32.79", CITY, "Banjar", "32"),
        Region("33.04", REGENCY, "Banjarnegara", "33"),
        Region("33.18", REGENCY, "Pati", "33", common_word=True),
        Region("33.22", REGENCY, "Semarang", "33", ("Smg",)),
        Region("33.28", REGENCY, "Tegal", "33"),
        Region("33.29", REGENCY, "Brebes", "33"),
        Region("33.72", CITY, "Surakarta", "33", ("Solo",)),
        Region("33.74", CITY, "Semarang", "33", ("Smg",)),
        Region("33.76", CITY, "Tegal", "33"),
        Region("34.03", REGENCY, "Gunungkidul", "34"),
        Region("34.71", CITY, "Yogyakarta", "34", ("Jogja",)),
        Region("35.07", REGENCY, "Malang", "35", common_word=True),
        Region("35.24", REGENCY, "Lamongan", "35"),
        Region("35.73", CITY, "Malang", "35", common_word=True),
        Region("35.79", CITY, "Batu", "35", common_word=True),
        Region("36.74", CITY, "Tangerang Selatan", "36", ("Tangsel",)),
        Region("51.03", REGENCY, "Badung", "51"),
        Region("52.03", REGENCY, "Lombok Timur", "52", ("Lotim",)),
        Region("53.02", REGENCY, "Timor Tengah Selatan", "53", (), ("TTS",)),
        Region("63.02", REGENCY, "Kotabaru", "63", (), ("Kota Baru",)),
        Region("63.03", REGENCY, "Banjar", "63"),
        Region("63.07", REGENCY, "Hulu Sungai Tengah", "63"),
        Region("63.72", CITY, "Banjarbaru", "63"),
        Region("64.01", REGENCY, "Paser", "64", (), ("Pasir",)),
        Region("71.74", CITY, "Kotamobagu", "71", ("Kota Mobagu",)),
        Region("72.04", REGENCY, "Toli-Toli", "72"),
        Region("73.24", REGENCY, "Luwu Timur", "73"),
        Region("73.72", CITY, "Parepare", "73"),
        Region("74.72", CITY, "Bau Bau", "74"),
        Region("75.01", REGENCY, "Gorontalo", "75"),
        Region("75.71", CITY, "Gorontalo", "75"),
        Region("76.01", REGENCY, "Pasangkayu", "76"),
        Region("94.05", REGENCY, "Puncak", "94", common_word=True),
    ]
    return {region.code: region for region in regions}


IKN = OtherPlace(("IKN", "Ibu Kota Nusantara"), answer="IKN bukan kabupaten/kota.")
MALILI = OtherPlace(("Malili",), ("73.24",))
GAZETTEER = Gazetteer(make_regions(), (IKN, MALILI), common_words=("brebet", "lamongan", "luwu", "timur"))


def seen(text: str) -> list[tuple[str, str]]:
    """What was found, as (words of the text, codes)."""
    return [(text[m.start : m.end], " ".join(m.codes)) for m in GAZETTEER.find(text)]


def only(text: str) -> Mention:
    """The one mention of a text."""
    (mention,) = GAZETTEER.find(text)
    return mention


SPELLINGS = {
    "official name": ("Kabupaten Lamongan", "35.24"),
    "name alone": ("lamongan", "35.24"),
    "capitals": ("LAMONGAN", "35.24"),
    "accents": ("Lamôngan", "35.24"),
    "full-width letters": ("Ｌａｍｏｎｇａｎ", "35.24"),
    "stretched letters": ("lamongannnn", "35.24"),
    "two words": ("lombok timur", "52.03"),
    "two words, hyphen": ("Lombok-Timur", "52.03"),
    "space left out": ("lomboktimur", "52.03"),
    "space put in": ("gunung kidul", "34.03"),
    "hyphen for a space": ("bau-bau", "74.72"),
    "hyphen put in": ("pare-pare", "73.72"),
    "doubled name shortened": ("toli2", "72.04"),
    "direction shortened": ("lombok tmr", "52.03"),
    "alias": ("lotim", "52.03"),
    "alias of two words": ("OKU Timur", "16.08"),
    "islands shortened": ("kep. mentawai", "13.09"),
    "Sumatra": ("Sumatra Utara", "12"),
    "English province": ("Central Java", "33"),
    "English province, two-word base": ("West Nusa Tenggara", "52"),
    "English kota": ("South Tangerang", "36.74"),
    "English kabupaten": ("East Lombok", "52.03"),
    "English islands": ("Mentawai Islands", "13.09"),
    "English southwest": ("Southwest Papua", "96"),
    "longest name wins": ("papua barat daya", "96"),
    "province with its article": ("DI Yogyakarta", "34"),
    "province with a dotted article": ("D.I. Yogyakarta", "34"),
    "alias in digits, after its marker": ("kab 50 kota", "13.07"),
}


@pytest.mark.parametrize(("text", "codes"), SPELLINGS.values(), ids=SPELLINGS)
def test_spelling(text: str, codes: str) -> None:
    """A rightly written name is found as a whole, exactly and for certain."""
    mention = only(text)
    assert (text[mention.start : mention.end], " ".join(mention.codes)) == (text, codes)
    assert mention.exact
    assert not mention.weak


INSIDE = {
    "suffix -nya": ("lamongannya udah ikut blm", [("lamongannya", "35.24")]),
    "suffix -kah": ("lamongankah itu", [("lamongankah", "35.24")]),
    "suffix on the last word": ("lombok timurnya gimana", [("lombok timurnya", "52.03")]),
    "year glued on": ("lamongan2018 masuk ga", [("lamongan", "35.24")]),
    "kab glued on": ("kabbandung ikut?", [("kabbandung", "32.04")]),
    "kota glued on": ("apakah kotabogor ikut", [("kotabogor", "32.71")]),
    "kota glued to a first word": ("kotabanjar baru 2019", [("kotabanjar baru", "63.72")]),
    "di glued on": ("acara dilamongan kapan", [("lamongan", "35.24")]),
    "di glued on kota": ("dikota tegal ada berapa", [("kota tegal", "33.76")]),
    "se glued on": ("daftar peserta sejateng", [("jateng", "33")]),
    "se with hyphen": ("daftar peserta se-Jatim", [("Jatim", "35")]),
    "di before Yogyakarta is no article": ("acara di yogyakarta", [("yogyakarta", "34 34.71")]),
    "several, listed": (
        "Tegal, Brebes dan kota semarang",
        [("Tegal", "33.28 33.76"), ("Brebes", "33.29"), ("kota semarang", "33.74")],
    ),
    "markers of each": (
        "pemkot tegal sama pemkab brebes",
        [("pemkot tegal", "33.76"), ("pemkab brebes", "33.29")],
    ),
    "same word twice": ("lamongan lamongan", [("lamongan", "35.24"), ("lamongan", "35.24")]),
    "office": ("Diskominfo Lamongan", [("Diskominfo Lamongan", "35.24")]),
    "office and type": ("diskominfotik Kab. Bogor", [("diskominfotik Kab. Bogor", "32.01")]),
    "regional planning office": ("Bappeda Kota Bogor", [("Bappeda Kota Bogor", "32.71")]),
    "pemerintah kabupaten": ("pemerintah kabupaten bogor", [("pemerintah kabupaten bogor", "32.01")]),
    "pemerintah daerah": ("Pemerintah Daerah Lamongan", [("Pemerintah Daerah Lamongan", "35.24")]),
    "kota administrasi": ("Kota Adm. Jakarta Selatan", [("Kota Adm. Jakarta Selatan", "31.74")]),
    "mistyped type word": ("kabuptaen bogor", [("kabuptaen bogor", "32.01")]),
}


@pytest.mark.parametrize(("text", "expected"), INSIDE.values(), ids=INSIDE)
def test_place_inside_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    """The span is the name with its markers and glued letters, and nothing else."""
    assert seen(text) == expected


NAMESAKES = {
    "two types": ("bandung", "32.04 32.73"),
    "kab": ("kab bandung", "32.04"),
    "kab with dot and no space": ("Kab.Bandung", "32.04"),
    "kota": ("Kota Bandung", "32.73"),
    "kotamadya": ("kotamadya bandung", "32.73"),
    "pemkot": ("pemkot bandung", "32.73"),
    "type after the name": ("bandung kota", "32.73"),
    "short type after the name": ("bandung kab", "32.04"),
    "type in brackets": ("Bandung (kota)", "32.73"),
    "short type in brackets": ("Bandung (Kab.)", "32.04"),
    "type after yang": ("bandung yang kota", "32.73"),
    "English city of": ("city of Bandung", "32.73"),
    "English city after": ("Bandung city", "32.73"),
    "English regency after": ("Bandung regency", "32.04"),
    "English regency of": ("regency of Bandung", "32.04"),
    "both types, slash": ("kab/kota bandung", "32.04 32.73"),
    "both types, before": ("kota dan kabupaten bandung", "32.04 32.73"),
    "both types, after": ("bandung kota dan kabupaten", "32.04 32.73"),
    "other regions of the name": ("bandung barat", "32.17"),
    "a type that no namesake has decides nothing": ("kota lamongan", "35.24"),
    "two provinces": ("banjar", "32.79 63.03"),
    "two provinces, kab": ("kab banjar", "63.03"),
    "province after": ("banjar kalsel", "63.03"),
    "province after a comma": ("Banjar, Kalimantan Selatan", "63.03"),
    "province in brackets": ("Banjar (Jawa Barat)", "32.79"),
    "province after di": ("banjar di kalsel", "63.03"),
    "province after yang": ("banjar yang jabar", "32.79"),
    "province before": ("kalsel banjar", "63.03"),
    "province outweighs a wrong type": ("kab banjar jabar", "32.79"),
    "province leaves both types": ("Semarang, Jawa Tengah", "33.22 33.74"),
    "province beside a single region": ("kab. lamongan provinsi jawa timur", "35.24"),
    "kota and province": ("jambi", "15 15.71"),
    "kota of a province's name": ("kota jambi", "15.71"),
    "province of a kota's name": ("provinsi jambi", "15"),
    "province after a name like its own": ("Muaro Jambi, Jambi", "15.05"),
    "kabupaten, kota and province": ("gorontalo", "75 75.01 75.71"),
    "kab of a province's name": ("kab gorontalo", "75.01"),
    "kota and province by alias": ("jogja", "34 34.71"),
    "exact name beside a similar one": ("badung", "51.03"),
}


@pytest.mark.parametrize(("text", "codes"), NAMESAKES.values(), ids=NAMESAKES)
def test_namesakes(text: str, codes: str) -> None:
    """All namesakes are candidates until a type or a province beside the name decides; the span covers both."""
    mention = only(text)
    assert " ".join(mention.codes) == codes
    assert (mention.start, mention.end) == (0, len(text))


APART = {
    "type of the next name": ("semarang kota tegal", [("semarang", "33.22 33.74"), ("kota tegal", "33.76")]),
    "kota of another sentence part": ("bogor kota mana", [("bogor", "32.01 32.71")]),
    "kota cerdas": ("semarang kota cerdas", [("semarang", "33.22 33.74")]),
    "smart city": ("program smart city bogor", [("bogor", "32.01 32.71")]),
    "title decides but stays": ("Bupati Bandung", [("Bandung", "32.04")]),
    "two-word title decides but stays": ("wali kota bandung", [("bandung", "32.73")]),
    "a mayor who is new": ("wali kota baru dilantik", []),
    "a capital that is new": ("ibu kota baru ikut?", []),
    "a prefix written together": ("kerja sama antarnegara", []),
    "a mayor whose city begins with kota": ("wali kota mobagu", [("kota mobagu", "71.74")]),
    "governor": ("gubernur jambi", [("jambi", "15")]),
    "another province": ("lamongan, jawa tengah", [("lamongan", "35.24"), ("jawa tengah", "33")]),
    "and between region and province": ("lamongan dan jawa timur", [("lamongan", "35.24"), ("jawa timur", "35")]),
    "kota of a province": ("kota jawa barat mana saja", [("jawa barat", "32")]),
    "kabupaten and kota of a province": ("jumlah kabupaten/kota jatim", [("jatim", "35")]),
    "two ambiguous names": ("jambi, gorontalo", [("jambi", "15 15.71"), ("gorontalo", "75 75.01 75.71")]),
}


@pytest.mark.parametrize(("text", "expected"), APART.values(), ids=APART)
def test_what_does_not_belong_to_a_name(text: str, expected: list[tuple[str, str]]) -> None:
    """Words beside a name that say something else are neither covered nor heeded."""
    assert seen(text) == expected


TYPOS = {
    "letter dropped": ("lamngan", "35.24"),
    "letters swapped": ("lamognan", "35.24"),
    "key slipped": ("lamonhan", "35.24"),
    "letter doubled": ("llamongan", "35.24"),
    "two edits in a long name": ("tangerng selatn", "36.74"),
    "short name with a marker": ("kab. pait", "33.18"),
    "one word of two": ("lmbok timur", "52.03"),
    "each word of two": ("lombk timr", "52.03"),
    "each word of three": ("hulu sngai tngh", "63.07"),
    "longer than the exact name in it": ("banjar bru", "63.72"),
    "with its marker": ("kota smarang", "33.74"),
    "suffix as well": ("lamngannya", "35.24"),
    "before a province": ("bnjar kalsel", "63.03"),
    "province": ("jawa tenggah", "33"),
    "two names equally near": ("sbang", "11.72 32.13"),
    "same consonants first": ("bndung", "32.04 32.73 51.03"),
    "type decides between equally near names": ("kota bndung", "32.73"),
}


@pytest.mark.parametrize(("text", "codes"), TYPOS.values(), ids=TYPOS)
def test_typo(text: str, codes: str) -> None:
    """A mistyped name is repaired, and the mention says so; names that are equally near are all candidates."""
    mention = only(text)
    assert " ".join(mention.codes) == codes
    assert (mention.start, mention.end) == (0, len(text))
    assert not mention.exact


def test_short_name_is_repaired_beside_a_year() -> None:
    """A year shows that a region is meant, as a marker does."""
    assert seen("pait 2018") == [("pait", "33.18")]


NOTHING = {
    "kota with a word": "kota cerdas kota hijau kota pintar kota kami kota mana",
    "kabupaten with a word": "kabupaten mana saja, kabupaten kami, kota/kabupaten lain",
    "inside a word": "membatu, berbatu, sepatu, empati, simpati",
    "doubled word": "batu-batu di jalan",
    "set phrase": "peletakan batu pertama",
    "set phrase with suffix": "puncak acaranya besok",
    "short name mistyped, alone": "btu",
    "short name mistyped, no marker": "mereka pait sekali",
    "ordinary words near to names": "barang datang sekarang lembaga lowongan dukungan hubungan",
    "words of the FAQ near to names": "brebet",
    "typo nearer to an ordinary word": "skarang dan bntang",
    "unhappy neighbours": "ke diri sendiri",
    "language": "bahasa bali",
    "street": "Jl. Bandung no 5",
    "abbreviation in lower case": "main tts",
    "former name in lower case": "pasir dan kerikil",
    "preposition and an ordinary name": "kami diserang, dibatu",
    "number of cities": "bersama 50 kota lainnya",
    "nothing to read": "?? 🙏 …",
    "empty": "",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_place(text: str) -> None:
    """Ordinary words are no places."""
    assert seen(text) == []


WEAK = {
    "inside a sentence": ("di jalan banyak batu besar", True),
    "sentence begins with it": ("Batu besar di jalan", True),
    "shouted": ("DI JALAN BANYAK BATU BESAR", True),
    "two ordinary words": ("pindah ke kota baru", True),
    "number of cities": ("ada lima puluh kota terpilih", True),
    "capital inside a sentence": ("kami dari Batu", False),
    "marker": ("ada batu di kota batu", None),
    "taking part after it": ("apakah batu sudah ikut", False),
    "taking part before it": ("kalau batu", False),
    "year after it": ("batu 2019", False),
    "year before it": ("2019 batu", False),
    "title before it": ("walikota batu", False),
    "province beside it": ("di batu, jawa timur", False),
    "the whole message": ("batu", False),
    "typo as near to an ordinary word": ("mohon diberi sbang", True),
    "typo as near to an ordinary word, marker": ("kota sbang", False),
    "typo as near to an ordinary word, taking part": ("sbang ikut", False),
    "no ordinary word": ("kami di lamongan sini", False),
    "two words known from the FAQ": ("kami di luwu timur sini", False),
}


@pytest.mark.parametrize(("text", "weak"), WEAK.values(), ids=WEAK)
def test_weak(text: str, weak: bool | None) -> None:
    """A name that is also an ordinary word is weak unless something near it shows that a place is meant."""
    flags = [mention.weak for mention in GAZETTEER.find(text)]
    assert flags == ([True, False] if weak is None else [weak])


CAPITALS = {
    "in capitals": ("saya dari TTS", "53.02"),
    "after kab": ("kab tts", "53.02"),
    "former name after kab": ("kab pasir", "64.01"),
    "spelt in two words": ("KOTA BARU", "63.02"),
}


@pytest.mark.parametrize(("text", "codes"), CAPITALS.values(), ids=CAPITALS)
def test_capital_alias(text: str, codes: str) -> None:
    """An alias for capitals counts in CAPITALS or beside a marker."""
    assert " ".join(only(text).codes) == codes


ISLANDS = {
    "island": ("sumatera", "12 13 15"),
    "other spelling": ("se-Sumatra", "12 13 15"),
    "with pulau": ("pulau jawa", "32 33 34 35"),
    "two islands in one name": ("bali nusa tenggara", "51 52 53"),
    "nusa tenggara alone": ("nusa tenggara", "52 53"),
    "island of a province's name": ("tanah papua", "91 92 96"),
    "outside of it": ("luar jawa", "12 13 15 51 52 53 63 73 75 91 92 96"),
    "outside of it, with pulau": ("di luar pulau jawa", "12 13 15 51 52 53 63 73 75 91 92 96"),
}


@pytest.mark.parametrize(("text", "codes"), ISLANDS.values(), ids=ISLANDS)
def test_island(text: str, codes: str) -> None:
    """An island stands for its provinces, and "luar" for all the others."""
    mention = only(text)
    assert (mention.kind, " ".join(mention.codes)) == ("island", codes)


KINDS = {"lamongan": "region", "jambi": "region", "papua": "province", "jawa": "island", "malili": "place"}


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_kind(text: str, kind: str) -> None:
    """A name of a kota and a province counts as a region; Papua alone is the province."""
    assert only(text).kind == kind


def test_other_place_brings_its_answer() -> None:
    """A place with an answer and no region has no codes."""
    mention = only("apakah IKN termasuk peserta")
    assert (mention.place, mention.codes) == (IKN, ())


def test_other_place_brings_the_region_meant() -> None:
    """A seat of government stands for its region."""
    mention = only("malili 2018")
    assert (mention.place, mention.codes) == (MALILI, ("73.24",))


def test_exact_name_is_found_even_if_it_is_a_common_word() -> None:
    """The vocabulary of the FAQ holds back repairs only."""
    assert seen("lamongan") == [("lamongan", "35.24")]


PIECES = (
    "kab kota . , / ( ) bandung bandng jambi Banjar kalsel di batu dan 2018 lombok timr jawa luar of city wali nya "
    "ikut TTS lima puluh kota yang \n é"
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=14))
def test_mentions_are_sound(pieces: list[str]) -> None:
    """Whatever is typed: spans lie in the text, in order, without overlap, and the codes exist."""
    text = " ".join(pieces)
    mentions = GAZETTEER.find(text)
    at = 0
    for mention in mentions:
        assert at <= mention.start < mention.end <= len(text)
        assert set(mention.codes) <= make_regions().keys()
        assert mention.codes or mention.place
        at = mention.end
    assert mentions == GAZETTEER.find(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing that can be typed breaks the reading."""
    assert all(0 <= m.start < m.end <= len(text) for m in GAZETTEER.find(text))
