"""``states``: the places a conversation can be in."""

from __future__ import annotations

from pydantic import Field, JsonValue

from flow_engine.language.actions import Actions
from flow_engine.language.collect import Collect
from flow_engine.language.construct import Clock, Construct, DataName, Duration, Flag, Name, Target
from flow_engine.language.transitions import Transitions


class Timeout(Construct):
    """Where the conversation goes when no answer comes ``after`` some time, or until a time of day (``at``).

    Exactly one of the two is given.
    """

    after: Duration | None = None
    at: Clock | None = None
    target: Target
    set_data: dict[DataName, JsonValue] = Field(default_factory=dict)


class State(Construct):
    """One place of the conversation: what is done on entering it, and what leads on.

    A message that matches no transition goes to the LLM where ``llm_fallback`` is true, and else to
    the state ``fallback``. Without a fallback the present question is asked again. ``timeout`` leads on
    when no message comes. ``collect`` asks for an answer: the state's transitions and the global ones come first.

    ```yaml
    MENU:
      llm_fallback: true
      on_enter:
        - action: send_text
          text: "Hello!"
      transitions:
        - on_payload: "menu_book"
          target: CHOOSE_SERVICE
      fallback: MENU
    ```
    """

    on_enter: Actions = ()
    transitions: Transitions = ()
    fallback: Name | None = None
    llm_fallback: Flag = False
    timeout: Timeout | None = None
    collect: Collect | None = None
