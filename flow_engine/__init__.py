"""The conversation engine: pure, without I/O, clock or randomness.

What runs a flow is exported here; what reads and checks the YAML of authors is in ``flow_engine.language`` and
``flow_engine.validation``, and is imported from there, because a runtime does without it.
"""

from __future__ import annotations

from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.conversation_state import ConversationState
from flow_engine.effect_codec import decode_effect, encode_effect
from flow_engine.errors import CodecError, ExpressionError, FlowEngineError, ProgramError
from flow_engine.interpreter import Step, advance, start
from flow_engine.messages import InternalMessage
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.outputs.degradation import degrade
from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.trace import encode_trace

__all__ = [
    "CodecError",
    "ConversationState",
    "ExpressionError",
    "FlowEngineError",
    "InternalMessage",
    "Program",
    "ProgramError",
    "ProgramSettings",
    "Step",
    "advance",
    "decode_effect",
    "decode_output",
    "decode_state",
    "degrade",
    "encode_effect",
    "encode_output",
    "encode_state",
    "encode_trace",
    "load_program",
    "start",
]
