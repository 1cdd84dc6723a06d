"""The switch on the phone as the page speaks of it.

::

    POST <slug>/conversation/real   {on}: {word, asks} for the phone's requests, or {} when it is off again
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from flow_engine.vocabulary import JSON, FailureKind, JSONObject
from platform_admin.authoring.draft_access import json_body
from platform_admin.authoring.phone.real_world import RealWorld, Trouble
from platform_admin.authoring.phone.sandbox import Business
from platform_admin.authoring.places import Visit, place
from platform_admin.authoring.real_switch import (
    NothingConnectedError,
    SwitchedOffError,
    asked_for_real,
    real_world,
    switch_off,
    switch_on,
)
from platform_admin.authoring.refusal import refused
from platform_admin.errors import NotAllowedError

_NAMES: Final = {"calendar": gettext_lazy("your calendar"), "llm": gettext_lazy("your language model")}

_WHY: Final = {
    FailureKind.TIMEOUT: gettext_lazy("It did not answer in time."),
    FailureKind.UNAVAILABLE: gettext_lazy("It cannot be reached."),
    FailureKind.RATE_LIMITED: gettext_lazy("It was asked too often."),
    FailureKind.UNAUTHORIZED: gettext_lazy("It does not take the key that is stored."),
    FailureKind.REJECTED: gettext_lazy("It did not understand the question."),
    FailureKind.CONFLICT: gettext_lazy("Something else was there first."),
}


@place
@require_POST
def real_switch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """403 below a publisher, 422 when nothing is connected that could be asked."""
    try:
        if json_body(request).get("on") is not True:
            switch_off(visit)
            return JsonResponse({})
        word = switch_on(visit)
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    except NothingConnectedError as error:
        return refused(error.message)
    asks: list[JSON] = [name_of(category) for category in asked_for_real(visit)]
    return JsonResponse({"word": word, "asks": asks})


def read_switch(visit: Visit, sent: JSON, business: Business) -> RealWorld:
    """What the phone's request lets the chat ask. Raises ``SwitchedOffError`` or ``NotAllowedError``."""
    word = sent.get("word") if isinstance(sent, dict) else None
    chat = sent.get("chat") if isinstance(sent, dict) else None
    if not isinstance(word, str) or not isinstance(chat, int):
        raise SwitchedOffError(_("Your connections are not asked any more. Switch it on again."))
    return real_world(visit, word, business, chat=chat)


def real_as_json(real: RealWorld) -> JSONObject:
    """What the phone says below a chat that was asked for real."""
    troubles: list[JSON] = list(dict.fromkeys(_in_words(trouble) for trouble in real.troubles))
    return {"troubles": troubles}


def name_of(category: str) -> str:
    """As a sentence names it: "your calendar"."""
    return str(_NAMES.get(category, category))


def _in_words(trouble: Trouble) -> str:
    return _("%(name)s: %(why)s") % {"name": name_of(trouble.category).capitalize(), "why": _WHY[trouble.kind]}
