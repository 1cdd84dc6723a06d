"""The YAML of a draft, read once: an edit's result is the next edit's beginning."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flow_engine.language.yaml_reader import YAMLReading, read_yaml

KEPT: Final = 32
"""Texts: two for each of a dozen authors who type at the same moment."""


@lru_cache(maxsize=KEPT)
def read_source(text: str) -> YAMLReading:
    """Nobody changes what it holds; ``apply`` works on copies."""
    return read_yaml(text)
