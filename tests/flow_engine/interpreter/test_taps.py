"""What finds a tap's transition without a search finds the one that the search finds, and says the same about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from flow_engine.events import MessageReceived
from flow_engine.interpreter import advance
from flow_engine.language import read_flow
from flow_engine.messages import InternalMessage
from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.vocabulary import MessageType
from tests.flow_engine.conversations import conversation
from tests.flow_engine.hairdresser import HAIRDRESSER

FLOWS: Final = Path(__file__).parents[3] / "flows"
NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROGRAMS: Final = ("a small one", "peluqueria_flow.yaml", "clinica", "restaurante")


def program_of(name: str) -> Program:
    if name == PROGRAMS[0]:
        return load_program(HAIRDRESSER, ProgramSettings())
    file = FLOWS / name if name.endswith(".yaml") else FLOWS / name / "flow.yaml"
    reading = read_flow(file.read_text(), file=file.name)
    assert reading.program is not None, reading.diagnostics
    return load_program(reading.program, ProgramSettings(language="es"))


def payloads_of(program: Program) -> Iterator[str]:
    """Each that anything waits for, each prefix with something behind it, and one that nothing waits for."""
    lists = [state.transitions for state in program.states.values()]
    lists += [flow.global_transitions for flow in program.flows.values()]
    for transition in [*program.global_transitions, *(one for some in lists for one in some)]:
        if transition.on_payload is not None:
            yield transition.on_payload
        if transition.on_payload_prefix is not None:
            yield transition.on_payload_prefix + "x"
    yield "nobody_waits_for_this"


def searching(program: Program) -> Program:
    """The same program, which tries every transition one by one."""
    return replace(
        program,
        global_taps=None,
        states={name: replace(state, taps=None) for name, state in program.states.items()},
        flows={name: replace(flow, global_taps=None) for name, flow in program.flows.items()},
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_tap_leads_where_a_search_leads_and_leaves_the_same_trace(name: str) -> None:
    program = program_of(name)
    slow = searching(program)
    compared = 0
    for state in program.states:
        snapshot = conversation("c", "whatsapp", "1", state=state, data={"booking": None}, contact={"id": "1"})
        for payload in dict.fromkeys(payloads_of(program)):
            for kind in (MessageType.BUTTON, MessageType.LIST, MessageType.TEXT):
                event = MessageReceived(NOW, InternalMessage("m", "1", kind, NOW, "Sí", payload))
                assert advance(program, snapshot, event) == advance(slow, snapshot, event), (state, payload, kind)
                compared += 1
    assert compared > len(program.states)
    assert program != slow
