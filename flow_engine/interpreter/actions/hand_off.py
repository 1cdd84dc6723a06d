from __future__ import annotations

from flow_engine import effects
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.running_timers import start_timer
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Text
from flow_engine.program.actions.hand_off import HandOff
from flow_engine.trace_detours import BotPaused
from flow_engine.vocabulary import Timer


def run(turn: Turn, action: HandOff) -> After:
    reason = action.reason.render_text(turn.scope).strip()
    text = action.text
    turn.say(Text(turn.sentence("paused_note") if text is None else text.render_text(turn.scope)))
    turn.effects.append(effects.HandOff(turn.next_effect_id(), reason, action.resume_after_s))
    turn.paused = True
    turn.trace.append(BotPaused())
    if action.resume_after_s is not None:
        start_timer(turn, Timer.RESUME, action.resume_after_s)
    return After.GO_ON
