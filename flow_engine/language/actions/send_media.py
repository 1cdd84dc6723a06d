"""``send_media``: send a picture, sound, film, file or sticker."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, LocalisedText, Text
from flow_engine.vocabulary import MediaType


class SendMedia(ActionConstruct):
    """Sends the file found under ``url``, with ``caption`` under it; ``filename`` is what a document is called.

    Where the channel shows no such files, the caption and the address are sent as text.

    ```yaml
    - action: send_media
      media_type: image
      url: "https://example.com/price-list.png"
      caption: "Our prices"
    ```
    """

    action: Literal["send_media"]
    media_type: MediaType
    url: LocalisedText
    caption: LocalisedText | None = None
    filename: Text | None = None
