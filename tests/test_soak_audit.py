"""The audit of the soak can find every fault that it looks for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from soak.audit import Audit, Books, Rules
from soak.bot_process import Ending
from soak.crowd import Act, Question, mixed
from soak.faulty_telegram import Call

PERSON, GROUP = 101, -1001
NOTICE = "Pertanyaan Bapak/Ibu terlalu banyak"
RULES = Rules(flood=2, group_per_minute=3, notice=NOTICE)
PLACES = ("Kabupaten Bandung", "Kabupaten Bandung Barat", "Kota Pasuruan", "Kabupaten Lahat")


@dataclass
class Scene:
    """A run in which nothing has gone wrong: two people's questions, each answered a second later."""

    questions: list[Question] = field(default_factory=list)
    record: list[Call] = field(default_factory=list)
    blocked: list[tuple[int, float, float]] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    books: Books = field(default_factory=lambda: Books({}, 0, 0))

    def __post_init__(self) -> None:
        for chat in (PERSON, GROUP):
            for place in PLACES[:2]:
                self.asks(chat, place, 10.0 + len(self.questions))

    def asks(self, chat: int, place: str, at: float, state: str = "answered") -> Question:
        number = len(self.questions)
        question = Question(
            number, PERSON if chat > 0 else 200 + number, chat, place, 500 + number, number, at, int(at)
        )
        self.questions.append(question)
        self.books.states[question.update_id] = state
        if state == "answered":
            self.answers(question, at + 1)
        return question

    def answers(self, question: Question, at: float) -> Call:
        text = f"Ya, {question.place} tercatat."
        quoted = question.message_id
        call = Call(at, question.chat, message_id=2 * int(10 * at), text=text, reply_to=quoted, answered_at=at + 0.1)
        self.record.append(call)
        return call

    def findings(self) -> list[str]:
        self.record.sort(key=lambda call: call.at)
        return Audit(self.questions, self.record, self.blocked, self.endings, self.books, RULES).findings


Deed = Callable[[Scene], None]


def lost(scene: Scene) -> None:
    del scene.books.states[0]


def unfinished(scene: Scene) -> None:
    scene.books = replace(scene.books, unfinished=1)


def without_end(scene: Scene) -> None:
    scene.books.states[0] = "handled"


def never_answered(scene: Scene) -> None:
    scene.record.pop(0)


def answered_elsewhere(scene: Scene) -> None:
    scene.record[0].chat = 102


def apology(scene: Scene) -> None:
    scene.record.append(Call(20.0, PERSON, message_id=400, text="Maaf, ada gangguan.", answered_at=20.1))


def rested_and_answered(scene: Scene) -> None:
    scene.books.states[0] = "rested"


def merged_alone(scene: Scene) -> None:
    scene.books.states[0] = "merged"


def unreachable_at_home(scene: Scene) -> None:
    scene.asks(PERSON, PLACES[2], 100.0, "unreachable")


def twice(scene: Scene) -> None:
    scene.answers(scene.questions[1], 20.0)


def twice_after_a_late_kill(scene: Scene) -> None:
    """The first answer was in the books for long when the process was killed."""
    twice(scene)
    scene.books = replace(scene.books, unknown=1)
    scene.endings.append(Ending(19.0, 19.0, -9, frozenset({1})))


def again_in_other_words(scene: Scene) -> None:
    unknown_once(scene)
    scene.record[-1].text += " Salam."


def again_without_quotation(scene: Scene) -> None:
    unknown_once(scene)
    scene.record[-1].reply_to = None


def unknown_to_the_books(scene: Scene) -> None:
    unknown_once(scene)
    scene.books = replace(scene.books, unknown=0)


def out_of_order(scene: Scene) -> None:
    first, second = scene.record[:2]
    first.text, second.text = second.text, first.text
    first.reply_to, second.reply_to = second.reply_to, first.reply_to


def again_though_blocked(scene: Scene) -> None:
    question = scene.asks(PERSON, PLACES[2], 100.0, "unreachable")
    scene.blocked.append((PERSON, 100.5, 200.0))
    for at in (101.0, 103.0):
        scene.answers(question, at).message_id = None
        scene.record[-1].forbidden = True


def too_many_in_a_group(scene: Scene) -> None:
    scene.asks(GROUP, PLACES[2], 60.0)
    scene.asks(GROUP, PLACES[3], 61.0)


def impatient(scene: Scene) -> None:
    scene.answers(scene.questions[1], 11.5).message_id = None
    scene.record[-1].wait = 3


