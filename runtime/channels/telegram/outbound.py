"""Our outputs as methods of the Bot API. Outputs arrive fitted to the channel (``flow_engine.outputs.degradation``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never
from urllib.parse import urlsplit

from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import (
    Buttons,
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    OptionList,
    Output,
    Reaction,
    Template,
    Text,
)
from flow_engine.vocabulary import JSON, JSONObject, MediaType
from runtime.channels.telegram.callback_data import callback_data
from runtime.channels.telegram.message_id import message_number
from runtime.channels.telegram.words import Words
from runtime.errors import SendAction, SendError

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
"""UTF-16 code units after entities (Bot API, sendMessage and sendPhoto)."""

_VOICE_SUFFIXES: Final = (".ogg", ".oga", ".opus")
"""What Telegram plays as a voice note; sendAudio wants .mp3 or .m4a (Bot API, sendVoice)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One method of the Bot API and what it is given."""

    method: str
    parameters: JSONObject


def render(output: Output, *, contact_id: str, our_id: str, words: Words) -> Call:
    """The call that shows ``output``. Raises ``SendError(PARK)`` for what is no single Telegram message."""
    call = _call(output, our_id, words)
    problem = _problem(call)
    if problem:
        raise SendError(SendAction.PARK, f"the message does not fit Telegram: {problem}")
    return Call(call.method, {"chat_id": contact_id, **call.parameters})


def in_words(media: Media, *, contact_id: str) -> Call:
    """A file that Telegram does not fetch, as a text with its address."""
    parts = [part for part in (media.caption, media.filename, media.url) if part]
    return Call("sendMessage", {"chat_id": contact_id, "text": "\n".join(parts)})


def _call(output: Output, our_id: str, words: Words) -> Call:
    match output:
        case Text(body):
            return Call("sendMessage", {"text": body})
        case Buttons() | OptionList():
            return Call("sendMessage", _framed(output) | _keyboard(output, our_id))
        case LinkButton():
            link: JSON = {"text": output.title, "url": output.url}
            return Call("sendMessage", _framed(output) | {"reply_markup": {"inline_keyboard": [[link]]}})
        case LocationRequest(body):
            return Call("sendMessage", _asking(body, {"text": words.send_location, "request_location": True}))
        case ContactInfoRequest(body):
            return Call("sendMessage", _asking(body, {"text": words.send_number, "request_contact": True}))
        case Media():
            return _media(output)
        case Location():
            return _location(output)
        case Reaction(message_id, emoji):
            reaction: list[JSON] = [{"type": "emoji", "emoji": emoji}] if emoji else []
            number = message_number(message_id)
            if number is None:
                raise SendError(SendAction.PARK, "only a written message can be reacted to on Telegram")
            return Call("setMessageReaction", {"message_id": number, "reaction": reaction})
        case Template():
            raise SendError(SendAction.PARK, "Telegram has no templates; give the step a text")
        case _:
            assert_never(output)


def _framed(output: Buttons | OptionList | LinkButton) -> JSONObject:
    """Header, body and footer as one text. Entities instead of markup: no text can be read as markup then."""
    header, footer = (output.header or "").strip(), (output.footer or "").strip()
    text = "\n\n".join(part for part in (header, output.body, footer) if part)
    entities: list[JSON] = []
    if header:
        entities.append({"type": "bold", "offset": 0, "length": units(header)})
    if footer:
        entities.append({"type": "italic", "offset": units(text) - units(footer), "length": units(footer)})
    return {"text": text, "entities": entities} if entities else {"text": text}


def _keyboard(output: Buttons | OptionList, our_id: str) -> JSONObject:
    """One button a row: titles are words, and words beside each other are cut on a phone."""
    rows: list[JSON] = [
        [{"text": option.title, "callback_data": callback_data(option.id, message_id=our_id, index=index)}]
        for index, option in enumerate(options_of(output))
    ]
    return {"reply_markup": {"inline_keyboard": rows}}


def _asking(body: str, button: JSONObject) -> JSONObject:
    """A keyboard in place of the letters, which goes away once it was used."""
    keyboard: JSONObject = {"keyboard": [[button]], "one_time_keyboard": True, "resize_keyboard": True}
    return {"text": body, "reply_markup": keyboard}


def _media(media: Media) -> Call:
    caption: JSONObject = {"caption": media.caption} if media.caption else {}
    match media.media_type:
        case MediaType.IMAGE:
            return Call("sendPhoto", {"photo": media.url, **caption})
        case MediaType.AUDIO if urlsplit(media.url).path.lower().endswith(_VOICE_SUFFIXES):
            return Call("sendVoice", {"voice": media.url, **caption})
        case MediaType.AUDIO:
            return Call("sendAudio", {"audio": media.url, **caption})
        case MediaType.VIDEO:
            return Call("sendVideo", {"video": media.url, **caption})
        case MediaType.DOCUMENT:
            return Call("sendDocument", {"document": media.url, **caption})
        case MediaType.STICKER:
            return Call("sendSticker", {"sticker": media.url})
        case _:
            assert_never(media.media_type)


def _location(place: Location) -> Call:
    """A venue needs a name and an address; with one of them it stands for both."""
    point: JSONObject = {"latitude": place.latitude, "longitude": place.longitude}
    title = place.name or place.address
    if title:
        return Call("sendVenue", {**point, "title": title, "address": place.address or title})
    return Call("sendLocation", point)


def _problem(call: Call) -> str:
    for key, most in (("text", TEXT_UNITS), ("caption", CAPTION_UNITS)):
        value = call.parameters.get(key)
        if isinstance(value, str) and units(value) > most:
            return f"{key} has {units(value)} UTF-16 units, at most {most}"
    text = call.parameters.get("text")
    return "the text is empty" if isinstance(text, str) and not text.strip() else ""


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "replace")) // 2
