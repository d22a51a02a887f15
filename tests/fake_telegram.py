"""The Bot API at its HTTP edge: a small server on the loopback address that behaves, and refuses, like Telegram.

Written from the public documentation (core.telegram.org/bots/api). Every call is checked against the machine-readable
description of the API in ``botapi.json`` (MIT, see ``botapi.json.LICENSE``), and so is every update made here.
It is stricter than Telegram in one thing: a bare ``&`` or ``>`` in HTML is refused too.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
from aiohttp import web

Json = dict[str, Any]

API: Json = json.loads(Path(__file__).with_name("botapi.json").read_text(encoding="utf-8"))
TOKEN = "7000000001:AAHn0-t0ken-that-must-never-be-l0gged"
BOT: Json = {"id": 7000000001, "is_bot": True, "first_name": "Tanya Smart City", "username": "TanyaSmartCityBot"}
CHANNEL_SERVICE, ANONYMOUS_ADMIN = 777000, 1087968824  # the accounts that Telegram makes up for these

LONGEST_TEXT, LONGEST_CALLBACK_DATA, MOST_BUTTONS, MOST_UPDATES = 4096, 64, 100, 100
LONGEST_COPY, LONGEST_QUERY, MOST_RESULTS, LONGEST_RESULT_ID = 256, 256, 50, 64
LONGEST_PROFILE = {"description": 512, "short_description": 120}
LARGEST_FILE = 50_000_000  # bytes
LONG = 60.0  # seconds: longer than any bot waits for an answer
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}

MEMBER_TYPES = {
    "administrator": "ChatMemberAdministrator",
    "member": "ChatMemberMember",
    "restricted": "ChatMemberRestricted",
    "left": "ChatMemberLeft",
    "kicked": "ChatMemberBanned",
}

_TOKENS = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-z-]+)(?P<attributes>[^<>]*)>|&(?P<entity>lt|gt|amp|quot|#\d+|#x[0-9a-f]+);|(?P<text>[^<>&]+)",
    re.IGNORECASE,
)
_PLAIN_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "code", "pre", "blockquote"}
_TAG_WITH_ATTRIBUTES = re.compile(
    r'blockquote expandable|span class="tg-spoiler"|a href="[^"]+"|tg-emoji emoji-id="\d+"|code class="language-[^"]+"'
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_MARKS = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?")),
    ("mention", re.compile(r"(?<![\w@.])@\w{3,32}")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(r"https?://\S+")),
)


class RefusalError(Exception):
    """An answer of the Bot API other than ``ok``; ``provoked`` where no bot could have known better."""

    def __init__(self, status: int, description: str, *, provoked: bool = False, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters
        self.provoked = provoked


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    name: str
    is_bot: bool = False

    @property
    def user(self) -> Json:
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}


@dataclass(frozen=True, slots=True)
class Group:
    """A group or supergroup; in a forum messages have topics."""

    id: int
    title: str
    type: str = "supergroup"
    forum: bool = False

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": self.type, "title": self.title} | ({"is_forum": True} if self.forum else {})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot as a person sees it, and as it was sent."""

    message: Json
    text: str  # after entity parsing
    html: str
    entities: tuple[tuple[str, str], ...]  # (tag, the words inside)
    calls: Json  # the parameters of the call
    file: Upload | None = None

    @property
    def chat(self) -> int:
        return int(self.message["chat"]["id"])

    @property
    def topic(self) -> int | None:
        return self.message.get("message_thread_id") if self.message.get("is_topic_message") else None

    @property
    def reply_to(self) -> int | None:
        return (self.calls.get("reply_parameters") or {}).get("message_id")

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button["text"] for row in self._rows() for button in row)

    def data_of(self, label: str) -> str:
        """The callback data behind a button."""
        return str(self.button(label)["callback_data"])

    def button(self, label: str) -> Json:
        """A button as it was sent."""
        return next(button for row in self._rows() for button in row if button["text"] == label)

    def _rows(self) -> list[list[Json]]:
        return list((self.message.get("reply_markup") or {}).get("inline_keyboard", []))


