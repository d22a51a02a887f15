"""The fake itself: it refuses what Telegram refuses, and keeps updates as Telegram does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from fake_telegram import TOKEN, FakeTelegram, Group, Person, RefusalError, Upload, mark_up, parse_html

ANI = Person(101, "Ani")
FORUM = Group(-1002, "Forum", forum=True)


class Client:
    """Calls methods as a bot does."""

    def __init__(self, fake: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.fake, self.session = fake, session

    async def call(self, method: str, token: str = TOKEN, **parameters: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.fake.base_url}{token}/{method}", json=parameters) as response:
            return dict(await response.json())

    async def upload(self, name: str, content: bytes, **parameters: str) -> dict[str, Any]:
        form = aiohttp.FormData(parameters)
        form.add_field("document", content, filename=name)
        async with self.session.post(f"{self.fake.base_url}{TOKEN}/sendDocument", data=form) as response:
            return dict(await response.json())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of a fresh server that Ani has written to."""
    async with FakeTelegram(watched=False) as fake, aiohttp.ClientSession() as session:
        fake.says(ANI, "halo")
        fake.says(ANI, "halo", chat=FORUM, topic=7)
        yield Client(fake, session)


def message(chat: int = 101, text: object = "a", **more: Any) -> dict[str, Any]:
    return {"chat_id": chat, "text": text} | more


def button(**more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "a"} | more]]}


REFUSED = [
    ("unknown method", "sendNothing", {}, 404, "Not Found"),
    ("missing parameter", "sendMessage", {"chat_id": 101}, 400, "text is required"),
    ("unknown parameter", "sendMessage", message(disable_web_page_preview=True), 400, "is unknown"),
    ("wrong type", "sendMessage", message(text=5), 400, "must be String"),
    ("wrong type inside", "sendMessage", message(reply_parameters={}), 400, "message_id"),
    ("unknown chat", "sendMessage", message(5), 400, "chat not found"),
    ("empty", "sendMessage", message(text=" \n"), 400, "text is empty"),
    ("empty after parsing", "sendMessage", message(text="<b></b>", parse_mode="HTML"), 400, "text is empty"),
    ("too long", "sendMessage", message(text="😀" * 2049), 400, "too long"),
    ("bad HTML", "sendMessage", message(text="a < b", parse_mode="HTML"), 400, "can't parse entities"),
    ("unknown topic", "sendMessage", message(-1002, message_thread_id=8), 400, "thread not found"),
    ("two actions", "sendMessage", message(reply_markup=button(callback_data="x", url="a.id")), 400, "one action"),
    ("no action", "sendMessage", message(reply_markup=button()), 400, "one action"),
    ("long copy", "sendMessage", message(reply_markup=button(copy_text={"text": "x" * 257})), 400, "COPY_TEXT_INVALID"),
    ("deleting nothing", "deleteMessage", {"chat_id": 101, "message_id": 5}, 400, "to delete not found"),
    ("long description", "setMyDescription", {"description": "x" * 513}, 400, "too long"),
    ("long short description", "setMyShortDescription", {"short_description": "x" * 121}, 400, "too long"),
    (
        "unknown scope",
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": 5}},
        400,
        "chat not found",
    ),
    ("reply to nothing", "sendMessage", message(reply_parameters={"message_id": 1}), 400, "replied not found"),
]


@pytest.mark.parametrize(
    ("method", "parameters", "status", "description"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED]
)
async def test_refused(client: Client, method: str, parameters: dict[str, Any], status: int, description: str) -> None:
    """A wrong call is refused in Telegram's words, and remembered."""
    answer = await client.call(method, **parameters)
    assert (answer["ok"], answer["error_code"]) == (False, status)
    assert description in answer["description"]
    assert len(client.fake.refused) == 1


@pytest.mark.parametrize(("size", "count", "ok"), [(64, 100, True), (65, 1, False), (0, 1, False), (1, 101, False)])
async def test_buttons(client: Client, size: int, count: int, ok: bool) -> None:
    """Callback data is 1-64 bytes, and there are at most 100 buttons."""
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "x" * size}]] * count}
    assert (await client.call("sendMessage", chat_id=101, text="a", reply_markup=markup))["ok"] is ok


