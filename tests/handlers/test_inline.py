"""Inline mode: what is found becomes articles that Telegram accepts, and typing leaves no trace."""

from __future__ import annotations

import pytest
from fake_telegram import FakeTelegram, Results
from running_bot import ANI, BUDI, GROUP, NOW, Echo

from bot.dialogue.compose import Setting
from bot.dialogue.mind import Mind
from bot.dialogue.search import popular
from bot.model import Choice, Decision, EntryKind, Finding, Reply

pytestmark = pytest.mark.usefixtures("bot")

MOST = 50  # results of one query

ANSWER = Reply(
    Decision.ANSWER,
    "Syaratnya *dua* & jelas.",
    actions=(Choice("e:lain", "Terkait"),),
    footer="Sumber: A",
    reference="A. https://a.id",
    ratable=True,
    question_id=7,
)
LONG = Reply(Decision.ANSWER, "*Judul*\n" + "Satu kalimat yang panjang sekali. " * 200, quote="Pasal 1")


async def typed(fake: FakeTelegram, echo: Echo, *findings: Finding, text: str = "syarat") -> Results:
    """What Ani is offered when these are found."""
    echo.findings = findings
    fake.types(ANI, text)
    return await fake.next_results()


async def test_article(fake: FakeTelegram, echo: Echo) -> None:
    """A result is the answer under its title, with its source; no button of it asks the bot."""
    results = await typed(fake, echo, Finding("e:syarat-seleksi", "Syarat", ANSWER))
    (article,) = results.articles
    assert (article["id"], article["title"]) == ("e:syarat-seleksi", "Syarat")
    assert article["description"] == "Syaratnya dua & jelas."
    assert article["input_message_content"] == {
        "message_text": "<b>Syarat</b>\nSyaratnya <b>dua</b> &amp; jelas.\n\n<i>Sumber: A</i>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    assert article["reply_markup"]["inline_keyboard"] == [
        [{"text": "tombol_salin: ", "copy_text": {"text": "A. https://a.id"}}]
    ]
    assert echo.searches == ["syarat"]


async def test_how_it_is_cached(fake: FakeTelegram, echo: Echo) -> None:
    """Results are for one person and one minute, with a way to the private chat above them."""
    results = await typed(fake, echo)
    assert results.calls["results"] == []
    assert (results.calls["is_personal"], results.calls["cache_time"]) == (True, 60)
    assert results.calls["button"] == {"text": "tombol_chat_pribadi: ", "start_parameter": "tanya"}


@pytest.mark.parametrize(
    ("reply", "begins"),
    [
        pytest.param(LONG, "Judul\nSatu kalimat", id="cut"),
        pytest.param(Reply(Decision.ANSWER, LONG.text, short="Pendek."), "Pendek.", id="short version"),
        pytest.param(Reply(Decision.ANSWER, "Isi.", quote="Pasal 1"), "Isi.", id="without the quote"),
    ],
)
async def test_short_answers(fake: FakeTelegram, echo: Echo, reply: Reply, begins: str) -> None:
    """What is shortened leads to the whole answer in private."""
    results = await typed(fake, echo, Finding("e:syarat-seleksi:2018:", "Syarat", reply))
    assert results.texts[0].startswith(f"Syarat\n{begins}")
    assert len(results.texts[0]) <= len("Syarat\n") + 600
    assert len(results.articles[0]["description"]) <= 120
    button = results.articles[0]["reply_markup"]["inline_keyboard"][-1][0]
    assert button == {"text": "tombol_selengkapnya: ", "url": "https://t.me/TanyaSmartCityBot?start=syarat-seleksi"}


async def test_a_table_that_is_cut(fake: FakeTelegram, echo: Echo) -> None:
    """A table says itself what it lists, and only entries can be opened by a link."""
    results = await typed(fake, echo, Finding("w:daftar;;;2018;", "Daftar", LONG))
    assert results.texts[0].startswith("Judul\nSatu kalimat")
    assert "reply_markup" not in results.articles[0]


async def test_query_that_is_too_old(fake: FakeTelegram, echo: Echo) -> None:
    """When the person has typed on, nobody is told of an error."""
    fake.fail_next("answerInlineQuery", 400)
    fake.types(ANI, "syar")
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).text == "ask: penanda"


async def test_a_result_that_was_sent_is_no_question(fake: FakeTelegram, echo: Echo) -> None:
    """What people send by inline mode is not answered, neither in private nor in a group."""
    results = await typed(fake, echo, Finding("e:syarat-seleksi", "Syarat", ANSWER))
    fake.sends_result(ANI, results, "Syarat")
    fake.sends_result(ANI, results, "Syarat", GROUP)
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    assert len(echo.calls) == 1


async def test_every_entry_can_be_sent(fake: FakeTelegram, echo: Echo, mind: Mind) -> None:
    """Whatever an entry holds, Telegram accepts it as a result; the fake refuses what Telegram would."""
    known = [entry.id for entry in mind.knowledge.entries.values() if entry.kind is not EntryKind.SMALL_TALK]
    setting = Setting(NOW.date(), group=True)
    for start in range(0, len(known), MOST):
        echo.findings = popular(known[start : start + MOST], mind, setting, len(known[start : start + MOST]))
        fake.types(ANI, "")
        results = await fake.next_results()
        assert [article["id"] for article in results.articles] == [f"e:{i}" for i in known[start : start + MOST]]
