"""A sentence for every code of the checker, as a person of the business would say it.

The step is named before it. Blanks: ``{text}`` what stands at the place, ``{name}`` and ``{other}`` what the checker
names (as words), ``{button}`` the choice it is about, ``{first}`` and ``{second}`` its numbers, ``{field}`` the
question of the form, ``{channel}`` where it would be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.authoring.problems.field_name import field_name
from platform_admin.authoring.problems.scene import Scene, quote, spoken

READING: Final[Mapping[str, Promise]] = {
    "F001": _("There is an invisible or damaged character here. Take it out."),
    "F002": _("The conversation has become too long to be read whole."),
    "F003": _("The text cannot be read from here on: a sign is missing, or stands in the wrong place."),
    "F004": _("Something is only referred to here. Write it out where it is needed."),
    "F005": _("There is a mark here that begins with “!”. Take it out."),
    "F006": _("There has to be exactly one conversation in the text."),
    "F007": _("“{name}” stands here twice, and only one of them can count."),
    "F008": _("Things stand inside each other too deeply here."),
    "F009": _("The conversation holds more than can be read."),
    "F010": _("What comes before the colon has to be a plain word here."),
    "F011": _("This number or date has to stand in quotes."),
    "F020": _("“{name}” is nothing the bot knows here."),
    "F021": _("“{field}” is not filled in."),
    "F022": _("“{field}” is filled in with something that does not fit there."),
    "F023": _("“{name}” is nothing the bot can do here."),
    "F024": _("“{field}” cannot be what it says: it is empty, too long, or out of bounds."),
}

LEADING: Final[Mapping[str, Promise]] = {
    "F101": _("This leads to “{name}”, and there is no such step: the customer would go nowhere."),
    "F104": _("“{button}” is the same to the bot as something before it: it never leads where it should."),
    "F105": _("One way out of here does not say when it is taken."),
    "F106": _("It says what to keep of a tap, but not of which."),
    "F115": _("Only what is understood everywhere can lead back to the open question."),
    "F120": _("No customer ever gets here: nothing leads to this step."),
    "F121": _("One way out of here is never taken, because another one before it always wins."),
    "F122": _("“{button}” leads nowhere: whoever taps it is not understood."),
    "F125": _("Customers get stuck here: nothing leads on."),
    "F130": _("From here the bot runs in a circle without ever waiting for the customer."),
    "F131": _("Customers cannot get away from here: these steps lead only to each other."),
    "F136": _("Whoever types “{name}” instead of tapping it is led elsewhere."),
    "F142": _("While nobody answers, the same is asked again and again."),
    "F143": _("It goes back to the open question, and there never is one."),
    "F146": _("This step is said to have a new name, and is still there under the old one: {name}."),
    "F147": _("This waits longer than a conversation lasts, so it never happens."),
    "F154": _("Something here is never done: before it the bot always goes on to another step."),
    "F157": _("Whoever writes “{name}” never gets here: another way takes that word first."),
    "F159": _("The choices offered here lead nowhere: whoever taps one is not understood."),
    "F161": _("When your team is done, the bot passes the chat on again at once and never speaks."),
    "F162": _("Something may be booked twice here: a message that is not understood does it again."),
}

SAYING: Final[Mapping[str, Promise]] = {
    "F103": _("A blank in “{text}” cannot be filled in: customers would read it broken."),
    "F108": _("“{name}” is worked out by the bot itself and cannot be set."),
    "F123": _("“{text}” has {first} characters; {channel} shows {second}."),
    "F124": _("“{name}” is used here and never known: customers read a hole."),
    "F126": _("The bot says nothing here: customers wait in silence."),
    "F129": _("What is asked for and the choices below it do not go together."),
    "F132": _("“{name}” may not be known yet when this is said: some customers read a hole."),
    "F133": _("A text is missing in one of your languages."),
    "F134": _("“{name}” is not one of the languages of this conversation."),
    "F135": _(
        "This may come when the customer has been silent for a day. WhatsApp then delivers approved templates only."
    ),
    "F137": _("Things are compared here that cannot be compared, such as a number and a text."),
    "F138": _("A part of an answer is used here that the service does not give."),
    "F139": _("“{name}” is asked for and never used."),
    "F141": _("The rule for the answer does not look at the answer."),
    "F144": _("Your team takes over here, and it is not said when the bot speaks again."),
    "F148": _("The file has to come from an address that begins with https://"),
    "F149": _("The link opens no page: it has to begin with https://"),
    "F150": _("There are more choices here than {channel} shows as buttons. They come as a list, or as a text."),
    "F151": _("The template “{text}” is not approved like this, so {channel} would not deliver it."),
    "F163": _("The template holds more in one place than {channel} takes, so it would not be delivered."),
    "F152": _("The inner name of “{button}” holds a sign that is not free: ~, or @ at the beginning."),
    "F155": _("Two choices read alike: “{name}”."),
    "F158": _("“{name}” means nothing here."),
    "F160": _("The inner name of “{button}” is too long; it is sent as a numbered text instead."),
    "F119": _("Nothing lies between the least and the most that is allowed, so every answer is refused."),
    "F113": _("The pattern that answers are compared with cannot be used."),
}

CALLING: Final[Mapping[str, Promise]] = {
    "F102": _("A reminder is planned here that does not exist: “{name}”. Nobody would be reminded."),
    "F107": _("It is not clear when this should happen: no time is given, or more than one."),
    "F109": _("It cannot be worked out when this should be repeated."),
    "F110": _("“{name}” is nothing that a connected service can do."),
    "F111": _("The service is told “{other}”, and does not know what that is."),
    "F112": _("The service needs to know “{other}”, and is not told."),
    "F114": _("A reminder can only say something; it cannot lead to another step."),
    "F116": _("The part “{name}” is to be run here, and does not exist."),
    "F117": _("The part “{name}” and what is handed over to it do not go together: “{other}”."),
    "F118": _("The part “{name}” would run itself again and again."),
    "F127": _("The reminder “{name}” is never planned."),
    "F128": _("The repeated message “{name}” goes to nobody."),
    "F140": _("What the service answers is kept as “{name}” and never used."),
    "F145": _("It cannot be told from this list who should get the repeated message."),
    "F153": _("The part “{name}” is never run."),
    "F156": _("A reminder is taken back here that is never planned."),
}

WORDS: Final[Mapping[str, Promise]] = {**READING, **LEADING, **SAYING, **CALLING}
"""Every code of ``docs/flow-rules.md``; a test finds one that is missing."""

_CHANNELS: Final = {"whatsapp": "WhatsApp", "telegram": "Telegram", "webchat": _("your website")}


def in_words(scene: Scene) -> str:
    """In the active language."""
    sentence = str(WORDS.get(scene.finding.code, _("Something here does not work. Look at it in the YAML view.")))
    quoted = [spoken(name) for name in scene.quoted]
    value = scene.value
    text = quote(value) if isinstance(value, str) else next(iter(quoted), "")
    name = quoted[0] if quoted else text
    blanks = {
        "text": text,
        "name": name,
        "other": quoted[1] if len(quoted) > 1 else name,
        "button": scene.option() or name if "{button}" in sentence else "",
        "first": next(iter(scene.numbers), ""),
        "second": scene.numbers[1] if len(scene.numbers) > 1 else "",
        "field": field_name(scene) if "{field}" in sentence else "",
        "channel": _CHANNELS["whatsapp"],
    }
    return sentence.format(**blanks)
