"""What is asked of each construct, in the author's words: the literal table behind every form.

A test compares it with the language: a field of the language that no form asks for fails the build.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.vocabulary import JSON
from platform_admin.authoring.steps.field_kind import FieldKind as Kind


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. ``more``: only asked under "More"; ``limit``: characters the strictest usual channel shows."""

    key: str
    label: Promise
    kind: Kind
    more: bool = False
    limit: int | None = None
    hint: Promise | str = ""
    choices: tuple[tuple[str, Promise], ...] = ()


@dataclass(frozen=True, slots=True)
class Construct:
    """``title`` names what it does; ``new`` is what "Add" puts into the text."""

    title: Promise
    asks: tuple[Ask, ...]
    new: Mapping[str, JSON] = field(default_factory=dict)


WHEN: Final = Ask("when", _("Only if"), Kind.RULE, more=True, hint=_("Leave it empty to do it always."))
_HEADER: Final = Ask("header", _("Heading above"), Kind.LINE, more=True, limit=60)
_FOOTER: Final = Ask("footer", _("Small print below"), Kind.LINE, more=True, limit=60)
_SAYS: Final = _("What the bot says")
_IF_IT_FAILS: Final = _("If it does not answer")
_MEDIA_TYPES: Final = (
    ("image", _("Picture")),
    ("video", _("Video")),
    ("audio", _("Sound")),
    ("document", _("File")),
    ("sticker", _("Sticker")),
)

ACTIONS: Final[Mapping[str, Construct]] = {
    "send_text": Construct(_("Say something"), (Ask("text", _SAYS, Kind.TEXT, limit=4096),), {"text": "…"}),
    "send_interactive_buttons": Construct(
        _("Ask with buttons"),
        (
            Ask("body", _SAYS, Kind.TEXT, limit=1024),
            Ask("buttons", _("Buttons"), Kind.OPTIONS, limit=20),
            _HEADER,
            _FOOTER,
        ),
        {"body": "…", "buttons": [{"id": "option_1", "title": "…"}]},
    ),
    "send_interactive_list": Construct(
        _("Ask with a list"),
        (
            Ask("body", _SAYS, Kind.TEXT, limit=4096),
            Ask("button", _("What opens the list"), Kind.LINE, limit=20),
            Ask("sections", _("Choices"), Kind.SECTIONS, limit=24),
            _HEADER,
            _FOOTER,
        ),
        {"body": "…", "sections": [{"rows": [{"id": "option_1", "title": "…"}]}]},
    ),
    "send_dynamic_options": Construct(
        _("Offer what the calendar found"),
        (
            Ask("text", _SAYS, Kind.TEXT, limit=4096),
            Ask("source_key", _("Choices come from"), Kind.NAME),
            Ask("empty_text", _("If there is nothing to choose"), Kind.TEXT, limit=4096),
            Ask("button", _("What opens the list"), Kind.LINE, limit=20),
        ),
        {"source_key": "available_days", "text": "…", "empty_text": "…"},
    ),
    "invoke_connector": Construct(
        _("Ask the calendar or another service"),
        (
            Ask("connector", _("Which service"), Kind.NAME),
            Ask("operation", _("What for"), Kind.NAME),
            Ask("on_error", _IF_IT_FAILS, Kind.STEP),
            Ask("params", _("With these details"), Kind.PAIRS, more=True),
            Ask("result_key", _("Keep the answer as"), Kind.NAME, more=True),
        ),
        {"connector": "calendar", "operation": "get_available_days", "result_key": "available_days"},
    ),
    "hand_off": Construct(
        _("Pass on to a person"),
        (
            Ask("text", _SAYS, Kind.TEXT, limit=4096),
            Ask("reason", _("What your team reads"), Kind.LINE),
            Ask("resume", _("The bot comes back"), Kind.PAIRS, more=True),
        ),
        {"reason": "…"},
    ),
    "schedule_task": Construct(
        _("Plan a reminder"),
        (
            Ask("task", _("Which reminder"), Kind.NAME),
            Ask("run_at", _("When"), Kind.RULE),
            Ask("before", _("So long before"), Kind.SPAN),
            Ask("after", _("So long after"), Kind.SPAN),
            Ask("quiet_hours", _("Never between"), Kind.PAIRS, more=True),
            Ask("grace", _("At most so much later"), Kind.SPAN, more=True),
            Ask("idempotency_key", _("One for each"), Kind.NAME, more=True),
            Ask("cron", _("Again and again (cron)"), Kind.NAME, more=True),
            Ask("interval_seconds", _("Again after so many seconds"), Kind.NUMBER, more=True),
        ),
        {"task": "reminder", "idempotency_key": "reminder", "run_at": "{{ data.time }}"},
    ),
    "cancel_task": Construct(
        _("Forget a reminder"),
        (Ask("idempotency_key", _("Which one"), Kind.NAME),),
        {"idempotency_key": "reminder"},
    ),
    "send_media": Construct(
        _("Send a picture or a file"),
        (
            Ask("media_type", _("Kind"), Kind.CHOICE, choices=_MEDIA_TYPES),
            Ask("url", _("Where it is (https)"), Kind.LINE),
            Ask("caption", _("Text below"), Kind.TEXT, limit=1024),
            Ask("filename", _("Name of the file"), Kind.NAME, more=True),
        ),
        {"media_type": "image", "url": "https://…"},
    ),
    "send_location": Construct(
        _("Send a place"),
        (
            Ask("name", _("Name of the place"), Kind.LINE),
            Ask("address", _("Address"), Kind.LINE),
            Ask("latitude", _("Latitude"), Kind.NUMBER),
            Ask("longitude", _("Longitude"), Kind.NUMBER),
        ),
        {"latitude": 40.4168, "longitude": -3.7038},
    ),
    "send_link_button": Construct(
        _("Offer a link"),
        (
            Ask("body", _SAYS, Kind.TEXT, limit=1024),
            Ask("title", _("On the button"), Kind.LINE, limit=20),
            Ask("url", _("Where it leads (https)"), Kind.LINE),
            _HEADER,
            _FOOTER,
        ),
        {"body": "…", "title": "…", "url": "https://…"},
    ),
    "send_template": Construct(
        _("Send an approved template"),
        (
            Ask("name", _("Which template"), Kind.NAME),
            Ask("language", _("Its language"), Kind.NAME),
            Ask("parameters", _("What fills its blanks"), Kind.LIST),
            Ask("text", _("Where there are no templates"), Kind.TEXT, limit=4096),
            Ask("header", _("What fills its heading"), Kind.PAIRS, more=True),
            Ask("media", _("Its picture or file"), Kind.PAIRS, more=True),
            Ask("location", _("Its place on the map"), Kind.PAIRS, more=True),
            Ask("buttons", _("Its buttons"), Kind.LIST, more=True),
        ),
        {"name": "…", "language": "es"},
    ),
    "send_reaction": Construct(_("React with an emoji"), (Ask("emoji", _("Emoji"), Kind.LINE),), {"emoji": "👍"}),
    "request_location": Construct(
        _("Ask where the customer is"), (Ask("body", _SAYS, Kind.TEXT, limit=1024),), {"body": "…"}
    ),
    "request_contact_info": Construct(
        _("Ask for the phone number"), (Ask("body", _SAYS, Kind.TEXT, limit=1024),), {"body": "…"}
    ),
    "ask_llm": Construct(
        _("Answer from the FAQ"), (Ask("question", _("Question"), Kind.RULE),), {"question": "{{ data.question }}"}
    ),
    "go_to": Construct(_("Go to another step"), (Ask("target", _("Which step"), Kind.STEP),), {"target": "@restart"}),
    "call": Construct(
        _("Run a part of its own"),
        (
            Ask("flow", _("Which part"), Kind.NAME),
            Ask("inputs", _("What it gets"), Kind.PAIRS, more=True),
            Ask("outputs", _("What it gives back"), Kind.PAIRS, more=True),
        ),
        {"flow": "…"},
    ),
    "end": Construct(_("End the conversation"), ()),
    "record": Construct(
        _("Count a result"),
        (Ask("outcome", _("Result"), Kind.NAME), Ask("value", _("With"), Kind.RULE, more=True)),
        {"outcome": "booked"},
    ),
    "set_data": Construct(_("Remember something"), (Ask("values", _("What"), Kind.PAIRS),), {"values": {"note": "…"}}),
    "set_language": Construct(
        _("Go on in another language"), (Ask("language", _("Which"), Kind.NAME),), {"language": "es"}
    ),
}
"""Every action of the language by its name in the text."""