def rested_too_early(scene: Scene) -> None:
    scene.asks(PERSON, PLACES[2], 100.0, "rested")
    scene.record.append(Call(101.0, PERSON, message_id=3000, text=NOTICE, answered_at=101.1))


def rested_unheard(scene: Scene) -> None:
    scene.asks(PERSON, PLACES[2], 20.0, "rested")


def flooded(scene: Scene) -> None:
    scene.asks(PERSON, PLACES[2], 30.0)


WRONG: dict[Deed, str] = {
    lost: "is in no book",
    unfinished: "are not finished",
    without_end: "is handled",
    never_answered: "nothing was delivered",
    answered_elsewhere: "what nobody asked there",
    apology: "what nobody asked there",
    rested_and_answered: "is rested, and was answered",
    merged_alone: "was answered alone",
    unreachable_at_home: "nobody has blocked",
    twice: "1 times too often, after 0 unknown",
    twice_after_a_late_kill: "1 times too often, after 0 unknown",
    again_in_other_words: "in other words",
    again_without_quotation: "without a quotation",
    unknown_to_the_books: "the books know of 0",
    out_of_order: "before the earlier question",
    again_though_blocked: "the same again after it had blocked",
    too_many_in_a_group: "got 4 messages",
    impatient: "before Telegram allowed it",
    rested_too_early: "after 0 others in a minute",
    rested_unheard: "and not told",
    flooded: "more than 2 times in a minute",
}


def nothing(scene: Scene) -> None:
    """All went well."""


def unknown_once(scene: Scene) -> None:
    """The answer to an answer was lost, and it was sent again."""
    scene.record[1].answered_at = None
    scene.books = replace(scene.books, unknown=1)
    scene.answers(scene.questions[1], 12.9)


def killed_before_the_note(scene: Scene) -> None:
    twice(scene)
    scene.books = replace(scene.books, unknown=1)
    scene.endings.append(Ending(12.2, 12.2, -9, frozenset({1})))


def told_together(scene: Scene) -> None:
    questions = [scene.asks(GROUP, place, 70.0, "merged") for place in PLACES[2:]]
    asked = tuple(f"apakah {question.place} masuk 2018" for question in questions)
    scene.record.append(Call(75.0, GROUP, message_id=3000, text="\n".join(asked), bold=asked, answered_at=75.1))


def blocked_once(scene: Scene) -> None:
    again_though_blocked(scene)
    scene.record.pop()


def patient(scene: Scene) -> None:
    impatient(scene)
    scene.record[-1].at, scene.record[-1].answered_at = 7.5, 7.6


def busy_over_a_minute(scene: Scene) -> None:
    scene.asks(GROUP, PLACES[2], 60.0)
    scene.asks(GROUP, PLACES[3], 73.0)


def rested_in_time(scene: Scene) -> None:
    rested_unheard(scene)
    scene.record.append(Call(21.0, PERSON, message_id=3000, text=NOTICE, answered_at=21.1))


RIGHT: list[Deed] = [
    nothing,
    unknown_once,
    killed_before_the_note,
    told_together,
    blocked_once,
    patient,
    busy_over_a_minute,
    rested_in_time,
]


@pytest.mark.parametrize(("deed", "finding"), WRONG.items(), ids=[deed.__name__ for deed in WRONG])
def test_a_fault_is_found(deed: Deed, finding: str) -> None:
    """What must not happen is found, by its own name."""
    scene = Scene()
    deed(scene)
    assert any(finding in found for found in scene.findings()), scene.findings()


@pytest.mark.parametrize("deed", RIGHT, ids=lambda deed: deed.__name__)
def test_what_may_happen_is_no_fault(deed: Deed) -> None:
    """What nobody can prevent is not held against the bot."""
    scene = Scene()
    deed(scene)
    assert scene.findings() == []


def test_a_plan_has_everything_in_it() -> None:
    """So many questions, floods above the limit, groups above theirs, and people who block the bot and come back."""
    plan = mixed(5200, 433.0, 20, random.Random(8))
    acts = Counter(planned.act for planned in plan)
    persons = Counter(planned.person for planned in plan if planned.act is Act.ASK and not planned.group)
    groups = Counter(planned.group for planned in plan if planned.group)
    assert acts[Act.ASK] == 5200
    assert acts[Act.BLOCK] == acts[Act.RETURN] > 50
    assert sum(number * 60 / 433 > 40 for number in groups.values()) == 2
    assert 1 < sum(number >= 100 for number in persons.values()) < 10
