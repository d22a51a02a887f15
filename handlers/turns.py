"""Which update is being handled: what is written meanwhile belongs to it, and what may fail waits until it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

Later = Callable[[], Awaitable[None]]


@dataclass
class Turn:
    """One update, while it is handled."""

    update_id: int
    later: list[Later] = field(default_factory=list)  # calls that nothing depends on, to be made when it is kept
    over: bool = False


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def handling(update_id: int) -> Iterator[Turn]:
    """Opens the turn of an update."""
    turn = Turn(update_id)
    token = _turn.set(turn)
    try:
        yield turn
    finally:
        turn.over = True
        _turn.reset(token)


def current() -> Turn | None:
    """The turn that is going on; None outside of any, and in a task that outlives the one it was started in."""
    turn = _turn.get()
    return None if turn is None or turn.over else turn


async def later(call: Later) -> None:
    """Makes a call when the update is kept, so that the network is not waited for before; at once outside of a turn."""
    turn = current()
    if turn is None:
        await call()
    else:
        turn.later.append(call)