async def test_blocked_and_wrong_token(client: Client) -> None:
    """Who blocks the bot gets nothing, and a wrong token does nothing."""
    client.fake.blocked.add(101)
    assert (await client.call("sendMessage", chat_id=101, text="a"))["error_code"] == 403
    assert (await client.call("getMe", token="1:x"))["error_code"] == 401


async def test_updates_until_confirmed(client: Client) -> None:
    """Updates come again until a later offset confirms them."""
    first = (await client.call("getUpdates"))["result"]
    assert first == (await client.call("getUpdates"))["result"]
    rest = (await client.call("getUpdates", offset=first[0]["update_id"] + 1))["result"]
    assert rest == first[1:]
    assert (await client.call("getUpdates", offset=first[1]["update_id"] + 1))["result"] == []
    assert (await client.call("getUpdates"))["result"] == []


async def test_long_poll(client: Client) -> None:
    """A poll waits for news; a second poller throws out the first."""
    confirmed = (await client.call("getUpdates"))["result"][-1]["update_id"] + 1
    waiting = asyncio.create_task(client.call("getUpdates", offset=confirmed, timeout=5))
    await asyncio.sleep(0.05)  # so that this one is the first
    second = asyncio.create_task(client.call("getUpdates", offset=confirmed, timeout=5))
    assert (await waiting)["error_code"] == 409
    client.fake.says(ANI, "lagi")
    assert (await second)["result"][0]["message"]["text"] == "lagi"


async def test_no_poll_beside_a_webhook(client: Client) -> None:
    """While a webhook is set nobody can poll."""
    await client.call("setWebhook", url="http://127.0.0.1:9/x")
    assert (await client.call("getUpdates"))["error_code"] == 409
    await client.call("deleteWebhook")
    assert (await client.call("getUpdates"))["ok"]


async def test_edit(client: Client) -> None:
    """A message of the bot can be changed, but not into itself; a change of the markup alone is one."""
    sent = (await client.call("sendMessage", chat_id=101, text="a"))["result"]
    place = {"chat_id": 101, "message_id": sent["message_id"]}
    for change in ({"text": "b"}, {"text": "<b>b</b>", "parse_mode": "HTML"}, {"text": "b", "reply_markup": MARKUP}):
        assert (await client.call("editMessageText", **place, **change))["result"]["text"] == "b"
        assert (await client.fake.next_edit()).message["message_id"] == sent["message_id"]
        assert "not modified" in (await client.call("editMessageText", **place, **change))["description"]


MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}


async def test_refused_edits(client: Client) -> None:
    """Only a text of the bot itself can be changed, into what could be sent as well."""
    theirs = client.fake.says(ANI, "halo")["message_id"]
    ours = (await client.call("sendMessage", chat_id=101, text="a"))["result"]["message_id"]
    file = (await client.upload("a.txt", b"a", chat_id="101"))["result"]["message_id"]
    for parameters, description in (
        ({}, "identifier is not specified"),
        ({"chat_id": 101, "message_id": 5}, "message to edit not found"),
        ({"chat_id": 101, "message_id": theirs}, "can't be edited"),
        ({"chat_id": 101, "message_id": file}, "no text in the message"),
        ({"chat_id": 101, "message_id": ours, "text": " "}, "text is empty"),
        ({"chat_id": 101, "message_id": ours, "text": "<b>", "parse_mode": "HTML"}, "can't parse entities"),
    ):
        assert description in (await client.call("editMessageText", **{"text": "b"} | parameters))["description"]


async def test_upload(client: Client) -> None:
    """A file in a form becomes a document in its chat and topic."""
    sent = await client.upload("a.xlsx", b"PK\0\xff", chat_id="-1002", message_thread_id="7")
    assert sent["result"]["document"]["file_name"] == "a.xlsx"
    seen = await client.fake.next_message()
    assert (seen.chat, seen.topic, seen.file) == (-1002, 7, Upload("a.xlsx", b"PK\0\xff"))


async def test_refused_uploads(client: Client) -> None:
    """A file needs a chat, a topic that is there, and something in it."""
    for content, parameters, description in (
        (b"", {"chat_id": "101"}, "must be non-empty"),
        (b"a", {"chat_id": "5"}, "chat not found"),
        (b"a", {"chat_id": "-1002", "message_thread_id": "8"}, "thread not found"),
        (b"a", {}, "chat_id is required"),
    ):
        assert description in (await client.upload("a.txt", content, **parameters))["description"]
    assert "wrong file identifier" in (await client.call("sendDocument", chat_id=101, document="a"))["description"]


