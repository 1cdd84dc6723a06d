"""What a flow must keep to beyond its shape: the semantic rules and their runner.

Rules read plain JSON through ``outline`` and know neither YAML nor the document models, so they speak
about the readable parts of a document that is broken elsewhere.
"""

from __future__ import annotations

from flow_engine.validation.check import check
from flow_engine.validation.finding import Finding
from flow_engine.validation.rule import Rule
from flow_engine.validation.rules import RULES

__all__ = ["RULES", "Finding", "Rule", "check"]
