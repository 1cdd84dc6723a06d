"""``sismic``: one statechart, and for every event an interpreter that is put into the conversation's state.

Nothing public restores an interpreter, so its private fields are set, which is the least that any way could cost.
"""

from __future__ import annotations

import orjson
from sismic.interpreter import Interpreter
from sismic.model import BasicState, CompoundState, Statechart, Transition

from bench.peers.conversation import ANSWERED, Conversation, Flow
from flow_engine.events import Event

ROOT = "hairdresser"


class SismicPeer:
    name = "sismic"

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        graph = flow.graph
        chart = Statechart("hairdresser")
        chart.add_state(CompoundState(ROOT, initial=graph.initial), None)
        for name in graph.states:
            chart.add_state(BasicState(name, on_entry=f"conversation.enter({name!r})"), ROOT)
        for way in (*graph.own, *graph.everywhere):
            source = way.source or ROOT  # an inner transition comes before the root's
            chart.add_transition(Transition(source, way.target, way.trigger, action="conversation.take()"))
        chart.add_transition(Transition(ROOT, None, ANSWERED, action="conversation.answered()"))
        self._chart = chart

    def step(self, stored: bytes, event: Event) -> tuple[Conversation, bytes]:
        model = Conversation(self.flow, orjson.loads(stored))
        model.hear(event)
        interpreter = Interpreter(self._chart, initial_context={"conversation": model})
        interpreter._initialized = True  # noqa: SLF001  # see the module
        interpreter._configuration = {ROOT, model.state}  # noqa: SLF001  # see the module
        interpreter._entry_time = interpreter._idle_time = {ROOT: 0, model.state: 0}  # noqa: SLF001  # see the module
        for trigger in model.triggers():
            interpreter.queue(trigger)
            interpreter.execute()
            (model.state,) = set(interpreter.configuration) - {ROOT}
        return model, model.store()
