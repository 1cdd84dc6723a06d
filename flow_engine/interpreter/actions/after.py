from __future__ import annotations

from enum import Enum


class After(Enum):
    """How a list of actions goes on after one of them."""

    GO_ON = "go_on"
    """With the next action."""

    WAIT = "wait"
    """Not before the answer to a call is there."""

    FALL_BACK = "fall_back"
    """The action had nothing to offer: with the state's fallback, if that leads anywhere."""

    MOVE = "move"
    """The conversation moves on as the action says; what follows it in the list does not run now."""
