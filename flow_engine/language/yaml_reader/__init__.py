"""YAML text to plain JSON with a position for every node, under hard limits.

A subset of YAML 1.2: one document, no anchors, aliases, merge keys or tags, no duplicate keys, and
the core schema's scalars (``no``, ``on`` and ``12:30`` stay text).
"""

from __future__ import annotations

from flow_engine.language.yaml_reader.characters import decode
from flow_engine.language.yaml_reader.fault import ReadingFault
from flow_engine.language.yaml_reader.locations import Locations, Path, Position
from flow_engine.language.yaml_reader.reader import YAMLReading, read_yaml

__all__ = ["Locations", "Path", "Position", "ReadingFault", "YAMLReading", "decode", "read_yaml"]
