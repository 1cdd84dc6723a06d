"""``python-statemachine``: one class, and for every event an instance of it around the conversation."""

from __future__ import annotations

import types
from typing import Any

import orjson
from statemachine import State, StateMachine

from bench.peers.conversation import ANSWERED, Conversation, Flow
from flow_engine.events import Event


class Model(Conversation):
    """The machine reads ``state`` when it is made and finds its callbacks here by name."""

    def entered(self, target: State) -> None:
        self.enter(str(target.value))


class StateMachinePeer:
    name = "statemachine"

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        graph = flow.graph
        states = {
            name: State(name, value=name, initial=name == graph.initial, enter="entered") for name in graph.states
        }
        members: dict[str, Any] = dict(states)
        for way in graph.ways.values():
            transition = states[way.source].to(states[way.target], on="take")
            members[way.trigger] = members[way.trigger] | transition if way.trigger in members else transition
        for state in states.values():
            internal = state.to.itself(internal=True, on="answered")  # type: ignore[no-untyped-call]  # untyped by its package
            members[ANSWERED] = members[ANSWERED] | internal if ANSWERED in members else internal
        self._machine = types.new_class("Hairdresser", (StateMachine,), exec_body=lambda body: body.update(members))

    def step(self, stored: bytes, event: Event) -> tuple[Conversation, bytes]:
        model = Model(self.flow, orjson.loads(stored))
        model.hear(event)
        machine = self._machine(model)
        for trigger in model.triggers():
            machine.send(trigger)
        return model, model.store()
