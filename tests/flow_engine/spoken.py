"""The words of an output, for tests that expect an output with words."""

from __future__ import annotations

from flow_engine.outputs.output import Location, Media, Output, Reaction, Template


def spoken(output: Output) -> str:
    """What the customer reads. An output without a text of its own fails the test."""
    assert not isinstance(output, (Media, Location, Reaction, Template)), output
    return output.body
