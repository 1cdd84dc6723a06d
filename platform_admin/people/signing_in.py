"""Signing in: the password, then the code where one is asked for, each behind its doors."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from platform_admin.people import sessions
from platform_admin.people.actions.second_factor import show
from platform_admin.people.doors import (
    CODE,
    CODE_ADDRESS,
    PASSWORD_AGAIN,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    SIGN_IN_HERE,
    Try,
    forget_name,
    forgive,
    knock,
)
from platform_admin.people.standing import has_second_factor, note_shown
from platform_admin.people.visitor import visitor_of
from platform_admin.tenants import audit
from platform_admin.tenants.models import User

CODE_WAITED_FOR: Final = timedelta(minutes=10)
"""How long after the password the code may be typed."""

_AWAITING: Final = "awaits_code"


@sensitive_variables("password")
def who_has_password(request: HttpRequest, *, email: str, password: str, now: datetime) -> User | None:
    """The active person with this address and password, or nobody, which takes as long (Django hashes for nobody, too).

    Raises ``TooManyAttemptsError`` before any password is looked at.
    """
    email = email.strip().lower()
    visitor = visitor_of(request)
    tries = (
        Try(SIGN_IN_HERE, f"{visitor.counted_as} {email}"),
        Try(SIGN_IN_ACCOUNT, email),
        Try(SIGN_IN_ADDRESS, visitor.counted_as),
    )
    knock(*tries, by=visitor, now=now, subject="sign-in")
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        return None
    forgive(*tries)
    return user


@sensitive_variables("password")
def is_own_password(request: HttpRequest, user: User, password: str, *, now: datetime) -> bool:
    """The password once more before something important. Raises ``TooManyAttemptsError``."""
    again = Try(PASSWORD_AGAIN, user.email)
    knock(again, by=visitor_of(request), now=now, subject=user.email)
    right = user.check_password(password)
    if right:
        forgive(again)
    return right


def open_here(request: HttpRequest, email: str) -> None:
    """Whoever has just set a password by mail tries it at once, on the browser that mistyped the old one."""
    forget_name(SIGN_IN_HERE, f"{visitor_of(request).counted_as} {email}")


def go_on(request: HttpRequest, user: User, *, now: datetime) -> bool:
    """After the password: sign in, or wait for the code; whether the person is in."""
    if not has_second_factor(user):
        enter(request, user, now=now)
        return True
    request.session.cycle_key()
    request.session[_AWAITING] = {
        "user": user.pk,
        "until": (now + CODE_WAITED_FOR).isoformat(),
        "hash": user.get_session_auth_hash(),
    }
    return False


def who_owes_code(request: HttpRequest, *, now: datetime) -> User | None:
    """Who gave their password on this browser a moment ago and did not change it meanwhile."""
    awaiting = request.session.get(_AWAITING)
    if awaiting is None or datetime.fromisoformat(awaiting["until"]) <= now:
        return None
    user = User.objects.filter(pk=awaiting["user"], is_active=True).first()
    return user if user is not None and user.get_session_auth_hash() == awaiting["hash"] else None


def is_right_code(request: HttpRequest, user: User, code: str, *, now: datetime) -> bool:
    """The code from the phone, or a recovery code. Raises ``TooManyAttemptsError`` before any is looked at."""
    visitor = visitor_of(request)
    tries = (Try(CODE, user.email), Try(CODE_ADDRESS, visitor.counted_as))
    knock(*tries, by=visitor, now=now, subject=user.email)
    right = show(user=user, code=code, now=now)
    if right:
        forgive(*tries)
    return right


def enter_with_code(request: HttpRequest, user: User, *, now: datetime) -> None:
    request.session.pop(_AWAITING, None)
    enter(request, user, now=now)
    note_shown(request)


def enter(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Sign somebody in who has shown all that is asked of them."""
    sessions.begin(request, user, now=now)
    audit.record(by=user, verb="signed in", subject=user.email, details={"device": request.session["device"]})
