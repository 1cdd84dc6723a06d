"""``record``: a chat of the phone as a conversation test that passes."""

from __future__ import annotations

from flow_engine.cases.recording import RecordedAnswers, recorded_step
from flow_engine.cases.stage import Stage
from flow_engine.cases.writing import write_document
from flow_engine.program import Program
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.phone.moves import make_move
from platform_admin.authoring.phone.sandbox import Business, Sandbox
from platform_admin.authoring.phone.script import PhoneScript


def record(program: Program, script: PhoneScript, business: Business, description: str) -> str:
    """The test's YAML: what was done, what the bot said to it, and what the sandbox answered; clock and faults too."""
    begin = script.now if script.now.tzinfo is not None else script.now.replace(tzinfo=program.zone)
    steps: list[JSON] = []
    with Sandbox(business, begin) as sandbox:
        answers = RecordedAnswers(sandbox)
        stage = Stage(program, answers, begin, channel=script.channel, contact_id="customer", name=script.contact.name)
        for move in script.moves:
            made = make_move(move, stage, sandbox)
            if made.verb and not made.refused:
                steps.append(recorded_step(made.verb, stage))
    document: JSONObject = {
        "description": description,
        "now": begin.astimezone(program.zone).strftime("%Y-%m-%dT%H:%M"),
        "channel": script.channel,
        "contact": {"id": "customer", "name": script.contact.name},
        "settings": {"llm_enabled": program.llm_enabled},
    }
    if answers.connectors:
        document["connectors"] = answers.connectors
    if answers.llm:
        document["llm"] = answers.llm
    return write_document({**document, "steps": steps})
