"""What one WhatsApp message may hold, as Meta's send reference states it.

Lengths are code points: never fewer than what a reader would count as characters, so a text that fits
here fits however the server counts. Where Meta's pages contradict each other the smaller number stands.
"""

from __future__ import annotations

from typing import Final

TEXT_BODY_CHARS: Final = 4096
INTERACTIVE_BODY_CHARS: Final = 1024  # the list page says 4096, Meta's own API description 1024
HEADER_CHARS: Final = 60
FOOTER_CHARS: Final = 60

BUTTONS: Final = 3
BUTTON_ID_CHARS: Final = 256
BUTTON_TITLE_CHARS: Final = 20

LIST_SECTIONS: Final = 10
LIST_ROWS: Final = 10  # in all sections together
LIST_CAPTION_CHARS: Final = 20
SECTION_TITLE_CHARS: Final = 24
ROW_ID_CHARS: Final = 200
ROW_TITLE_CHARS: Final = 24
ROW_DESCRIPTION_CHARS: Final = 72

LINK_TITLE_CHARS: Final = 20
URL_CHARS: Final = 2000  # no number is published; the length that every browser opens

FILE_BYTES: Final = {
    "image": 5_000_000,
    "audio": 16_000_000,
    "video": 16_000_000,
    "document": 100_000_000,
    "sticker": 500_000,  # animated; a still one may have 100 KB
}
FILE_TYPES: Final = {
    "image": frozenset(("image/jpeg", "image/png")),
    "audio": frozenset(("audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg")),
    "video": frozenset(("video/3gpp", "video/mp4")),
    "sticker": frozenset(("image/webp",)),
}
"""What WhatsApp takes as each kind; a document may be anything."""

CAPTION_CHARS: Final = 1024
CAPTIONED_MEDIA: Final = frozenset(("image", "video", "document"))  # audio and stickers have no caption

LATITUDE_DEGREES: Final = 90.0
LONGITUDE_DEGREES: Final = 180.0

MESSAGE_ID_CHARS: Final = 512  # a wamid has about 60; the bound only keeps nonsense away
PARAMETER_CHARS: Final = 1024  # what the body may hold once the blanks are filled
TEMPLATE_BUTTONS: Final = 10
TEMPLATE_CODE_CHARS: Final = 15  # what a tap on "copy code" copies
FORM_TOKEN_CHARS: Final = 512  # no number is published; the bound only keeps nonsense away
TEMPLATE_HEADER_MEDIA: Final = frozenset(("image", "video", "document"))

OPAQUE_DATA_CHARS: Final = 512  # biz_opaque_callback_data, echoed by every status of the message

MESSAGES_PER_S: Final = 80.0  # per number; 20 for one that is also used in the Business app, 1,000 once upgraded
PAIR_INTERVAL_S: Final = 6.0  # one message to the same customer, in the long run
PAIR_BURST: Final = 45  # at once, borrowed from the allowance to come
