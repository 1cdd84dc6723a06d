"""The rows of connections: providers and WhatsApp numbers."""

from __future__ import annotations

from typing import Final

from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.objects import Objects
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.tables import AUDIT


def _number(_: Objects) -> dict[str, str]:
    return {
        "phone_number_id": scenes.NUMBER,
        "waba_id": "9876543210",
        "access_token": scenes.TOKEN,
        "app_secret": "own",
    }


CONNECT: Final = (
    Row(route="connect:connections", least=Who.VIEWER),
    Row(route="connect:connection", with_={"category": "calendar", "type_name": "mock_calendar"}, least=Who.OWNER,
        refuses=404),
    Row(route="connect:connection", with_={"category": "calendar", "type_name": "mock_calendar"}, method="POST",
        least=Who.OWNER, refuses=404, answers=302, sends=lambda _: {},
        changes=("releases.tenantsettings", *AUDIT)),
    Row(route="connect:choose", with_={"category": "calendar"}, least=Who.OWNER, refuses=404, answers=302,
        reason="the calendar of the world has no provider: a sentence"),
    Row(route="connect:choose", with_={"category": "calendar"}, method="POST", least=Who.OWNER, refuses=404,
        answers=302, sends=lambda _: {"value": "none"}, reason="the same"),
    Row(route="connect:probe", with_={"category": "calendar"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, reason="the calendar of the world has no provider: a sentence"),
    Row(route="connect:choose", with_={"category": "calendar"}, least=Who.OWNER, refuses=404, given=scenes.calendar,
        changes=("credentials.useofcredential",)),
    Row(route="connect:choose", with_={"category": "calendar"}, method="POST", least=Who.OWNER, refuses=404,
        answers=302, sends=lambda o: {"value": o.calendar_url}, given=scenes.calendar,
        changes=("credentials.useofcredential", "releases.tenantsettings", *AUDIT)),
    Row(route="connect:probe", with_={"category": "calendar"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, given=scenes.calendar, changes=("credentials.useofcredential", *AUDIT)),
    Row(route="connect:whatsapp", least=Who.OWNER, refuses=404),
    Row(route="connect:whatsapp", method="POST", least=Who.OWNER, refuses=404, sends=_number,
        changes=("credentials.credential", "credentials.useofcredential", "releases.tenantsettings", *AUDIT)),
    Row(route="connect:whatsapp_number", with_={"number_id": scenes.NUMBER}, least=Who.OWNER, refuses=404,
        given=scenes.whatsapp_number),
    Row(route="connect:whatsapp_number", with_={"number_id": scenes.NUMBER}, method="POST", least=Who.OWNER,
        refuses=404, answers=302, sends=_number, given=scenes.whatsapp_number,
        changes=("credentials.credential", "credentials.useofcredential", "releases.tenantsettings", *AUDIT)),
    Row(route="connect:whatsapp_check", with_={"number_id": scenes.NUMBER}, method="POST", least=Who.OWNER,
        refuses=404, answers=302, given=scenes.whatsapp_number,
        changes=("credentials.useofcredential", "whatsapp.setupcheck", *AUDIT)),
    Row(route="connect:disconnect", with_={"category": "calendar"}, method="POST", least=Who.OWNER, refuses=404,
        answers=302, given=scenes.calendar, changes=("credentials.credential", "releases.tenantsettings", *AUDIT)),
    Row(route="connect:free_answers", method="POST", least=Who.OWNER, refuses=404, answers=302,
        sends=lambda _: {"on": "0"}, given=scenes.language_model, changes=("releases.tenantsettings", *AUDIT)),
)  # fmt: skip
