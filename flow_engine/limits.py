"""Every bound of the interpreter, with the reason for its number. Bounds of expressions stand with them.

Reaching a bound is never an exception: the customer gets the sentence for technical problems and the
turn ends there.
"""

from __future__ import annotations

MAX_ACTIONS_PER_STEP = 200
"""Actions run for one event. Far above any real flow (a long state has ten), and still below a millisecond."""

MAX_STATES_PER_TURN = 10
"""States entered in one turn, calls included. One is normal; each failure on the way adds one."""

MAX_EFFECTS_PER_TURN = 40
"""Effects of one turn, calls included. Bounds what a loop over connector calls may cost the business."""

MAX_MESSAGES_PER_STEP = 20
"""Messages sent for one event. More in a row reads as spam and draws WhatsApp's pair rate limit (131056)."""

MAX_DYNAMIC_OPTIONS = 100
"""Options taken from a connector's list; ten WhatsApp lists. The rest is left out and the trace says so."""

MAX_QUESTION_CHARS = 1000
"""Characters of a customer's text handed to the LLM: a long question, not a pasted book."""

MAX_ACTIONS_PER_LIST = 50
"""Actions in one ``on_enter`` or task; a longer list is refused when the program is loaded."""
