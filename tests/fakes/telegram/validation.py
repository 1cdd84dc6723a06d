"""What the Bot API takes, method by method: known parameters, required ones, limits. Each yields what is wrong.

Limits and names as in the reference of the Bot API; lengths of texts count UTF-16 code units after entities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

type Object = dict[str, Any]
type Check = Callable[[Object], Iterator[str]]

CALLBACK_DATA_BYTES = 64
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
KEYBOARD_BUTTONS = 100
REACTIONS = {"👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🎉", "🙏", "👌", "😍", "💯", "😂", "🏆", "✍"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def problems_of(method: str, parameters: Any) -> list[str]:
    if method not in METHODS:
        return ["Not Found"]
    if not isinstance(parameters, dict):
        return ["Bad Request: the body is no object"]
    required, optional, check = METHODS[method]
    problems = [f"Bad Request: parameter {name} is required" for name in required if name not in parameters]
    problems += [
        f"Bad Request: unknown parameter {name}" for name in parameters if name not in {*required, *optional, "chat_id"}
    ]
    if not problems:
        problems += [f"Bad Request: {problem}" for problem in check(parameters)]
    return problems


def _text(parameters: Object) -> Iterator[str]:
    yield from _words("message text", parameters["text"], TEXT_UNITS)
    yield from _entities(parameters["text"], parameters.get("entities", []))
    yield from _markup(parameters.get("reply_markup"))


def _words(where: str, value: Any, most: int) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield f"{where} is empty"
    elif units(value) > most:
        yield f"{where} is too long"


def _entities(text: str, entities: Any) -> Iterator[str]:
    for entity in entities:
        if set(entity) != {"type", "offset", "length"} or entity["type"] not in {"bold", "italic"}:
            yield "can't parse entities"
        elif entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > units(text):
            yield "entity beyond the end of the text"


def _markup(markup: Any) -> Iterator[str]:
    if markup is None:
        return
    if set(markup) == {"inline_keyboard"}:
        buttons = [button for row in markup["inline_keyboard"] for button in row]
        if not 1 <= len(buttons) <= KEYBOARD_BUTTONS or not all(markup["inline_keyboard"]):
            yield "reply markup is empty or too long"
        for button in buttons:
            yield from _inline_button(button)
    elif "keyboard" in markup and set(markup) <= {"keyboard", "one_time_keyboard", "resize_keyboard"}:
        for button in (button for row in markup["keyboard"] for button in row):
            if not str(button.get("text", "")).strip():
                yield "text of a keyboard button is empty"
            if set(button) - {"text"} not in ({"request_location"}, {"request_contact"}, set()):
                yield "unknown kind of keyboard button"
    else:
        yield "object expected as reply markup"


def _inline_button(button: Object) -> Iterator[str]:
    if not str(button.get("text", "")).strip():
        yield "inline keyboard button text is empty"
    match {key: value for key, value in button.items() if key != "text"}:
        case {"callback_data": str(data), **rest} if not rest:
            if not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
                yield "BUTTON_DATA_INVALID"
        case {"url": str(url), **rest} if not rest:
            if urlsplit(url).scheme not in {"http", "https", "tg"}:
                yield "BUTTON_URL_INVALID"
        case _:
            yield "can't parse inline keyboard button"


def _file(key: str) -> Check:
    def check(parameters: Object) -> Iterator[str]:
        address = parameters[key]
        if not isinstance(address, str) or urlsplit(address).scheme not in {"http", "https"}:
            yield "wrong file identifier/HTTP URL specified"
        elif key == "document" and not urlsplit(address).path.lower().endswith((".pdf", ".zip", ".gif")):
            yield "wrong type of the web page content"
        elif "/missing" in address:
            yield "failed to get HTTP URL content"
        if "caption" in parameters:
            yield from _words("caption", parameters["caption"], CAPTION_UNITS)

    return check


def _point(parameters: Object) -> Iterator[str]:
    for key, most in (("latitude", 90), ("longitude", 180)):
        value = parameters[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            yield f"{key} is no number from -{most} to {most}"
    for key in ("title", "address"):
        if key in parameters:
            yield from _words(key, parameters[key], TEXT_UNITS)


def _reaction(parameters: Object) -> Iterator[str]:
    for reaction in parameters["reaction"]:
        if reaction.get("type") != "emoji" or reaction.get("emoji") not in REACTIONS:
            yield "REACTION_INVALID"


def _edit(parameters: Object) -> Iterator[str]:
    yield from _markup(parameters.get("reply_markup"))


def _nothing(_parameters: Object) -> Iterator[str]:
    yield from ()


METHODS: dict[str, tuple[set[str], set[str], Check]] = {
    "getMe": (set(), set(), _nothing),
    "setWebhook": ({"url"}, {"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"}, _nothing),
    "answerCallbackQuery": ({"callback_query_id"}, {"text", "show_alert"}, _nothing),
    "sendMessage": ({"chat_id", "text"}, {"entities", "reply_markup"}, _text),
    "editMessageReplyMarkup": ({"chat_id", "message_id"}, {"reply_markup"}, _edit),
    "sendPhoto": ({"chat_id", "photo"}, {"caption"}, _file("photo")),
    "sendAudio": ({"chat_id", "audio"}, {"caption"}, _file("audio")),
    "sendVoice": ({"chat_id", "voice"}, {"caption"}, _file("voice")),
    "sendVideo": ({"chat_id", "video"}, {"caption"}, _file("video")),
    "sendDocument": ({"chat_id", "document"}, {"caption"}, _file("document")),
    "sendSticker": ({"chat_id", "sticker"}, set(), _file("sticker")),
    "sendLocation": ({"chat_id", "latitude", "longitude"}, set(), _point),
    "sendVenue": ({"chat_id", "latitude", "longitude", "title", "address"}, set(), _point),
    "getFile": ({"file_id"}, set(), _nothing),
    "sendChatAction": ({"chat_id", "action"}, set(), _nothing),
    "setMessageReaction": ({"chat_id", "message_id", "reaction"}, set(), _reaction),
}
"""Method → required parameters, optional ones, check of the values."""