@dataclass(frozen=True, slots=True)
class Results:
    """What the bot offers for an inline query."""

    articles: tuple[Json, ...]
    texts: tuple[str, ...]  # of the messages that they would send, after entity parsing
    calls: Json

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(article["title"] for article in self.articles)


@dataclass
class FakeTelegram:
    """The server; use it as ``async with FakeTelegram() as fake``.

    A test in which it refuses a call of the bot fails (see ``refusals.py``), unless it has told so by ``expects``.
    """

    opened: ClassVar[list[FakeTelegram]] = []  # every server of the test that is running

    refused: list[str] = field(default_factory=list)  # every 400 and 404: "method: description"
    expected: list[tuple[str, str]] = field(default_factory=list)  # see ``expects``
    watched: bool = True  # False where the fake itself is tested, and no bot
    calls: list[tuple[str, Json]] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)  # chats that answer 403
    webhook: Json = field(default_factory=dict)
    delivered: list[tuple[int, int]] = field(default_factory=list)  # (update id, status of the webhook)
    menus: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # (scope, language) → its commands
    profile: dict[tuple[str, str], str] = field(default_factory=dict)  # ("description", language) → its text
    deleted: list[tuple[int, int]] = field(default_factory=list)  # (chat, message) that the bot has taken away
    reads_all: bool = False  # whether privacy mode is off
    admins: dict[int, set[int]] = field(default_factory=dict)  # chat → persons
    strangers: set[int] = field(default_factory=set)  # persons that no group knows
    reaches: dict[str, str] = field(default_factory=dict)  # public address of a webhook → where it is behind its proxy
    token: str = TOKEN
    now: Callable[[], float] = time.time  # what messages are dated by
    port: int = 0  # 0 takes any free one

    def __post_init__(self) -> None:
        self._chats: dict[int, Json] = {}
        self._moved: dict[int, int] = {}
        self._topics: set[tuple[int, int]] = set()
        self._messages: dict[tuple[int, int], Json] = {}
        self._pending: list[Json] = []
        self._allowed: list[str] = []
        self._faults: dict[str, list[tuple[int | str, int]]] = {}
        self._sent: asyncio.Queue[Sent] = asyncio.Queue()
        self._edited: asyncio.Queue[Sent] = asyncio.Queue()
        self._results: asyncio.Queue[Results] = asyncio.Queue()
        self._queries: set[str] = set()
        self._entities: dict[tuple[int, int], tuple[tuple[str, str], ...]] = {}
        self._news = asyncio.Event()
        self._poller: asyncio.Event | None = None
        self._numbers = itertools.count(1001)
        self._update_ids = itertools.count(500001)
        self._webhook_task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> FakeTelegram:
        app = web.Application(client_max_size=2 * LARGEST_FILE)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        self.opened.append(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_webhook()
        if self._poller is not None:
            self._poller.set()
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    # --- what people do ---

    def joins(self, place: Group | Person) -> None:
        """Makes a group or a person known to the bot before anybody has written there."""
        self._chats[place.id] = place.chat

    def migrate(self, old: int, new: Group) -> None:
        """A group becomes a supergroup, with a new number."""
        self.joins(new)
        self._moved[old] = new.id

    def adds_bot(self, person: Person, group: Group, before: str = "left", after: str = "member") -> None:
        """Somebody adds the bot to a group, removes it (``after="kicked"``), or changes its rights there."""
        self.joins(group)
        old, new = (_member(BOT, status) for status in (before, after))
        change = {"chat": group.chat, "from": person.user, "date": int(self.now())}
        self.pushes("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})

    def upgrades(self, person: Person, old: Group, new: Group, *, joins_first: bool = True) -> None:
        """A group becomes a supergroup: Telegram tells of it in both, and that the bot has joined the new one."""
        if joins_first:
            self.adds_bot(person, new)
        self.says(person, chat=new, migrate_from_chat_id=old.id)
        self.says(person, chat=old, migrate_to_chat_id=new.id)
        if not joins_first:
            self.adds_bot(person, new)
        self.migrate(old.id, new)

    def forget(self, sent: Sent) -> None:
        """Somebody deletes a message of the bot; Telegram does not tell it."""
        del self._messages[sent.chat, sent.message["message_id"]]

    def says(
        self,
        person: Person,
        text: str = "",
        *,
        chat: Group | None = None,
        reply_to: Json | Sent | None = None,
        topic: int | None = None,
        **more: Any,
    ) -> Json:
        """Somebody sends a message; ``more`` holds further fields of ``Message`` (``caption``, ``sticker`` …).

        Mentions, commands, e-mail and web addresses are marked as Telegram marks them, unless ``entities`` are given.
        """
        message = self._message(person.user, chat.chat if chat else person.chat, topic)
        if text:
            message["text"] = text
        if reply_to is not None:
            original = reply_to.message if isinstance(reply_to, Sent) else reply_to
            message["reply_to_message"] = {key: value for key, value in original.items() if key != "reply_to_message"}
        message |= more
        for words, marks in (("text", "entities"), ("caption", "caption_entities")):
            if words in message and marks not in message and (found := mark_up(message[words])):
                message[marks] = found
        self._messages[message["chat"]["id"], message["message_id"]] = message
        self.pushes("message", message)
        return message

    def edits(self, message: Json, text: str, **more: Any) -> Json:
        """Somebody changes a message; ``more`` replaces fields of it."""
        edited = {key: value for key, value in message.items() if key != "entities"}
        edited |= {"text": text, "edit_date": int(self.now())} | more
        if found := mark_up(text):
            edited["entities"] = found
        self._messages[edited["chat"]["id"], edited["message_id"]] = edited
        self.pushes("edited_message", edited)
        return edited

    def loses(self, sent: Sent) -> None:
        """Somebody deletes a message of the bot, of which no bot hears."""
        del self._messages[sent.chat, sent.message["message_id"]]

    def types(self, person: Person, query: str) -> str:
        """Somebody types after the bot's name, in whatever chat; returns the id of the inline query."""
        number = str(next(self._numbers))
        self._queries.add(number)
        self.pushes("inline_query", {"id": number, "from": person.user, "query": query[:LONGEST_QUERY], "offset": ""})
        return number

    def sends_result(self, person: Person, results: Results, title: str, chat: Group | None = None) -> Json:
        """Somebody sends one of the results, which the bot gets to see like any message."""
        number = results.titles.index(title)
        markup = results.articles[number].get("reply_markup")
        more = {"via_bot": BOT} | ({"reply_markup": markup} if markup else {})
        return self.says(person, results.texts[number], chat=chat, **more)

    def presses(self, person: Person, sent: Sent, label: str, **more: Any) -> str:
        """Somebody presses a button; returns the id of the callback query. ``more`` replaces fields of it."""
        number = str(next(self._numbers))
        query = {
            "id": number,
            "from": person.user,
            "chat_instance": "1",
            "message": sent.message,
            "data": sent.data_of(label) if label else "",
        } | more
        self.pushes("callback_query", {key: value for key, value in query.items() if value is not None})
        return number

    def pushes(self, kind: str, value: Json) -> None:
        """Any update, checked against the description of the API."""
        if self._allowed and kind not in self._allowed:
            return
        update = {"update_id": next(self._update_ids), kind: value}
        check("Update", update, kind)
        self._pending.append(update)
        self._news.set()

    async def next_message(self, timeout: float = 5.0) -> Sent:  # noqa: ASYNC109 (reads better than asyncio.timeout)
        """The next message of the bot; ``TimeoutError`` if it says nothing for ``timeout`` seconds."""
        return await asyncio.wait_for(self._sent.get(), timeout)

    async def next_edit(self, timeout: float = 5.0) -> Sent:  # noqa: ASYNC109 (as above)
        """The next message that the bot changes, as it is then; ``TimeoutError`` after ``timeout`` seconds."""
        return await asyncio.wait_for(self._edited.get(), timeout)

    async def next_results(self, timeout: float = 5.0) -> Results:  # noqa: ASYNC109 (as above)
        """What the bot offers for the next inline query that it answers."""
        return await asyncio.wait_for(self._results.get(), timeout)

    def unread(self) -> int:
        """How many messages of the bot were not taken by ``next_message``."""
        return self._sent.qsize()

    def times(self, method: str) -> int:
        """How often a method was called, successfully or not."""
        return sum(called == method for called, _ in self.calls)

    def fail_next(self, method: str, fault: int | str, *, retry_after: int = 0, times: int = 1) -> None:
        """The next calls of a method fail.

        ``fault`` is a status, or "reset" (connection lost, nothing done), "lost" (done, but the answer is lost),
        "garbage" (done, but the answer breaks off) or "timeout" (done, but the answer does not come).
        """
        self._faults.setdefault(method, []).extend([(fault, retry_after)] * times)

    def expects(self, method: str, fragment: str) -> None:
        """Announces one refusal that a test brings about on purpose, with a part of its description."""
        self.expected.append((method, fragment))

    def surprises(self) -> list[str]:
        """Refusals that nobody has announced, and announced ones that did not come."""
        unannounced, missing = [], list(self.expected)
        for refusal in self.refused:
            method, _, description = refusal.partition(": ")
            known = next((one for one in missing if one[0] == method and one[1] in description), None)
            if known is None:
                unannounced.append(refusal)
            else:
                missing.remove(known)
        return unannounced + [f"{method} was to be refused: {fragment}" for method, fragment in missing]

    # --- the HTTP edge ---

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                raise RefusalError(401, "Unauthorized")
            described = API["methods"].get(method)
            action = getattr(self, "_do_" + re.sub("([A-Z])", r"_\1", method).lower(), None)
            if described is None or action is None:
                raise RefusalError(404, "Not Found")
            parameters = await _parameters(request, described["fields"])
            self.calls.append((method, parameters))
            return await self._perform(method, action, parameters, request)
        except RefusalError as refusal:
            if refusal.status in {400, 404} and not refusal.provoked:
                self.refused.append(f"{method}: {refusal.description}")
            body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.status)

    async def _perform(self, method: str, action: Any, parameters: Json, request: web.Request) -> web.StreamResponse:
        faults = self._faults.get(method)
        fault, retry_after = faults.pop(0) if faults else ("", 0)
        if isinstance(fault, int):
            described = {429: f"Too Many Requests: retry after {retry_after}", 403: "Forbidden: bot was kicked"}
            extra = {"retry_after": retry_after} if retry_after else {}
            raise RefusalError(fault, described.get(fault, "Internal Server Error"), provoked=True, **extra)
        if fault != "reset":
            result = await action(parameters)
        if fault == "timeout":
            await asyncio.sleep(LONG)
        if fault in {"reset", "lost"} and request.transport is not None:
            request.transport.abort()
        body = json.dumps({"ok": True, "result": None if fault == "reset" else result})
        return web.Response(text=body[:-2] if fault == "garbage" else body, content_type="application/json")

    # --- the methods ---

    async def _do_get_me(self, _: Json) -> Json:
        rights = {"can_join_groups": True, "supports_inline_queries": True}
        return BOT | rights | {"can_read_all_group_messages": self.reads_all}

    async def _do_get_updates(self, parameters: Json) -> list[Json]:
        if self.webhook:
            raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._poller is not None:
            self._poller.set()
        self._poller = thrown_out = asyncio.Event()
        self._allow(parameters)
        offset, limit = parameters.get("offset", 0), parameters.get("limit", MOST_UPDATES)
        self._pending = [update for update in self._pending if update["update_id"] >= offset]
        end = time.monotonic() + parameters.get("timeout", 0)
        while not self._pending and not thrown_out.is_set() and (rest := end - time.monotonic()) > 0:
            self._news.clear()
            waits = [asyncio.create_task(event.wait()) for event in (self._news, thrown_out)]
            await asyncio.wait(waits, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
        if thrown_out.is_set():
            raise RefusalError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        self._poller = None
        return self._pending[:limit]

    async def _do_set_webhook(self, parameters: Json) -> bool:
        self._stop_webhook()
        self._allow(parameters)
        self.webhook = parameters if parameters["url"] else {}
        if self.webhook:
            self._webhook_task = asyncio.create_task(self._deliver())
        return True

    async def _do_delete_webhook(self, parameters: Json) -> bool:
        self._stop_webhook()
        self.webhook = {}
        if parameters.get("drop_pending_updates"):
            self._pending.clear()
        return True

    async def _do_send_message(self, parameters: Json) -> Json:
        self._chat(parameters["chat_id"])
        text, entities = _shown(parameters)
        message = self._post(parameters, {"text": text})
        self._entities[message["chat"]["id"], message["message_id"]] = entities
        self._sent.put_nowait(Sent(message, text, parameters["text"], entities, parameters))
        return message

    async def _do_send_document(self, parameters: Json) -> Json:
        file = parameters["document"]
        if "caption" in parameters:
            raise RefusalError(400, "Bad Request: captions are not supported here")
        if not isinstance(file, Upload):
            raise RefusalError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if not file.content:
            raise RefusalError(400, "Bad Request: file must be non-empty")
        if len(file.content) > LARGEST_FILE:
            raise RefusalError(413, "Request Entity Too Large")
        number = str(next(self._numbers))
        document = {"file_id": number, "file_unique_id": number, "file_name": file.name, "file_size": len(file.content)}
        message = self._post(parameters, {"document": document})
        self._sent.put_nowait(Sent(message, "", "", (), parameters, file))
        return message

    def _post(self, parameters: Json, content: Json) -> Json:
        """A new message of the bot in the chat, topic and thread that the parameters name."""
        chat = self._chat(parameters["chat_id"])
        topic = parameters.get("message_thread_id")
        if topic is not None and (chat["id"], topic) not in self._topics:
            raise RefusalError(400, "Bad Request: message thread not found")
        message = self._message(BOT, chat, topic) | content
        reply = parameters.get("reply_parameters")
        if reply is not None:
            original = self._messages.get((chat["id"], reply["message_id"]))
            if original is None and not reply.get("allow_sending_without_reply"):
                raise RefusalError(400, "Bad Request: message to be replied not found")
            if original is not None:
                message["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
        if "reply_markup" in parameters:
            message["reply_markup"] = _keyboard(parameters["reply_markup"])
        self._messages[chat["id"], message["message_id"]] = message
        return message

    def _editable(self, parameters: Json) -> tuple[tuple[int, int], Json]:
        """A message of the bot, and where it is."""
        if not {"chat_id", "message_id"} <= parameters.keys():
            raise RefusalError(400, "Bad Request: message identifier is not specified")
        place = self._chat(parameters["chat_id"])["id"], parameters["message_id"]
        message = self._messages.get(place)
        if message is None:
            raise RefusalError(400, "Bad Request: message to edit not found")
        if message["from"] != BOT:
            raise RefusalError(400, "Bad Request: message can't be edited")
        return place, message

    async def _do_edit_message_reply_markup(self, parameters: Json) -> Json:
        place, message = self._editable(parameters)
        markup = _keyboard(parameters["reply_markup"]) if "reply_markup" in parameters else None
        if markup == message.get("reply_markup"):
            raise RefusalError(400, f"Bad Request: {NOT_MODIFIED}")
        edited = {key: value for key, value in message.items() if key != "reply_markup"}
        edited |= {"edit_date": int(self.now())} | ({"reply_markup": markup} if markup else {})
        self._messages[place] = edited
        self._edited.put_nowait(Sent(edited, message["text"], "", self._entities[place], parameters))
        return edited

    async def _do_delete_message(self, parameters: Json) -> bool:
        place = self._chat(parameters["chat_id"])["id"], parameters["message_id"]
        if self._messages.pop(place, None) is None:
            raise RefusalError(400, "Bad Request: message to delete not found")
        self.deleted.append(place)
        return True

    async def _do_edit_message_text(self, parameters: Json) -> Json:
        place, message = self._editable(parameters)
        if "text" not in message:
            raise RefusalError(400, "Bad Request: there is no text in the message to edit")
        text, entities = _shown(parameters)
        markup = _keyboard(parameters["reply_markup"]) if "reply_markup" in parameters else None
        if (text, entities, markup) == (message["text"], self._entities[place], message.get("reply_markup")):
            raise RefusalError(400, f"Bad Request: {NOT_MODIFIED}")
        edited = {key: value for key, value in message.items() if key != "reply_markup"}
        edited |= {"text": text, "edit_date": int(self.now())} | ({"reply_markup": markup} if markup else {})
        self._messages[place], self._entities[place] = edited, entities
        self._edited.put_nowait(Sent(edited, text, parameters["text"], entities, parameters))
        return edited

    async def _do_answer_callback_query(self, parameters: Json) -> bool:
        if len(parameters.get("text", "")) > 200:
            raise RefusalError(400, "Bad Request: MESSAGE_TOO_LONG")
        return True

    async def _do_set_my_commands(self, parameters: Json) -> bool:
        for command in parameters["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
        scope = parameters.get("scope", {"type": "default"})
        if "chat_id" in scope:
            self._chat(scope["chat_id"])
        self.menus[scope["type"], parameters.get("language_code", "")] = parameters["commands"]
        return True

    async def _do_answer_inline_query(self, parameters: Json) -> bool:
        number, articles = parameters["inline_query_id"], parameters["results"]
        if number not in self._queries:
            raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._queries.remove(number)
        if len(articles) > MOST_RESULTS:
            raise RefusalError(400, "Bad Request: RESULTS_TOO_MUCH")
        if len({article["id"] for article in articles}) < len(articles):
            raise RefusalError(400, "Bad Request: RESULT_ID_DUPLICATE")
        texts = []
        for article in articles:
            if not 1 <= len(article["id"].encode()) <= LONGEST_RESULT_ID or not article["title"].strip():
                raise RefusalError(400, "Bad Request: RESULT_ID_INVALID")
            content = article["input_message_content"]
            texts.append(_shown(content | {"text": content["message_text"]})[0])
            _keyboard(article.get("reply_markup", {}))
        self._results.put_nowait(Results(tuple(articles), tuple(texts), parameters))
        return True

    async def _do_set_my_description(self, parameters: Json) -> bool:
        return self._set_profile("description", parameters)

    async def _do_set_my_short_description(self, parameters: Json) -> bool:
        return self._set_profile("short_description", parameters)

    async def _do_get_my_description(self, parameters: Json) -> Json:
        return {"description": self.profile.get(("description", parameters.get("language_code", "")), "")}

    async def _do_get_my_short_description(self, parameters: Json) -> Json:
        return {"short_description": self.profile.get(("short_description", parameters.get("language_code", "")), "")}

    def _set_profile(self, kind: str, parameters: Json) -> bool:
        if len(parameters.get(kind, "")) > LONGEST_PROFILE[kind]:
            raise RefusalError(400, f"Bad Request: {kind} is too long")
        self.profile[kind, parameters.get("language_code", "")] = parameters.get(kind, "")
        return True

    async def _do_send_chat_action(self, parameters: Json) -> bool:
        self._chat(parameters["chat_id"])
        return True

    async def _do_get_chat_member(self, parameters: Json) -> Json:
        chat, person = self._chat(parameters["chat_id"])["id"], parameters["user_id"]
        if person in self.strangers:
            raise RefusalError(400, "Bad Request: PARTICIPANT_ID_INVALID")
        user = BOT if person == BOT["id"] else Person(person, "Anggota").user
        return _member(user, "administrator" if person in self.admins.get(chat, ()) else "member")

    # --- inside ---

    def _message(self, sender: Json, chat: Json, topic: int | None) -> Json:
        self._chats[chat["id"]] = chat
        message = {"message_id": next(self._numbers), "date": int(self.now()), "chat": chat, "from": sender}
        if topic is not None:
            self._topics.add((chat["id"], topic))
            opening = {"message_id": topic, "date": 0, "chat": chat, "from": BOT, "message_thread_id": topic}
            opening |= {"is_topic_message": True, "forum_topic_created": {"name": "Umum", "icon_color": 0}}
            message |= {"message_thread_id": topic, "is_topic_message": True, "reply_to_message": opening}
        return message

    def _chat(self, number: int | str) -> Json:
        if number in self._moved:
            raise RefusalError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                provoked=True,
                migrate_to_chat_id=self._moved[int(number)],
            )
        if number in self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if not isinstance(number, int) or number not in self._chats:
            raise RefusalError(400, "Bad Request: chat not found")
        return self._chats[number]

    def _allow(self, parameters: Json) -> None:
        if "allowed_updates" in parameters:  # what is not given stays as it was
            everything = set(API["types"]["Update"]["fields"]) - NOT_BY_DEFAULT
            self._allowed = parameters["allowed_updates"] or sorted(everything)

    def _stop_webhook(self) -> None:
        if self._webhook_task is not None:
            self._webhook_task.cancel()
            self._webhook_task = None

    async def _deliver(self) -> None:
        """Brings updates to the webhook in order, each again and again until it is accepted."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        address = self.reaches.get(self.webhook["url"], self.webhook["url"])
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                while self._pending:
                    update = self._pending[0]
                    status = 0
                    with contextlib.suppress(aiohttp.ClientError):
                        async with session.post(address, json=update) as response:
                            status = response.status
                    self.delivered.append((update["update_id"], status))
                    if 200 <= status < 300:
                        self._pending.remove(update)
                    else:
                        await asyncio.sleep(0.05)
                self._news.clear()
                await self._news.wait()


def _member(user: Json, status: str) -> Json:
    """A member of a chat; an administrator has every right, a muted one is "restricted"."""
    fields = API["types"][MEMBER_TYPES[status]]["fields"]
    made: Json = {name: True for name, (required, kinds, *_) in fields.items() if required and kinds == ["Boolean"]}
    if status == "restricted":
        made |= {name: False for name in made if name.startswith("can_")}
    if "until_date" in fields:
        made["until_date"] = 0
    return made | {"user": user, "status": status}


async def _parameters(request: web.Request, fields: Json) -> Json:
    """The parameters of a call, from a form or a JSON body, checked."""
    if request.content_type == "application/json":
        raw: Json = await request.json()
    else:
        raw = dict(request.query) | dict(await request.post())
    parameters = {}
    for name, value in raw.items():
        if name not in fields:
            raise RefusalError(400, f"Bad Request: parameter {name} is unknown")
        if isinstance(value, web.FileField):
            parameters[name] = Upload(value.filename, value.file.read())
        else:
            parameters[name] = _value(value, fields[name][1]) if isinstance(value, str) else value
        _check_any(fields[name][1], parameters[name], name)
    for name, (required, _) in fields.items():
        if required and name not in parameters:
            raise RefusalError(400, f"Bad Request: parameter {name} is required")
    return parameters


def _value(text: str, kinds: list[str]) -> Any:
    """What a form field holds: everything except strings is written as JSON."""
    if kinds == ["String"] or ("String" in kinds and not re.fullmatch(r"-?\d+", text)):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise RefusalError(400, f"Bad Request: can't parse {kinds[0]}") from error


def check(kind: str, value: Any, path: str) -> None:
    """Raises ``RefusalError`` where a value is not of a type of the API ("Integer", "Array of User", "Message" …)."""
    simple: dict[str, tuple[type, ...]] = {
        "Integer": (int,),
        "Float": (int, float),
        "String": (str,),
        "Boolean": (bool,),
    }
    if kind in simple:
        if not isinstance(value, simple[kind]) or (isinstance(value, bool) and kind != "Boolean"):
            raise RefusalError(400, f"Bad Request: field {path} must be {kind}")
    elif kind == "InputFile":
        if not isinstance(value, Upload):
            raise RefusalError(400, f"Bad Request: field {path} must be a file in a form")
    elif kind.startswith("Array of "):
        if not isinstance(value, list):
            raise RefusalError(400, f"Bad Request: field {path} must be an array")
        for number, item in enumerate(value):
            check(kind.removeprefix("Array of "), item, f"{path}[{number}]")
    elif "subtypes" in API["types"][kind]:
        _check_any(API["types"][kind]["subtypes"], value, path)
    else:
        _check_object(kind, value, path)


def _check_object(kind: str, value: Any, path: str) -> None:
    fields = API["types"][kind]["fields"]
    if not isinstance(value, dict):
        raise RefusalError(400, f"Bad Request: field {path} must be a {kind}")
    for name, (required, kinds, *always) in fields.items():
        if always and value.get(name) != always[0]:
            raise RefusalError(400, f"Bad Request: field {path}.{name} of {kind} must be {always[0]}")
        if name in value:
            _check_any(kinds, value[name], f"{path}.{name}")
        elif required:
            raise RefusalError(400, f"Bad Request: field {path}.{name} of {kind} is required")
    if unknown := value.keys() - fields.keys():
        raise RefusalError(400, f"Bad Request: {kind} has no field {sorted(unknown)[0]}")


def _check_any(kinds: list[str], value: Any, path: str) -> None:
    refusals = []
    for kind in kinds:
        try:
            return check(kind, value, path)
        except RefusalError as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _shown(parameters: Json) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of a message after entity parsing; raises where Telegram refuses it."""
    mode = parameters.get("parse_mode")
    if mode not in {None, "HTML"}:
        raise RefusalError(400, f"Bad Request: parse mode {mode} is not supported here")
    text, entities = parse_html(parameters["text"]) if mode else (parameters["text"].strip(), ())
    if not text:
        raise RefusalError(400, "Bad Request: message text is empty")
    if utf16(text) > LONGEST_TEXT:
        raise RefusalError(400, "Bad Request: message is too long")
    return text, entities


def parse_html(html: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The visible text, and the tags with the words in them; ``RefusalError`` for what Telegram can't parse."""
    text, position = "", 0
    entities: list[tuple[str, str]] = []
    stack: list[tuple[str, int]] = []
    while position < len(html):
        token = _TOKENS.match(html, position)
        if token is None:
            raise _unparsable(f"unexpected character at offset {position}")
        position = token.end()
        if token["text"]:
            text += token["text"]
        elif token["entity"]:
            text += _character(token["entity"])
        elif token["end"]:
            if token["attributes"] or not stack or stack[-1][0] != token["tag"]:
                raise _unparsable(f"unexpected end tag at offset {token.start()}")
            tag, start = stack.pop()
            entities.append((tag, text[start:]))
        else:
            _check_tag(token["tag"], token["attributes"], [tag for tag, _ in stack])
            stack.append((token["tag"], len(text)))
    if stack:
        raise _unparsable(f"can't find end tag corresponding to start tag {stack[-1][0]}")
    return text.strip(), tuple(entities)


def _check_tag(tag: str, attributes: str, open_tags: list[str]) -> None:
    known = tag in _PLAIN_TAGS if not attributes else _TAG_WITH_ATTRIBUTES.fullmatch(tag + attributes)
    if not known:
        raise _unparsable(f'unsupported start tag "{tag}{attributes}"')
    if tag == "blockquote" and tag in open_tags:
        raise _unparsable("blockquotes can't be nested")


def _character(entity: str) -> str:
    if entity in _NAMED:
        return _NAMED[entity]
    return chr(int(entity[2:], 16) if entity[1] in "xX" else int(entity[1:]))


def _unparsable(reason: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: can't parse entities: {reason}")


def _keyboard(markup: Json) -> Json:
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise RefusalError(400, "Bad Request: reply markup is too long")
    for button in buttons:
        if not button["text"].strip():
            raise RefusalError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if len(button.keys() - {"text", "style", "icon_custom_emoji_id"}) != 1:
            raise RefusalError(400, "Bad Request: inline keyboard button must have exactly one action")
        if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= LONGEST_COPY:
            raise RefusalError(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= LONGEST_CALLBACK_DATA:
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def mark_up(text: str) -> list[Json]:
    """The entities that Telegram finds in a text; offsets count UTF-16 code units."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in reversed(_MARKS):  # addresses first: an @ in an e-mail is no mention
        for match in pattern.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), kind))
    return [
        {"type": kind, "offset": utf16(text[:start]), "length": utf16(text[start:end])}
        for start, end, kind in sorted(found)
    ]


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
