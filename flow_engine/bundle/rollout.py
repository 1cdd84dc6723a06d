"""How a release reaches people.

``staged`` says who tries it first, ``people_in_flight`` what becomes of those inside a state that it no longer has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flow_engine.bundle.errors import MalformedError
from flow_engine.vocabulary import JSON

MAX_TEST_CONTACTS: Final = 100
"""A trial is for the people of the business; whoever wants more publishes."""


class WhatToDo(StrEnum):
    """What becomes of a conversation that rests in a state the release has not."""

    FINISH = "finish"
    """It goes on with the release it began with until it reaches a state that both have."""
    MOVE = "move"
    """It goes on in another state."""
    RESTART = "restart"
    """It starts over, as after a state that nobody spoke of."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """The word of a release about one deleted state. ``to`` is set for ``move`` and names a state of the release."""

    do: WhatToDo
    to: str | None = None


def read_staged(value: JSON) -> frozenset[str] | None:
    """``{"contacts": [...]}`` as the set of contact ids; ``None`` where the release is for everybody."""
    if value is None:
        return None
    contacts = value.get("contacts") if isinstance(value, dict) else None
    if not isinstance(contacts, list) or len(contacts) > MAX_TEST_CONTACTS:
        raise MalformedError(f"staged must be an object with a list of at most {MAX_TEST_CONTACTS} contacts.")
    ids = frozenset(contact for contact in contacts if isinstance(contact, str) and contact)
    if len(ids) != len(contacts):
        raise MalformedError("staged.contacts must be different texts.")
    return ids


def read_people_in_flight(value: JSON) -> Mapping[str, InFlight]:
    """``{"STATE": {"do": "finish" | "move" | "restart", "to"?: "X"}}``; empty where nothing is said."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedError("people_in_flight must be an object.")
    return {state: _in_flight(word, state) for state, word in value.items()}


def _in_flight(value: JSON, state: str) -> InFlight:
    if not isinstance(value, dict):
        raise MalformedError(f"people_in_flight.{state} must be an object.")
    known = {what.value for what in WhatToDo}
    do, to = value.get("do"), value.get("to")
    if not isinstance(do, str) or do not in known:
        raise MalformedError(f"people_in_flight.{state}.do must be one of {', '.join(sorted(known))}.")
    what = WhatToDo(do)
    if what is not WhatToDo.MOVE:
        return InFlight(what)
    if not isinstance(to, str) or not to:
        raise MalformedError(f"people_in_flight.{state}.to must name a state.")
    return InFlight(what, to)
