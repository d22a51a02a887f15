"""The guard of the whole test run: it can fail."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
BEGINNING = """
import aiohttp
from fake_telegram import TOKEN, FakeTelegram, Person

async def sends(html, *announced, watched=True):
    async with FakeTelegram(watched=watched) as fake, aiohttp.ClientSession() as bot:
        fake.joins(Person(101, "Ani"))
        for fragment in announced:
            fake.expects("sendMessage", fragment)
        await bot.post(f"{fake.base_url}{TOKEN}/sendMessage", json={"chat_id": 101, "text": html, "parse_mode": "HTML"})
"""

TESTS = [
    pytest.param("sends('<b>a</b>')", {"passed": 1}, id="nothing refused"),
    pytest.param("sends('a < b')", {"passed": 1, "errors": 1}, id="refused"),
    pytest.param("sends('a < b', \"can't parse entities\")", {"passed": 1}, id="refused, and announced"),
    pytest.param("sends('a < b', 'too long')", {"passed": 1, "errors": 1}, id="another one announced"),
    pytest.param("sends('a', 'too long')", {"passed": 1, "errors": 1}, id="announced, and not refused"),
    pytest.param("sends('a < b', watched=False)", {"passed": 1}, id="of no bot"),
]


@pytest.mark.parametrize(("call", "outcomes"), TESTS)
def test_a_refused_call_fails_its_test(pytester: pytest.Pytester, call: str, outcomes: dict[str, int]) -> None:
    """A call that Telegram refuses is an error of the test that caused it, unless the test has announced it."""
    pytester.makeini(SETTINGS)
    pytester.makeconftest("from refusals import nothing_refused")
    pytester.makepyfile(f"{BEGINNING}\nasync def test_sending():\n    await {call}\n")
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest").assert_outcomes(**outcomes)
