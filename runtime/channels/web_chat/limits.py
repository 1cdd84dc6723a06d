"""The bounds of the web chat, each with its reason."""

from __future__ import annotations

from typing import Final

from runtime.channels.web_chat.rate_limit import Allowance

MESSAGES_PER_VISITOR: Final = Allowance(burst=10, every_s=2.0)
"""Somebody who types in short lines sends a handful at once; nobody keeps up more than one every two seconds."""
REQUESTS_PER_ADDRESS: Final = Allowance(burst=60, every_s=0.5)
"""An office or a school shares one address; a script does not look like either for long."""
SESSIONS_PER_ADDRESS: Final = Allowance(burst=20, every_s=30.0)
"""Each new visitor may become a row of the store; twenty devices behind one router open the page at once at most."""

MOST_STREAMS_PER_VISITOR: Final = 4
"""Tabs of one browser; a further one takes the place of the oldest."""
MOST_STREAMS: Final = 500
"""A stream is a task and a socket: some 20 KB. Beyond it the answer is 503, and the widget asks again."""

KEEP_ALIVE_S: Final = 15.0
"""Below the 30 to 60 seconds after which proxies cut a silent connection."""
RECONNECT_MS: Final = 3000
"""What the stream tells the widget to wait before it comes back."""

BODY_BYTES: Final = 16 * 1024
"""A text of 4,096 characters in UTF-8 with its JSON around it."""
TEXT_CHARS: Final = 4096
PAYLOAD_CHARS: Final = 264
"""The longest option id (256) and the stamp at its end."""
MESSAGE_ID_CHARS: Final = 64
"""The widget's own id of a message has 32."""
