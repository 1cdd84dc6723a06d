"""Giving a tenant a WhatsApp number, or changing what is known of one. The page and the command both do it by this."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.credentials.actions import note_use, set_credential
from platform_admin.credentials.holding import hold_credentials
from platform_admin.credentials.purpose import Purpose
from platform_admin.credentials.queries import credential_fields
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.releases.actions import save_settings
from platform_admin.releases.shown_part import ShownPart
from platform_admin.releases.stored_settings import stored_settings
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Role, Tenant
from platform_admin.whatsapp.graph import TOKEN, token_of
from platform_admin.whatsapp.models import SetUpCheck
from platform_admin.whatsapp.numbers import Number, numbers_of, numbers_with
from platform_admin.whatsapp.proving import prove

_WORD_BYTES: Final = 24
"""192 bits; Meta takes any text without blanks."""


@dataclass(frozen=True, slots=True)
class _Entered:
    """What somebody typed, and the number in whose place."""

    phone_number_id: str
    waba_id: str
    secrets: Mapping[str, str]
    instead_of: Number | None
    new_word: bool


@dataclass(frozen=True, slots=True)
class Connected:
    """``word`` is the verify token where one was made just now: it is shown once and never again.

    ``mark`` is of what was kept (``ShownPart``), for a form that goes on showing it: read later, it would be of what
    somebody else saved since.
    """

    number: Number
    word: str
    mark: str


def connect_number(
    *,
    tenant: Tenant,
    phone_number_id: str,
    waba_id: str,
    secrets: Mapping[str, str],
    by: Actor,
    instead_of: Number | None = None,
    new_word: bool = False,
    shown: str | None = None,
) -> Connected:
    """Enter the number into the settings, in the place of ``instead_of`` if that is given, and store the secrets.

    ``secrets`` are those of ``CHANNEL_SECRETS``; what is left out stays as it is stored. The word for Meta's handshake
    is made up where there is none, or on ``new_word``. What was checked before is forgotten. Needs an owner.

    A person's number is kept only if her access token reads it at Meta, or it is here with its token already. Who has
    the machine answers for the number that a command enters. ``shown`` is the mark of what her form showed of
    ``instead_of`` (``ShownPart``).

    Raises ``EditConflictError`` where somebody else has changed that since, ``NotAllowedError`` for a number that is
    not proven, ``ConflictError`` for a proven one that another tenant has, ``HasFaultsError`` or ``ValidationError``
    for what does not fit; then nothing has changed.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    entered = _Entered(phone_number_id, waba_id, secrets, instead_of, new_word)
    part = None if instead_of is None else ShownPart(tenant, instead_of.place)
    if part is not None:
        part.refuse_if_changed(shown)
    # Meta may take its time: nothing is locked meanwhile, and that a token was opened stays noted if she says no.
    asked = not isinstance(by, CommandActor) and _prove(entered, by)
    with transaction.atomic():
        if part is not None:
            part.refuse_if_changed(shown)
        done = _keep(tenant, entered, by)
        if asked:
            note_use(tenant=tenant, fields=[f"{done.number.place}.{TOKEN}"], purpose=Purpose.PROOF, by=by)
    return done


def _prove(entered: _Entered, by: Actor) -> bool:
    """Before anything is looked up here, so that the answer is the same whoever has the number.

    Whether Meta was asked with what is kept now.
    """
    given = entered.secrets.get(TOKEN)
    known = entered.instead_of
    ids = (entered.phone_number_id, entered.waba_id)
    if given is None and known is not None and (known.phone_number_id, known.waba_id) == ids:
        return False
    stored = token_of(known, purpose=Purpose.PROOF, by=by) if known and not given else {}
    token = given or stored.get(TOKEN)
    if not token:
        raise NotAllowedError(_("Enter the access token as well: by it Meta tells that the number is yours."))
    prove(phone_number_id=entered.phone_number_id, waba_id=entered.waba_id, access_token=token)
    return True


def _keep(tenant: Tenant, entered: _Entered, by: Actor) -> Connected:
    phone_number_id, instead_of = entered.phone_number_id, entered.instead_of
    if any(other.tenant != tenant for other in numbers_with(phone_number_id=phone_number_id)):
        # Two tenants with one number would read each other's customers. Whose it is, is nobody's business here.
        raise ConflictError(_("This number cannot be connected here. Ask whoever runs this platform."))
    document = stored_settings(tenant)
    channels = document.get("channels")
    kept: list[JSON] = [*channels] if isinstance(channels, list) else []
    index, is_new = _place(tenant, phone_number_id, instead_of, len(kept))
    entry: JSONObject = {"type": "whatsapp", "phone_number_id": phone_number_id, "waba_id": entered.waba_id}
    number = Number(tenant, f"channels.{index}", phone_number_id, entered.waba_id)
    hold_credentials(tenant, f"{number.place}.")
    changed = [*kept[:index], entry, *kept[index + 1 :]]
    if changed != kept:
        save_settings(tenant=tenant, document={**document, "channels": changed}, by=by)
    word = _new_word(number, entered.secrets, wanted=entered.new_word or is_new)
    for key, value in {**entered.secrets, **({"verify_token": word} if word else {})}.items():
        set_credential(tenant=tenant, field=f"{number.place}.{key}", value=value, by=by)
    ids = {phone_number_id, *([instead_of.phone_number_id] if instead_of else [])}
    SetUpCheck.objects.for_tenant(tenant).filter(phone_number_id__in=ids).delete()
    return Connected(number, word, ShownPart(tenant, number.place).mark)


def _place(tenant: Tenant, phone_number_id: str, instead_of: Number | None, end: int) -> tuple[int, bool]:
    """Which channel it is, and whether it was none before."""
    known = instead_of or next((one for one in numbers_of(tenant) if one.phone_number_id == phone_number_id), None)
    return (end, True) if known is None else (int(known.place.removeprefix("channels.")), False)


def _new_word(number: Number, secrets: Mapping[str, str], *, wanted: bool) -> str:
    if "verify_token" in secrets:
        return ""
    stored = f"{number.place}.verify_token" in credential_fields(number.tenant)
    return chance.token_urlsafe(_WORD_BYTES) if wanted or not stored else ""
