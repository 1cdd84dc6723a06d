from __future__ import annotations

import re
from typing import Final

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.set_language import SetLanguage

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z", re.ASCII)


def run(turn: Turn, action: SetLanguage) -> After:
    tag = action.language.render_text(turn.scope).strip()
    if _TAG.match(tag):
        turn.speak(tag)
    return After.GO_ON
