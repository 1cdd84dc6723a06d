"""Editors write settings; how long things are kept is an owner's, because what is forgotten is gone at once."""

from __future__ import annotations

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import NotAllowedError
from platform_admin.releases.actions import save_settings
from platform_admin.releases.settings_reading import check_settings
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

KEPT: JSONObject = {"policies": {"retention": {"copies_days": 20}}}
OTHER: JSONObject = {"policies": {"retention": {"copies_days": 3}}}
AS_KEPT: JSONObject = {"sentences": {"busy": "Un momento"}, **KEPT}


@pytest.mark.parametrize(
    ("document", "role", "may"),
    [
        pytest.param(AS_KEPT, "editor", True, id="something else, by an editor"),
        pytest.param(OTHER, "editor", False, id="fewer days, by an editor"),
        pytest.param({}, "editor", False, id="the usual days, by an editor"),
        pytest.param(OTHER, "publisher", False, id="fewer days, by a publisher"),
        pytest.param(OTHER, "owner", True, id="fewer days, by an owner"),
    ],
)
def test_how_long_things_are_kept_is_an_owners_to_say(
    document: JSONObject, role: str, may: bool, luna: Tenant, people: dict[str, User]
) -> None:
    save_settings(tenant=luna, document=KEPT, by=COMMAND)
    if may:
        save_settings(tenant=luna, document=document, by=people[role])
    else:
        with pytest.raises(NotAllowedError):
            save_settings(tenant=luna, document=document, by=people[role])
    stored = settings_of(luna).document
    wanted = check_settings(document if may else KEPT).document
    assert stored is not None
    assert wanted is not None
    assert stored.policies == wanted.policies
