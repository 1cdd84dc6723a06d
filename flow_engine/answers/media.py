"""Something that was sent: a picture, a recording, a document. The value is ``{"type", "media_id", …}``."""

from __future__ import annotations

from flow_engine.answers.result import NotUnderstood, Parsed, Reason, Result
from flow_engine.vocabulary import MessageType, ReadOnlyJSON

_TYPES = frozenset((MessageType.IMAGE, MessageType.AUDIO, MessageType.VIDEO, MessageType.DOCUMENT, MessageType.STICKER))
_KEPT = ("media_id", "mime_type", "sha256", "filename", "caption", "url")


def read_media(type_: MessageType, content: ReadOnlyJSON) -> Result:
    if type_ not in _TYPES:
        return NotUnderstood(Reason.WRONG_KIND)
    kept = {key: content[key] for key in _KEPT if isinstance(content.get(key), str)}
    if not kept.get("media_id"):
        return NotUnderstood(Reason.IMPOSSIBLE)
    return Parsed({"type": type_.value, **kept})
