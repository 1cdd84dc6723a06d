"""What a bot built on any of the peers needs beside it: data, replies and calls. They all share this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

import orjson

from bench.conversations.booking import SETTINGS
from bench.peers.graph import FALLBACK, Graph, go_to
from flow_engine.events import ConnectorReplied, Event, MessageReceived
from flow_engine.expressions import (
    Condition,
    Scope,
    Template,
    ValueTemplate,
    compile_condition,
    compile_template,
    compile_value,
    locale_for,
)
from flow_engine.messages import InternalMessage
from flow_engine.outputs.stamp import split_stamp
from flow_engine.vocabulary import JSON, JSONObject

ANSWERED: Final = "calendar_answered"
"""The event of a calendar's answer, on which a state goes on with its actions."""


class Conversation:
    """A model as all peers take one: ``state`` is theirs to move, ``take`` and ``enter`` are their callbacks.

    ``event`` is the trigger that is being fired, ``next_event`` the one to be fired after it.
    """

    def __init__(self, flow: Flow, stored: JSONObject) -> None:
        self.flow = flow
        self.state = cast(str, stored["state"])
        self.data = cast("dict[str, JSON]", stored["data"])
        self.contact = cast("dict[str, JSON]", stored["contact"])
        self.question = stored["question"]
        self.waiting = cast("JSONObject | None", stored["waiting"])
        self.event = ""
        self.next_event = ""
        self.payload = ""
        self.now = ""
        self.result: JSON = None
        self.effects: list[JSONObject] = []

    def hear(self, event: Event) -> None:
        """Note what is to be fired for ``event``."""
        self.now = event.at.astimezone(self.flow.zone).isoformat(timespec="seconds")
        if isinstance(event, ConnectorReplied):
            self.result = event.result
            self.next_event = ANSWERED
        else:
            self.next_event = self._trigger(cast(MessageReceived, event).message)

    def triggers(self) -> Iterator[str]:
        """What is to be fired, one after the other."""
        while self.next_event:
            self.event, self.next_event = self.next_event, ""
            yield self.event

    def _trigger(self, message: InternalMessage) -> str:
        self.contact["name"] = message.contact_name
        self.payload = message.text if message.payload is None else split_stamp(message.payload)[0]
        graph = self.flow.graph
        known = graph.exact.get(self.payload.strip().casefold())
        if known is not None:
            return known
        for prefix, trigger in graph.prefixes:
            if self.payload.startswith(prefix):
                return trigger
        return FALLBACK

    def take(self) -> None:
        """Callback of every transition but the one of an answer: what it writes to data."""
        way = self.flow.graph.ways.get((self.state, self.event))
        if way is None:
            return
        if way.suffix_name is not None:
            self.data[way.suffix_name] = self.payload[way.prefix_chars :]
        if way.set_data:
            scope = self._scope()
            self.data.update({name: value.render(scope) for name, value in way.set_data})

    def enter(self, state: str) -> None:
        self.question = None
        self._run(state, 0)

    def answered(self) -> None:
        """Callback of a calendar's answer, which moves nothing."""
        waiting = cast("JSONObject", self.waiting)
        self.waiting = None
        self.data[cast(str, waiting["result_key"])] = self.result
        self._run(self.state, cast(int, waiting["next_action"]))

    def _run(self, state: str, first: int) -> None:
        actions = self.flow.actions[state]
        for index in range(first, len(actions)):
            action, scope = actions[index], self._scope()
            if action.when is not None and not action.when.test(scope):
                continue
            effect = action.run(scope)
            if effect["kind"] == "go_to":
                self.next_event = cast(str, effect["trigger"])
                return
            self.effects.append(effect)
            if effect["kind"] == "call_connector":
                self.waiting = {"call": effect, "result_key": action.content["result_key"], "next_action": index + 1}
                return
            if effect["kind"] == "send_message":
                self.question = effect["output"]

    def _scope(self) -> Scope:
        data: dict[str, JSON] = {**self.data, "today": self.now[:10], "now": self.now}
        return {"data": data, "contact": self.contact, "business": {}}

    def store(self) -> bytes:
        for effect in self.effects:
            orjson.dumps(effect)
        return orjson.dumps(
            {
                "state": self.state,
                "data": self.data,
                "contact": self.contact,
                "question": self.question,
                "waiting": self.waiting,
            }
        )


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a state's ``on_enter``, with everything in it compiled."""

    kind: str
    content: JSONObject
    templates: Mapping[str, Template]
    params: ValueTemplate
    when: Condition | None
    options: tuple[tuple[Template, Template], ...]

    def run(self, scope: Scope) -> JSONObject:
        texts, content = self.templates, self.content
        match self.kind:
            case "invoke_connector":
                names: JSONObject = {"connector": content["connector"], "operation": content["operation"]}
                return {"kind": "call_connector", **names, "params": self.params.render(scope)}
            case "schedule_task":
                key, run_at = texts["idempotency_key"].render_text(scope), texts["run_at"].render_text(scope)
                return {"kind": "schedule_task", "task": content["task"], "idempotency_key": key, "run_at": run_at}
            case "send_interactive_buttons":
                options: list[JSON] = [
                    {"id": option_id.render_text(scope), "title": title.render_text(scope)}
                    for option_id, title in self.options
                ]
                return _message({"kind": "buttons", "body": texts["body"].render_text(scope), "buttons": options})
            case "send_dynamic_options":
                items = cast("Mapping[str, list[JSONObject]]", scope["data"])[cast(str, content["source_key"])]
                rows: list[JSON] = [{"id": item["id"], "title": item["title"]} for item in items]
                body, button = texts["text"].render_text(scope), texts["button"].render_text(scope)
                return _message({"kind": "list", "body": body, "button": button, "rows": rows})
            case "record":
                return {"kind": "record_outcome", "outcome": content["outcome"], "value": texts["value"].render(scope)}
            case "go_to":
                return {"kind": "go_to", "trigger": go_to(cast(str, content["target"]))}
            case _:
                raise AssertionError(f"no booking came to {self.kind} before")


def _message(output: JSONObject) -> JSONObject:
    return {"kind": "send_message", "output": output}


class Flow:
    """The graph and the compiled actions; made once, shared by all conversations."""

    def __init__(self, normalised: JSONObject) -> None:
        self.graph = Graph(normalised)
        self.zone = locale_for(SETTINGS.language, SETTINGS.timezone).zone
        states = cast("Mapping[str, dict[str, list[JSONObject]]]", normalised["states"])
        self.actions = {name: [_compile(action) for action in state["on_enter"]] for name, state in states.items()}

    def first(self) -> bytes:
        contact: JSONObject = {"id": "customer", "name": None, "phone": None}
        snapshot: JSONObject = {"state": self.graph.initial, "data": {}, "contact": contact}
        return orjson.dumps({**snapshot, "question": None, "waiting": None})


def _compile(action: JSONObject) -> Action:
    locale = locale_for(SETTINGS.language, SETTINGS.timezone)
    when = action.get("when")
    buttons = cast("list[dict[str, str]]", action.get("buttons") or [])
    return Action(
        kind=cast(str, action["action"]),
        content=action,
        templates={name: compile_template(text, locale) for name, text in action.items() if isinstance(text, str)},
        params=compile_value(action.get("params"), locale),
        when=compile_condition(when, locale) if isinstance(when, str) else None,
        options=tuple(
            (compile_template(item["id"], locale), compile_template(item["title"], locale)) for item in buttons
        ),
    )
