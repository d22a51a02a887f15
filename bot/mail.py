"""What comes in and what goes out, as the store keeps it and the adapter handles it: values without any behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How far an update is; the last five are final, and every question ends in exactly one of them."""

    WAITING = "waiting"  # received and not handled
    HANDLED = "handled"  # what is said to it is on its way
    ANSWERED = "answered"
    MERGED = "merged"  # answered together with others, in a busy group
    RESTED = "rested"  # one of a flood, which one notice a minute answers
    UNREACHABLE = "unreachable"  # blocked, removed, or the chat takes no messages
    NOTHING = "nothing"  # asked nothing that is answered by a message


class Way(StrEnum):
    """How far an outgoing message is; the last four are final."""

    WAITING = "waiting"
    SENDING = "sending"  # Telegram may have got it
    MERGING = "merging"  # goes along with the message that ``carrier`` names
    SENT = "sent"
    MERGED = "merged"
    UNREACHABLE = "unreachable"
    FAILED = "failed"  # refused by Telegram, or given up


class Kind(StrEnum):
    """What is done in a chat."""

    MESSAGE = "message"
    DOCUMENT = "document"
    EDIT = "edit"  # another text in the place of a message
    BUTTONS = "buttons"  # other buttons under a message
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came from Telegram."""

    update_id: int
    raw: str  # JSON; erased when it is handled
    chat: str = ""  # "" for what belongs to no chat
    message_id: int | None = None
    asked_at: datetime | None = None
    words: str = ""  # digest of the words of a message: enough to see that they have changed
    state: State = State.WAITING


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to be done in a chat.

    ``payload`` is what only the adapter understands; it is erased once Telegram has taken it. ``then`` tells what is
    noted when it has arrived, ``otherwise`` what is done in its place where Telegram refuses it.
    """

    chat: str
    kind: Kind
    payload: Mapping[str, Any]
    topic: int | None = None
    reply_to: int | None = None  # the message it quotes
    question: int | None = None  # the message it answers: quoted by a repeat, found again by an edit
    target: int | None = None  # id of the outgoing message that it changes or takes away
    update_id: int | None = None  # what it answers; None for what the bot says by itself
    digest: str = ""  # of what is shown
    late: bool = False  # begins with an apology for coming late
    then: Mapping[str, Any] = field(default_factory=dict)
    otherwise: tuple[Outgoing, ...] = ()
    id: int = 0  # of the store
    written_at: datetime | None = None  # when it was kept
    attempts: int = 0
    unknown: int = 0  # sends of which nobody knows whether they arrived

    @property
    def posts(self) -> bool:
        """Whether it puts a new message into the chat; everything else may be done twice without anybody noticing."""
        return self.kind in {Kind.MESSAGE, Kind.DOCUMENT}


@dataclass(frozen=True, slots=True)
class Settled:
    """What has become of one try to send something."""

    id: int
    way: Way  # waiting: it is tried again
    message_id: int | None = None  # where a new message has arrived
    unknown: bool = False  # nobody knows whether this try arrived


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that answers a question, or is on its way to."""

    id: int  # of the outgoing message
    digest: str
