from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flow_engine.expressions import Template
from flow_engine.program.actions import Entry, SendInteractiveButtons, SendInteractiveList, unguarded
from flow_engine.program.actions.choices import OptionTemplate
from flow_engine.program.collect import Collect
from flow_engine.program.keywords import Keywords


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Other words for the option whose id ``id`` renders to."""

    id: Template
    words: Keywords


def read_synonyms(on_enter: tuple[Entry, ...], collect: Collect | None) -> tuple[Synonyms, ...]:
    """Those of everything that a state offers, for the question that is kept holds titles only."""
    return tuple(
        Synonyms(option.id, option.synonyms) for option in _options(on_enter, collect) if option.synonyms is not None
    )


def _options(on_enter: tuple[Entry, ...], collect: Collect | None) -> Iterator[OptionTemplate]:
    for entry in on_enter:
        action = unguarded(entry)
        if isinstance(action, SendInteractiveButtons):
            yield from action.buttons
        elif isinstance(action, SendInteractiveList):
            for section in action.sections:
                yield from section.rows
    if collect is not None:
        yield from collect.options
