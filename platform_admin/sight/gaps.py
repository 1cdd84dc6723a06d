"""Questions nobody could answer, put together where they ask the same. Pure, and the same for the same questions.

Words are compared as sets, without accents, endings and the words every question has. That finds "¿Tenéis parking?" and
"hay parking cerca" together without a model, and a person reads every cluster anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from platform_admin.observability.models import UnansweredQuestion

ALIKE: Final = 0.5
"""Share of common words (Jaccard) from which on two questions are one. Below a half, short questions run together."""

MOST_QUESTIONS: Final = 2_000
_STEM: Final = 5
"""Letters that are kept of a word: parking, parkings; precio, precios; cortar, cortáis."""

_WORD: Final = re.compile(r"[a-z0-9]+")
_EVERYWHERE: Final = frozenset(
    """
    a al and are at can con cual cuando cuanto de del do does el en es esta este for hay have how i in is it la las lo
    los me mi my o of on para por que quiero se si su te teneis tengo tiene the there to un una what when where which y
    ya you your
    """.split()
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same; the latest stands for all."""

    question: str
    count: int
    last_at: datetime
    languages: tuple[str, ...]
    ids: tuple[int, ...]
    examples: tuple[str, ...]


def gaps(questions: Sequence[UnansweredQuestion]) -> tuple[Gap, ...]:
    """Most asked first. ``questions`` come newest first."""
    clusters: list[tuple[frozenset[str], list[UnansweredQuestion]]] = []
    for question in questions[:MOST_QUESTIONS]:
        words = key_words(question.question)
        home = next((members for key, members in clusters if _alike(key, words)), None)
        if home is None:
            clusters.append((words, [question]))
        else:
            home.append(question)
    found = [_gap(members) for _, members in clusters]
    return tuple(sorted(found, key=lambda gap: (-gap.count, -gap.last_at.timestamp())))


def key_words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return frozenset(word[:_STEM] for word in _WORD.findall(plain) if word not in _EVERYWHERE)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return one == other
    return len(one & other) / len(one | other) >= ALIKE


def _gap(members: Sequence[UnansweredQuestion]) -> Gap:
    return Gap(
        question=members[0].question,
        count=len(members),
        last_at=members[0].at,
        languages=tuple(sorted({member.language for member in members if member.language})),
        ids=tuple(member.pk for member in members),
        examples=tuple(dict.fromkeys(member.question for member in members[1:]))[:3],
    )
