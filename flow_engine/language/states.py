"""``states``: the places a conversation can be in."""

from __future__ import annotations

from flow_engine.language.actions import Actions
from flow_engine.language.construct import Construct, Flag, Name
from flow_engine.language.transitions import Transitions


class State(Construct):
    """One place of the conversation: what is done on entering it, and what leads on.

    A message that matches no transition goes to the LLM where ``llm_fallback`` is true, and else to
    the state ``fallback``. Without a fallback the present question is asked again.

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
