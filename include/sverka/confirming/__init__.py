"""Confirming: a person is asked how to read a file, and the answer becomes knowledge.

recognise → (a question is stored, the file waits) → a person answers in Airflow → learn → parse.
docs/decisions/0008-a-person-confirms-a-layout.md says why it is so.
"""

from sverka.confirming.answers import Answer
from sverka.confirming.learning import learn
from sverka.confirming.recognising import Nameless, known_layout, pinned_layout
from sverka.confirming.waiting import Look, look_again, open_question, show, wait

__all__ = [
    "Answer",
    "Look",
    "Nameless",
    "known_layout",
    "learn",
    "look_again",
    "open_question",
    "pinned_layout",
    "show",
    "wait",
]
