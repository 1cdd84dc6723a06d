"""The flow language: document models, YAML with positions, JSON Schema, and the normalised program.

This is the authoring side; it needs pydantic and PyYAML. A runtime started from a bundle never
imports it.
"""

from __future__ import annotations

from flow_engine.language.construct import LANGUAGE_VERSION
from flow_engine.language.document import FlowDocument
from flow_engine.language.json_schema import json_schema
from flow_engine.language.reading import FlowReading, normalise, read_flow, read_flow_bytes

__all__ = [
    "LANGUAGE_VERSION",
    "FlowDocument",
    "FlowReading",
    "json_schema",
    "normalise",
    "read_flow",
    "read_flow_bytes",
]
