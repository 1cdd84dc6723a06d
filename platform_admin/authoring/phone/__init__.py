"""The phone at the side: the real engine on the draft, with its clock and its faults in the author's hand.

Nothing is kept on the server. A chat is the list of what the customer and the author did (``script``), and every answer
is the whole chat played anew (``play``): so an edit of the draft shows at once what the same customer would see now,
undo costs nothing, a chat is a link, and a chat is a test. Connectors are the sandbox's (``sandbox``): nothing is
booked, sent or asked outside this process.
"""

from __future__ import annotations

from platform_admin.authoring.phone.chat import Bubble, Chat
from platform_admin.authoring.phone.play import play
from platform_admin.authoring.phone.script import PhoneScript, ScriptError, read_script

__all__ = ["Bubble", "Chat", "PhoneScript", "ScriptError", "play", "read_script"]
