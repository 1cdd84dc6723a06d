"""Run every rule over one document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flow_engine.validation.finding import Finding
from flow_engine.validation.limits import MAX_FAULTS_PER_RULE
from flow_engine.validation.outline import Outline, read_outline
from flow_engine.validation.rule import Rule
from flow_engine.validation.rules import RULES
from flow_engine.validation.surroundings import Surroundings
from flow_engine.vocabulary import JSON


def check(document: JSON, surroundings: Surroundings | None = None) -> tuple[Finding, ...]:
    """What the rules find in ``document`` (a flow as plain JSON, in any state of repair). Never raises.

    Without ``surroundings`` it is checked against the committed catalogue and the default channel.
    Each rule reports at most MAX_FAULTS_PER_RULE; whoever sees so many mends one and checks again.
    """
    outline = read_outline(document, surroundings)
    return tuple(finding for rule in RULES for finding in findings_of(rule, outline))


def findings_of(rule: Rule, outline: Outline) -> Iterator[Finding]:
    """What one rule finds, MAX_FAULTS_PER_RULE at most."""
    for fault in islice(rule.find(outline), MAX_FAULTS_PER_RULE):
        yield Finding(rule.code, rule.severity, fault.message, fault.hint, fault.path, fault.at_key, fault.offset)
