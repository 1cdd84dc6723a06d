"""Every bound of the interpreter, with the reason for its number. Bounds of expressions stand with them.

Reaching a bound is never an exception: the customer gets the sentence for technical problems, the state's
fallback is entered, and the turn ends there.
"""

from __future__ import annotations

MAX_ACTIONS_PER_STEP = 200
"""Actions run for one event. Far above any real flow (a long state has ten), and still below a millisecond."""

MAX_STATES_PER_TURN = 20
"""States entered in one turn, calls included. One is normal; each ``go_to``, sub-flow and failure adds one."""

MAX_NESTED_CALLS = 8
"""Sub-flows inside sub-flows. Two is normal; deeper is a sub-flow that calls itself."""

MAX_HISTORY = 10
"""States kept for ``@back``. Nobody goes back further than they remember."""

MAX_UNANSWERED_TIMEOUTS = 5
"""Timeouts in a row without a word of the customer. A state that times out into itself would write for ever."""

GUARD_ALLOWANCE = 5
"""What the fallback may still use of each bounded thing once a guard has ended the turn: a menu, not a loop."""

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

MAX_AUDIENCE = 1000
"""Contacts that one run of a standing schedule writes to. A day's appointments of a large clinic, not a mailing."""
