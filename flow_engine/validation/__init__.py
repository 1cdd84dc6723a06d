"""What a flow must keep to beyond its shape: the semantic rules and their runner.

Rules read plain JSON through ``outline`` and know neither YAML nor the document models, so they speak
about the readable parts of a document that is broken elsewhere.
"""

from __future__ import annotations

from flow_engine.validation.check import check
from flow_engine.validation.finding import Finding
from flow_engine.validation.rule import Rule
from flow_engine.validation.rules import RULES
from flow_engine.validation.surroundings import Surroundings

__all__ = ["RULES", "Finding", "Rule", "Surroundings", "check"]
