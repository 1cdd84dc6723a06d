"""Words that stand for something: keywords of transitions, synonyms of options."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from flow_engine.answers import fold

MAX_KEYWORDS: Final = 100
"""Words of one list; what needs more is a question for the LLM."""

EVERY_LANGUAGE: Final = "*"


def _by_language(value: object) -> object:
    """``hello`` and ``[hello, hi]`` are short for words that count in every language."""
    if isinstance(value, str):
        return {EVERY_LANGUAGE: [value]}
    if isinstance(value, list):
        return {EVERY_LANGUAGE: value}
    if isinstance(value, dict):
        return {language: [words] if isinstance(words, str) else words for language, words in value.items()}
    return value


def _fold(value: object) -> object:
    if not isinstance(value, str):
        return value
    folded = fold(value)
    if not folded:
        raise PydanticCustomError("keyword", "a keyword needs a letter or a digit")
    return folded


type Keyword = Annotated[str, StringConstraints(max_length=200), BeforeValidator(_fold, json_schema_input_type=str)]
"""A word or phrase, compared without regard to case, accents, punctuation and emoji."""

type _Words = Annotated[tuple[Keyword, ...], Field(min_length=1, max_length=MAX_KEYWORDS)]
type _Language = Annotated[str, StringConstraints(pattern=r"^(\*|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})$")]

type Keywords = Annotated[
    dict[_Language, _Words],
    Field(min_length=1),
    BeforeValidator(_by_language, json_schema_input_type=str | list[str] | dict[str, str | list[str]]),
]
"""One word, several, or those of each language: ``{es: [menú, inicio], en: menu}``. Normalised to the last form."""
