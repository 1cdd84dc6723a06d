"""The first look at a link of a mail: its token is taken out of the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from platform_admin.errors import LinkNotGoodError, TooManyAttemptsError
from platform_admin.people.doors import LINK_ADDRESS, Try, forgive, knock
from platform_admin.people.pages.showing import link_not_good, show_closed
from platform_admin.people.visitor import visitor_of


def refusal_of_link(
    request: HttpRequest, token: str, find: Callable[[str, datetime], object], *, subject: str
) -> HttpResponse | None:
    """What is answered to a link that leads nowhere; ``None`` to a good one, whose visitor may go on trying.

    ``find`` raises ``LinkNotGoodError``. ``subject`` is what the audit trail calls it when the door closes.
    """
    visitor, now = visitor_of(request), timezone.now()
    attempt = Try(LINK_ADDRESS, visitor.counted_as)
    try:
        knock(attempt, by=visitor, now=now, subject=subject)
        find(token, now)
    except TooManyAttemptsError as error:
        return show_closed(request, "link_not_good", error)
    except LinkNotGoodError:
        return link_not_good(request)
    forgive(attempt)
    return None
