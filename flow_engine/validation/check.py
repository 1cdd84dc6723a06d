"""Run every rule over one document."""

from __future__ import annotations

from flow_engine.validation.finding import Finding
from flow_engine.validation.outline import read_outline
from flow_engine.validation.rules import RULES
from flow_engine.vocabulary import JSON


def check(document: JSON) -> tuple[Finding, ...]:
    """Everything the rules find in ``document`` (a flow as plain JSON, in any state of repair). Never raises."""
    outline = read_outline(document)
    return tuple(
        Finding(rule.code, rule.severity, fault.message, fault.hint, fault.path, fault.at_key, fault.offset)
        for rule in RULES
        for fault in rule.find(outline)
    )
