"""For any output: what leaves the engine fits the channel, and no option gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.outputs.degradation import degrade, options_of
from flow_engine.outputs.graphemes import cut, split
from flow_engine.outputs.output import Buttons, OptionList, Output, Text
from tests.flow_engine.strategies import outputs

CHANNELS = read_capabilities()


def fits(output: Output, limits: Capabilities) -> bool:
    options = list(options_of(output))
    if not isinstance(output, Text) and len(output.body) > limits.body_chars:
        return False
    match output:
        case Text():
            return bool(output.body.strip()) and len(output.body) <= limits.text_chars
        case Buttons():
            return 1 <= len(options) <= limits.max_buttons and all(
                len(option.id) <= limits.button_id_chars and len(option.title) <= limits.button_title_chars
                for option in options
            )
        case OptionList():
            return 1 <= len(options) <= limits.max_rows and all(
                len(option.id) <= limits.row_id_chars
                and len(option.title) <= limits.row_title_chars
                and len(option.description or "") <= limits.row_description_chars
                for option in options
            )


@pytest.mark.parametrize("channel", sorted(CHANNELS))
@given(output=outputs)
def test_what_is_sent_fits_the_channel(channel: str, output: Output) -> None:
    limits = CHANNELS[channel]
    assert all(fits(shaped, limits) for shaped in degrade(output, limits))


@given(output=outputs)
def test_every_option_can_still_be_chosen(output: Output) -> None:
    shaped = degrade(output, CHANNELS["whatsapp"])
    assert [option.id for part in shaped for option in options_of(part)] == [option.id for option in options_of(output)]


@given(output=outputs)
def test_an_output_survives_its_json(output: Output) -> None:
    assert decode_output(encode_output(output)) == output


@given(text=st.text(), limit=st.integers(2, 40))
def test_cuts_and_pieces_keep_to_the_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