HTML = [
    ("a <b>x</b> &lt;&amp;&#65;", "a x <&A"),
    ("<blockquote expandable>a <i>b</i></blockquote>", "a b"),
    ('<a href="https://a.id/?x=1&amp;y=2">a</a>', "a"),
    ("<b>a", None),
    ("a</b>", None),
    ("<b><i>a</b></i>", None),
    ("<div>a</div>", None),
    ("<br>", None),
    ("<b class='x'>a</b>", None),
    ("a & b", None),
    ("a &nbsp; b", None),
    ("1 < 2", None),
    ("2 > 1", None),
    ("<blockquote>a<blockquote>b</blockquote></blockquote>", None),
]


@pytest.mark.parametrize(("html", "text"), HTML)
def test_html(html: str, text: str | None) -> None:
    """What Telegram's HTML allows is read, anything else is refused."""
    if text is not None:
        assert parse_html(html)[0] == text
        return
    with pytest.raises(RefusalError, match="can't parse entities"):
        parse_html(html)


MARKS = [
    ("/start@Bot_x halo", [("bot_command", 0, 12)]),
    ("😀 @nama_bot, a", [("mention", 3, 9)]),
    ("surat ke a.b@nama.id", [("email", 9, 11)]),
    ("https://a.id/@nama", [("url", 0, 18)]),
    ("dan/atau 1/2", []),
]


@pytest.mark.parametrize(("text", "expected"), MARKS)
def test_entities(text: str, expected: list[tuple[str, int, int]]) -> None:
    """Mentions, commands and addresses are found where Telegram finds them."""
    assert [(mark["type"], mark["offset"], mark["length"]) for mark in mark_up(text)] == expected


def article(number: object = 1, text: str = "a", title: str = "Judul", **more: Any) -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": str(number), "title": title, "input_message_content": content} | more


async def test_inline_query(client: Client) -> None:
    """A query is answered once, by results as a person sees them."""
    number = client.fake.types(ANI, "syarat")
    (update,) = (u for u in (await client.call("getUpdates"))["result"] if "inline_query" in u)
    assert (update["inline_query"]["id"], update["inline_query"]["query"]) == (number, "syarat")
    results = [article(text="<b>a</b>"), article(2)]
    assert (await client.call("answerInlineQuery", inline_query_id=number, results=results))["ok"]
    seen = await client.fake.next_results()
    assert (seen.titles, seen.texts) == (("Judul", "Judul"), ("a", "a"))
    assert "too old" in (await client.call("answerInlineQuery", inline_query_id=number, results=[]))["description"]


@pytest.mark.parametrize(
    ("results", "description"),
    [
        ([article(n) for n in range(51)], "RESULTS_TOO_MUCH"),
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article("x" * 65)], "RESULT_ID_INVALID"),
        ([article(title=" ")], "RESULT_ID_INVALID"),
        ([article(text="<b>")], "can't parse entities"),
        ([article(text="x" * 4097)], "too long"),
        ([article(reply_markup=button())], "one action"),
        ([article(type="photo")], "must be"),
    ],
)
async def test_refused_results(client: Client, results: list[dict[str, Any]], description: str) -> None:
    """What Telegram would not show is refused."""
    number = client.fake.types(ANI, "syarat")
    answer = await client.call("answerInlineQuery", inline_query_id=number, results=results)
    assert description in answer["description"]


async def test_edit_of_the_keyboard(client: Client) -> None:
    """Only the buttons change, and not into themselves."""
    sent = (await client.call("sendMessage", chat_id=101, text="a", reply_markup=MARKUP))["result"]
    place = {"chat_id": 101, "message_id": sent["message_id"]}
    assert "not modified" in (await client.call("editMessageReplyMarkup", **place, reply_markup=MARKUP))["description"]
    changed = (await client.call("editMessageReplyMarkup", **place, reply_markup=button(url="https://a.id")))["result"]
    assert (changed["text"], "url" in str(changed["reply_markup"])) == ("a", True)
    assert (await client.fake.next_edit()).labels == ("a",)
    assert (await client.call("deleteMessage", **place))["ok"]
    assert "not found" in (await client.call("editMessageReplyMarkup", **place))["description"]
