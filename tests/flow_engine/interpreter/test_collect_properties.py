"""Whatever is asked for and whatever is answered, a step never raises and its snapshot survives its JSON."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import yaml
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.answers import AnswerKind
from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.effects import SendMessage
from flow_engine.events import MessageReceived
from flow_engine.interpreter import advance, start
from flow_engine.language import FlowDocument, normalise
from flow_engine.messages import InternalMessage
from flow_engine.outputs.degradation import options_of
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import MessageType
from tests.flow_engine.answers.test_answer_properties import TEXTS
from tests.flow_engine.untimed import UNTIMED

OPTIONS = [{"id": f"o{number}", "title": f"Option {number}", "synonyms": [f"syn {number}"]} for number in range(5)]


def _state(kind: AnswerKind, following: str) -> dict[str, object]:
    options = OPTIONS if kind is AnswerKind.CHOICE else []
    collect = {"type": kind.value, "save_as": "answer", "text": kind.value, "options": options, "target": following}
    return {"collect": {**collect, "validate": "value != 3", "max": "{{ data.answer }}", "on_max_tries": following}}


KINDS = list(AnswerKind)
FLOW = {
    "id": "f",
    "languages": ["es", "en"],
    "initial_state": "text",
    "global_transitions": [{"on_pattern": r"^(?P<answer>\d+)z$", "target": "date"}, {"on_text": "5", "target": "time"}],
    "states": {kind.value: _state(kind, after.value) for kind, after in zip(KINDS, KINDS[1:] + KINDS[:1], strict=True)},
}
PROGRAM = load_program(
    normalise(FlowDocument.model_validate(yaml.safe_load(json.dumps(FLOW)))),
    ProgramSettings(timezone="America/Sao_Paulo", language="es", business={"country": "BR"}),
)
CONTENTS = st.sampled_from(
    [{}, {"latitude": 1, "longitude": 2}, {"latitude": "x"}, {"media_id": "m"}, {"contacts": [{"phones": [{}, 3]}, 1]}]
)
MESSAGES = st.tuples(st.sampled_from(list(MessageType)), TEXTS, CONTENTS, st.integers(0, 20), st.booleans())
BEGINNINGS = st.sampled_from(
    [datetime(1, 1, 1, tzinfo=ZoneInfo("UTC")), datetime(9999, 12, 31, 23, tzinfo=ZoneInfo("UTC"))]
)


@UNTIMED
@given(
    st.sampled_from(KINDS),
    st.lists(MESSAGES, max_size=6),
    st.datetimes(timezones=st.just(ZoneInfo("UTC"))) | BEGINNINGS,
    st.sampled_from(["whatsapp", "plain_text"]),
)
def test_any_answers(
    kind: AnswerKind, messages: list[tuple[MessageType, str, dict[str, object], int, bool]], at: datetime, channel: str
) -> None:
    snapshot = decode_state(encode_state(start("c", channel, "ana")) | {"state": kind.value})
    offered = ["o1", "@=17:00", "@=nan", "@=2", "@no", "o1~1", "@more"]
    for number, (type_, text, content, tapped, taps) in enumerate(messages):
        payload = offered[tapped % len(offered)] if taps else None
        message = InternalMessage(f"m{number}", "ana", type_, at, text, payload, content)  # type: ignore[arg-type]  # plain JSON
        step = advance(PROGRAM, snapshot, MessageReceived(at, message))
        assert step == advance(PROGRAM, snapshot, MessageReceived(at, message))
        assert decode_state(json.loads(json.dumps(encode_state(step.snapshot)))) == step.snapshot
        sent = [effect.output for effect in step.effects if isinstance(effect, SendMessage)]
        offered += [option.id for output in sent for option in options_of(output)]
        snapshot = step.snapshot
