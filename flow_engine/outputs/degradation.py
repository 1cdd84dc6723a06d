"""Makes an output fit a channel, losing as little as possible, and says what it did.

Four buttons become a list; a list with more rows than the channel has goes out a page at a time; where the channel
shows no choices they become numbered text, and the numbers are understood. A text that is too long is parted, a title
that is too long is cut between two graphemes. An id is never cut. What a channel does not have at all (a file, a place,
a button that opens a page, a template) is said in words. How each kind is changed is in ``shaping``.
"""

from __future__ import annotations

from typing import assert_never

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.fitting import fits
from flow_engine.outputs.free_form import in_free_form
from flow_engine.outputs.output import (
    Buttons,
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    OptionList,
    Output,
    Reaction,
    Template,
    Text,
)
from flow_engine.outputs.shaping.cards import (
    shape_contact_info_request,
    shape_link_button,
    shape_location,
    shape_location_request,
    shape_media,
    shape_reaction,
    shape_template,
)
from flow_engine.outputs.shaping.changes import Degradation, DegradationKind, Notes, Words
from flow_engine.outputs.shaping.choices import options_of, shape_buttons, shape_list
from flow_engine.outputs.shaping.texts import shape_text

__all__ = ["NO_WORDS", "Degradation", "DegradationKind", "Words", "degrade", "options_of", "shape"]

NO_WORDS = Words()
"""For a caller that has no words in the customer's language."""

type Shaped = tuple[tuple[Output, ...], tuple[Degradation, ...]]


def degrade(output: Output, capabilities: Capabilities, words: Words = NO_WORDS) -> tuple[Output, ...]:
    """The messages to send for ``output``, each within the channel's limits; none if there is nothing to say."""
    return shape(output, capabilities, words)[0]


def shape(output: Output, capabilities: Capabilities, words: Words = NO_WORDS) -> Shaped:
    """The same as ``degrade``, with every change that was made, in order."""
    if fits(output, capabilities):
        return (output,), ()
    notes = Notes()
    outputs = _shape(output, capabilities, words, notes)
    return outputs, tuple(notes.changes)


def _shape(output: Output, limits: Capabilities, words: Words, notes: Notes) -> tuple[Output, ...]:
    match output:
        case Text():
            return shape_text(output.body, limits, notes)
        case Buttons():
            return shape_buttons(output, limits, words, notes)
        case OptionList():
            return shape_list(output, limits, words, notes)
        case Media():
            return shape_media(output, limits, notes)
        case Location():
            return shape_location(output, limits, notes)
        case LocationRequest():
            return shape_location_request(output, limits, notes)
        case ContactInfoRequest():
            return shape_contact_info_request(output, limits, notes)
        case LinkButton():
            return shape_link_button(output, limits, notes)
        case Reaction():
            return shape_reaction(output, limits, notes)
        case Template() if limits.templates:
            return shape_template(output, limits, notes)
        case Template():
            notes.add(DegradationKind.TEMPLATE_TO_TEXT)
            return _shape(in_free_form(output), limits, words, notes)
        case _:
            assert_never(output)
