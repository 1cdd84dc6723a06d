"""Talks to a flow written as YAML, by its shape alone."""

from __future__ import annotations

import yaml

from flow_engine.language import FlowDocument, normalise
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import LocationRequest, Output, Text
from flow_engine.program import ProgramSettings, load_program
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import AnswerOutcome, JSONObject
from tests.flow_engine.world import MONDAY, World


def chat_with(
    flow: str, *, language: str = "es", llm: str | None = None, channel: str = "whatsapp", country: str | None = None
) -> Conversation:
    """A conversation at ``MONDAY`` (2 March 2026, 10:30 in Madrid)."""
    normalised = normalise(FlowDocument.model_validate(yaml.safe_load(flow)))
    business: JSONObject = {} if country is None else {"country": country}
    settings = ProgramSettings(
        timezone="Europe/Madrid", language=language, llm_enabled=llm is not None, business=business
    )
    world = World(llm=(AnswerOutcome.ANSWERED, llm or ""))
    return Conversation(load_program(normalised, settings), world.perform, MONDAY, channel=channel, contact_id="ana")


def told(outputs: tuple[Output, ...]) -> list[object]:
    """Each message as its text, or as its text with the titles of its options."""
    seen: list[object] = []
    for output in outputs:
        titles = [option.title for option in options_of(output)]
        assert not isinstance(output, Text) or not titles
        body = getattr(output, "body", output)
        seen.append((body, *titles) if titles or isinstance(output, LocationRequest) else body)
    return seen
