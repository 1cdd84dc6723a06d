"""``transitions``: one machine, to which the conversation is added as a model in its state and removed again."""

from __future__ import annotations

import orjson
from transitions import Machine

from bench.peers.conversation import ANSWERED, Conversation, Flow
from flow_engine.events import Event


class Model(Conversation):
    trigger: object
    """Set by ``add_model``."""

    def on_enter(self) -> None:
        self.enter(self.state)


class TransitionsPeer:
    """``auto_transitions`` are off, which would give every model a method for every state."""

    name = "transitions"

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        graph = flow.graph
        ways: list[dict[str, str | None]] = [
            {"trigger": way.trigger, "source": way.source, "dest": way.target, "before": "take"}
            for way in graph.ways.values()
        ]
        ways.append({"trigger": ANSWERED, "source": "*", "dest": None, "before": "answered"})
        self._machine = Machine(
            model=None,
            states=[{"name": name, "on_enter": "on_enter"} for name in graph.states],
            transitions=ways,
            initial=graph.initial,
            auto_transitions=False,
        )

    def step(self, stored: bytes, event: Event) -> tuple[Conversation, bytes]:
        model = Model(self.flow, orjson.loads(stored))
        model.hear(event)
        self._machine.add_model(model, initial=model.state)
        for trigger in model.triggers():
            model.trigger(trigger)  # type: ignore[operator]  # see the class
        self._machine.remove_model(model)
        return model, model.store()
