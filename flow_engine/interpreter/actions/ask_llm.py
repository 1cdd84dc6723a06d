from __future__ import annotations

from flow_engine.effects import AskLLM
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.invoke_connector import frame_after
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_QUESTION_CHARS
from flow_engine.outputs.graphemes import cut
from flow_engine.position import Frame, WaitingFor
from flow_engine.program.actions.ask_llm import AskLlm
from flow_engine.trace import QuestionAsked


def run(turn: Turn, action: AskLlm) -> After:
    question = cut(action.question.render_text(turn.scope).strip(), MAX_QUESTION_CHARS)
    if not question:
        return After.GO_ON
    if not turn.program.llm_enabled:
        return After.FALL_BACK
    frame: Frame = frame_after(turn, None)
    call = AskLLM(turn.next_effect_id(), question, turn.language or turn.program.language)
    turn.effects.append(call)
    turn.waiting = WaitingFor(call, frame)
    turn.trace.append(QuestionAsked(call.id))
    return After.WAIT
