"""Texts that may stand in knowledge files, and texts that may not."""

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.curation.fields import Address, Day, Fraction, Number, Published, Text, Year, YesNo, message_text

GOOD = {
    "day": (Day, "2026-11-21"),
    "leap day": (Day, "2024-02-29"),
    "full date": (Published, "2019-02-06"),
    "month": (Published, "2019-02"),
    "only a year": (Published, "2019"),
    "address": (Address, "https://aptika.kominfo.go.id/?p=3114"),
    "first year": (Year, "2017"),
    "number": (Number, "4"),
    "zero": (Fraction, "0"),
    "one": (Fraction, "1.0"),
    "no": (YesNo, "tidak"),
    "bold and list": (Text, "*Syarat*:\n- satu *dan* dua\nhttps://x.id"),
    "less than": (Text, "kurang dari <150 juta, a < b > c"),
    "placeholder": (message_text(frozenset({"daerah"})), "Halo {daerah}"),
    "braces as text": (message_text(frozenset()), "{{daerah}}"),
}

BAD = {
    "no leap day": (Day, "2023-02-29"),
    "seconds since 1970": (Day, "1700000000"),
    "time of day": (Day, "2026-11-21T00:00"),
    "month thirteen": (Published, "2019-13"),
    "day first": (Published, "06-02-2019"),
    "other scheme": (Address, "ftp://kominfo.go.id"),
    "no host": (Address, "https://kominfo"),
    "cut address": (Address, "https://kominfo.go.id/..."),
    "before the programme": (Year, "2016"),
    "decimal year": (Year, "2018.0"),
    "signed year": (Year, "+2018"),
    "number zero": (Number, "0"),
    "comma": (Fraction, "0,5"),
    "above one": (Fraction, "1.01"),
    "capital yes": (YesNo, "Ya"),
    "English yes": (YesNo, "yes"),
    "tag": (Text, "a<br/>b"),
    "bold over lines": (Text, "*a\nb*"),
    "star list": (Text, "* satu\n* dua"),
    "empty": (Text, "  \n"),
    "unknown placeholder": (message_text(frozenset({"daerah"})), "{daera}"),
    "numbered placeholder": (message_text(frozenset({"daerah"})), "{0}"),
    "empty placeholder": (message_text(frozenset({"daerah"})), "{}"),
    "converted placeholder": (message_text(frozenset({"daerah"})), "{daerah!r}"),
    "attribute": (message_text(frozenset({"daerah"})), "{daerah.name}"),
}


@pytest.mark.parametrize(("kind", "text"), GOOD.values(), ids=GOOD)
def test_good_text_is_taken(kind, text):
    """What staff may write passes."""
    TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize(("kind", "text"), BAD.values(), ids=BAD)
def test_bad_text_is_refused(kind, text):
    """What would be guessed, misread or unsafe is refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)