ANSWER_KINDS: Final = (
    ("text", _("Any text")),
    ("choice", _("One of several choices")),
    ("date", _("A day")),
    ("time", _("A time")),
    ("datetime", _("A day and a time")),
    ("number", _("A number")),
    ("integer", _("A whole number")),
    ("email", _("An e-mail address")),
    ("phone", _("A phone number")),
    ("location", _("A place")),
    ("media", _("A picture or a file")),
)

COLLECT: Final = Construct(
    _("Ask for an answer"),
    (
        Ask("type", _("What is asked for"), Kind.CHOICE, choices=ANSWER_KINDS),
        Ask("text", _("The question"), Kind.TEXT, limit=1024),
        Ask("options", _("Choices"), Kind.OPTIONS, limit=20),
        Ask("save_as", _("Keep the answer as"), Kind.NAME),
        Ask("target", _("Then"), Kind.STEP),
        Ask("retry_text", _("If it cannot be used"), Kind.TEXT, limit=1024),
        Ask("max_tries", _("After so many tries"), Kind.NUMBER, more=True),
        Ask("on_max_tries", _("Go to"), Kind.STEP, more=True),
        Ask("validate", _("It must be true that"), Kind.RULE, more=True),
        Ask("min", _("At least"), Kind.RULE, more=True),
        Ask("max", _("At most"), Kind.RULE, more=True),
        Ask("set_data", _("And remember"), Kind.PAIRS, more=True),
    ),
    {"type": "text", "text": "…", "save_as": "answer", "target": "@restart"},
)

TIMEOUT: Final = Construct(
    _("If nobody answers"),
    (
        Ask("after", _("After"), Kind.SPAN),
        Ask("at", _("Or at"), Kind.NAME, more=True),
        Ask("target", _("Go to"), Kind.STEP),
        Ask("set_data", _("And remember"), Kind.PAIRS, more=True),
    ),
    {"after": "30m", "target": "@restart"},
)

TRANSITION: Final = Construct(
    _("When the customer"),
    (
        Ask("on_payload", _("taps"), Kind.NAME),
        Ask("on_payload_prefix", _("taps something that begins with"), Kind.NAME),
        Ask("extract_suffix_as", _("and it is kept as"), Kind.NAME),
        Ask("on_text", _("writes one of these words"), Kind.WORDS),
        Ask("on_pattern", _("writes something like"), Kind.NAME, more=True),
        Ask("on_type", _("sends"), Kind.WORDS, more=True),
        Ask("on_referral", _("comes from an advertisement"), Kind.SWITCH, more=True),
        Ask("condition", _("and it is true that"), Kind.RULE, more=True),
        Ask("target", _("go to"), Kind.STEP),
        Ask("set_data", _("and remember"), Kind.PAIRS, more=True),
        Ask("return", _("and then back to the open question"), Kind.SWITCH, more=True),
    ),
    {"on_text": ["…"], "target": "@restart"},
)
