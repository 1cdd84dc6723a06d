"""``insert_answer``: a new question and its answer at their place in the text, and nothing else changed. Pure."""

from __future__ import annotations

from platform_admin.authoring.faq.preview import outline
from platform_admin.sight.gaps import key_words

_DEEPEST = 6
"""Levels of headings that Markdown has."""


def insert_answer(markdown: str, *, under: int, title: str, answer: str) -> str:
    """A heading ``title`` with ``answer`` below it: at the end of the section whose heading is in line ``under``.

    ``0`` puts it at the end of the text, as a section of its own. A line that is no heading counts as ``0``.
    """
    sections = outline(markdown)
    index = next((index for index, section in enumerate(sections) if section.line == under), None)
    words = " ".join(title.split()).lstrip("#").strip()
    if index is None:
        return f"{markdown.rstrip()}\n\n## {words}\n\n{answer.strip()}\n".lstrip()
    level = sections[index].level
    # A document usually has one title above all: what belongs to it stands beside its sections, not inside the last.
    end = next((section.line for section in sections[index + 1 :] if section.level <= level), None)
    lines = markdown.splitlines()
    before, after = (lines, []) if end is None else (lines[: end - 1], lines[end - 1 :])
    piece = [f"{'#' * min(level + 1, _DEEPEST)} {words}", "", *answer.strip().splitlines(), ""]
    head = "\n".join(before).rstrip()
    return "\n".join([head, "", *piece, *after]).rstrip() + "\n"


def likely_heading(markdown: str, question: str) -> int:
    """The line of the section that has most words of the question; ``0`` when none has any."""
    wanted = key_words(question)
    lines = markdown.splitlines()
    sections = outline(markdown)
    best, best_hits = 0, 0
    for index, section in enumerate(sections):
        end = sections[index + 1].line - 1 if index + 1 < len(sections) else len(lines)
        hits = len(wanted & key_words("\n".join(lines[section.line - 1 : end])))
        if hits > best_hits:
            best, best_hits = section.line, hits
    return best
