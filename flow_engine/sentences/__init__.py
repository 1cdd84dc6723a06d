"""What the bot says of its own accord, one JSON file per language; a tenant may replace each sentence.

=================== ==================================================================
``out_of_scope``      the knowledge document does not answer the question
``quota_exceeded``    the tenant's LLM quota is used up
``unavailable``       the LLM cannot be reached
``technical_problem`` a connector call failed for good, or a loop guard ended the turn
``nothing_available`` dynamic options came back empty and the flow has no ``empty_text``
``choose_option``     a choice whose own text turned out empty
``paused_note``       a person takes over and the flow has no text of its own for it
``moved``             the state somebody was in is gone, and the flow has no ``moved_text``
``stale_option``      a tap on a message whose question is no longer open
``did_you_mean``      an option was nearly named; ``{{ value }}`` is its title
``which_one``         an answer has several meanings, which follow as options
``yes``, ``no``       the answers to ``did_you_mean``, at most 20 characters
``unsupported``       a message of a kind that says nothing here, a recording for one
``opted_out``         the customer wants no messages that answer nothing
``opted_in``          the customer wants them again
``not_understood``    an answer to nothing, and nothing to ask again
``out_of_range``      an answer beyond ``min``, ``max`` or ``validate``
``collect_<type>``    an answer that could not be read as what is asked for
``list_button``       caption of the tap target that opens a list, at most 20 characters
``more``              last row of a page of a long list, at most 24 characters
=================== ==================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

DEFAULT_LANGUAGE = "en"

_FOLDER = Path(__file__).parent


def read_sentences(language: str) -> Mapping[str, str]:
    """The sentences of ``language`` (a BCP 47 tag); of its base language, or English, where it has none of its own.

    Reads files, so it belongs to loading and never to a turn.
    """
    base = language.replace("_", "-").split("-")[0].lower()
    sentences: dict[str, str] = _read(DEFAULT_LANGUAGE)
    if base != DEFAULT_LANGUAGE:
        sentences |= _read(base)
    return sentences


def sentence_languages() -> tuple[str, ...]:
    """The languages that have a file of their own."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def _read(base: str) -> dict[str, str]:
    # Asked by name from a fixed list of files, so a language tag can never become a path.
    for file in _FOLDER.glob("*.json"):
        if file.stem == base:
            return {str(key): str(text) for key, text in json.loads(file.read_text(encoding="utf-8")).items()}
    return {}
