"""A new answer goes to its place in the FAQ, and not a letter beside it changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.authoring.faq import insert_answer, likely_heading, outline

TEXT = "# FAQ\n\n## Prices\n\nA cut is 18.\n\n### Children\n\n12.\n\n## Getting here\n\nBus 3 stops outside.\n"

PLACES = [
    ("under a section, after what belongs to it", 3, TEXT.replace("12.\n", "12.\n\n### Wifi?\n\nYes.\n")),
    ("under a part of a section", 7, TEXT.replace("12.\n", "12.\n\n#### Wifi?\n\nYes.\n")),
    ("under the last section", 11, f"{TEXT}\n### Wifi?\n\nYes.\n"),
    ("under the title of the whole", 1, f"{TEXT}\n## Wifi?\n\nYes.\n"),
    ("at the end", 0, f"{TEXT}\n## Wifi?\n\nYes.\n"),
    ("at the end, when the line is no heading any more", 5, f"{TEXT}\n## Wifi?\n\nYes.\n"),
]


@pytest.mark.parametrize(("case", "under", "text"), PLACES, ids=[row[0] for row in PLACES])
def test_an_answer_stands_where_it_was_asked_for(case: str, under: int, text: str) -> None:
    assert insert_answer(TEXT, under=under, title=" ## Wifi? ", answer=" Yes.\n") == text


def test_the_first_answer_of_an_empty_faq() -> None:
    assert insert_answer("", under=0, title="Wifi?", answer="Yes.") == "## Wifi?\n\nYes.\n"


@given(st.lists(st.sampled_from(["# A", "## B", "### C", "text", "", "- item", "```", "1."])), st.integers(0, 12))
def test_every_line_there_was_is_still_there_in_its_order(lines: list[str], under: int) -> None:
    before = "\n".join(lines)
    after = insert_answer(before, under=under, title="New", answer="answer").splitlines()
    kept = iter(after)
    assert all(line in kept for line in lines if line.strip())


def test_the_likely_section_is_the_one_that_has_the_words() -> None:
    assert likely_heading(TEXT, "Which bus comes to you?") == 11
    assert likely_heading(TEXT, "Do you do nails?") == 0
    assert [section.line for section in outline(TEXT)] == [1, 3, 7, 11]
