"""Failures: the person reads one apology, the log says where, and neither words nor token are in it."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import pytest
from fake_telegram import TOKEN, FakeTelegram
from running_bot import ANI, BUDI, FORUM, GROUP, Echo
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.errors import OperatorError
from handlers.errors import describe

SECRET = "nomor saya 0812-3456-7890"


@pytest.mark.usefixtures("bot")
async def test_apology(fake: FakeTelegram, echo: Echo, caplog: pytest.LogCaptureFixture) -> None:
    """An error costs one person one answer; the place is logged, the words are not."""
    echo.replies[SECRET] = ValueError(f"cannot read {SECRET!r}")
    with caplog.at_level(logging.INFO):
        fake.says(ANI, SECRET)
        fake.says(BUDI, "penanda")
        assert (await fake.next_message()).text == "gangguan:"
        assert (await fake.next_message()).text == "ask: penanda"
    assert "ValueError" in caplog.text
    assert "private.py" in caplog.text
    assert "0812" not in caplog.text


@pytest.mark.usefixtures("bot")
async def test_apology_in_a_topic(fake: FakeTelegram, echo: Echo) -> None:
    """In a group the apology stands where the question was."""
    echo.replies["rusak"] = ValueError()
    message = fake.says(ANI, "/tanya rusak", chat=FORUM, topic=9)
    sent = await fake.next_message()
    assert (sent.text, sent.topic, sent.reply_to) == ("gangguan:", 9, message["message_id"])


@pytest.mark.usefixtures("bot")
async def test_blocked(fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever blocks the bot is let go without an error."""
    fake.blocked.add(ANI.id)
    with caplog.at_level(logging.INFO):
        fake.says(ANI, "halo")
        fake.says(BUDI, "penanda")
        assert (await fake.next_message()).chat == BUDI.id
    ours = [record for record in caplog.records if record.name.startswith("handlers")]
    assert [record.levelname for record in ours if "blocked" in record.message] == ["INFO"]
    assert all(record.levelno < logging.ERROR for record in ours)


@pytest.mark.usefixtures("bot")
async def test_apology_that_fails(fake: FakeTelegram, echo: Echo, caplog: pytest.LogCaptureFixture) -> None:
    """When even the apology is refused, the bot goes on."""
    echo.replies["rusak"] = ValueError()
    fake.fail_next("sendMessage", 400)
    fake.says(ANI, "rusak", chat=None)
    fake.says(BUDI, "penanda")
    assert (await fake.next_message()).chat == BUDI.id
    assert "the apology did not arrive either" in caplog.text


DESCRIPTIONS = [
    ("our own", OperatorError("data/ is full. Remedy: make room."), "OperatorError: data/ is full. Remedy: make room."),
    ("refusal", BadRequest("Chat not found"), "BadRequest: Chat not found"),
    (
        "refusal that quotes",
        BadRequest('Unsupported start tag "rahasia" at byte 3'),
        "BadRequest: Unsupported start tag",
    ),
    ("anything", ValueError("rahasia"), "ValueError"),
    ("token", InvalidToken(f"The token `{TOKEN}` was rejected"), "InvalidToken"),
    ("blocked", Forbidden("bot was blocked by Ani"), "Forbidden"),
    ("none", None, ""),
]


@pytest.mark.parametrize(("error", "expected"), [pytest.param(e, x, id=name) for name, e, x in DESCRIPTIONS])
def test_description(error: BaseException | None, expected: str) -> None:
    """Only what is written for the operator is quoted."""
    assert describe(error) == expected


def test_description_names_causes() -> None:
    """The chain of causes is named with its places."""
    try:
        try:
            int("rahasia")
        except ValueError as cause:
            raise OperatorError("Remedy: none.") from cause
    except OperatorError as error:
        told = describe(error)
    assert told.startswith("OperatorError: Remedy: none. (test_errors.py:")
    assert ", caused by ValueError (test_errors.py:" in told
    assert "rahasia" not in told


REAL_RUN = """
import asyncio, logging, sys
sys.path[:0] = {paths!r}
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
from running_bot import Echo, application
from handlers.app import run
echo = Echo()
echo.replies["rusak {secret}"] = ValueError("{secret}")
async def main():
    await run(await application({url!r}, echo, {token!r}))
asyncio.run(main())
"""


async def test_log_of_a_real_run(tmp_path: Path) -> None:
    """A whole run in its own process, with every kind of failure: no token and no words in what it writes."""
    root = Path(__file__).parents[2]
    async with FakeTelegram() as fake:
        fake.fail_next("getMe", 502)
        fake.fail_next("setMyCommands", 400)
        fake.fail_next("getUpdates", "garbage")
        paths = [str(root), str(root / "tests")]
        code = REAL_RUN.format(paths=paths, secret=SECRET, url=fake.base_url, token=fake.token)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        fake.says(ANI, f"rusak {SECRET}")
        assert (await fake.next_message(15)).text == "gangguan:"
        fake.fail_next("sendMessage", "garbage")
        fake.fail_next("sendMessage", 500)
        for chat in (None, GROUP, None):
            fake.says(ANI, f"@TanyaSmartCityBot {SECRET}", chat=chat)
        fake.says(BUDI, "penanda")
        while (await fake.next_message(15)).chat != BUDI.id:
            pass
        process.terminate()
        output, _ = await asyncio.wait_for(process.communicate(), 15)
    log = output.decode()
    assert process.returncode == 0, log
    for expected in (
        "can't be reached",
        "menu of commands",
        "is listening",
        "not told again until it is over",
        "ValueError",
    ):
        assert expected in log
    for secret in (fake.token, fake.token.partition(":")[2], SECRET, "0812"):
        assert secret not in log
