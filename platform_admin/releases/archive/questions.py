"""The questions that must be right, as a file: each with the heading its answer stands under, empty for none."""

from __future__ import annotations

from collections.abc import Iterable

import yaml
from django.utils.translation import gettext as _

from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.models import MAX_QUESTION_CHARACTERS, MAX_QUESTIONS
from platform_admin.releases.archive.document import QUESTIONS, ArchiveError


def write_questions(expectations: Iterable[Expectation]) -> str:
    """In the order of the alphabet: the same questions are the same text, whenever each was asked for."""
    rows = [{"question": one.question, "heading": one.heading} for one in sorted(expectations, key=_question)]
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=120)


def read_questions(text: str) -> tuple[Expectation, ...]:
    """Raises ``ArchiveError`` with a sentence for people."""
    reading = read_yaml(text)
    rows = reading.value
    if reading.faults or not isinstance(rows, list):
        raise ArchiveError(_("%(questions)s is no list of questions.") % {"questions": QUESTIONS})
    if len(rows) > MAX_QUESTIONS:
        raise ArchiveError(
            _("%(questions)s has %(rows)s questions, %(max_questions)s are allowed.")
            % {"questions": QUESTIONS, "rows": len(rows), "max_questions": MAX_QUESTIONS}
        )
    return tuple(_read(row, number) for number, row in enumerate(rows, 1))


def _question(one: Expectation) -> str:
    return one.question


def _read(row: JSON, number: int) -> Expectation:
    match row:
        case {"question": str(question), "heading": str(heading), **more} if not more:
            found = Expectation(" ".join(question.split()), heading)
        case _:
            raise ArchiveError(
                _("%(questions)s: number %(number)s has to have a question and a heading, and nothing else.")
                % {"questions": QUESTIONS, "number": number}
            )
    if not found.question or max(len(found.question), len(found.heading)) > MAX_QUESTION_CHARACTERS:
        raise ArchiveError(
            _("%(questions)s: number %(number)s is empty or longer than %(max_question_characters)s characters.")
            % {"questions": QUESTIONS, "number": number, "max_question_characters": MAX_QUESTION_CHARACTERS}
        )
    return found
