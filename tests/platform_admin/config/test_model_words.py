"""The admin's own pages in the language of who reads: nothing that is shown is missing, nothing listed is idle."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.utils.translation import override

from platform_admin.config.model_words import NAMES
from platform_admin.config.translated_models import shown
from platform_admin.tenants.models import Tenant


def test_every_name_that_the_admin_shows_is_collected_and_no_other() -> None:
    with override("en"):
        found = set[str]().union(*(shown(model) for model in admin.site._registry))
    assert sorted(found - set(NAMES)) == [], "add these to platform_admin/config/model_words.py, and their translation"
    assert sorted(set(NAMES) - found) == [], "nothing shows these any more"


@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")  # django-unfold's to change
def test_an_operator_who_reads_spanish_gets_lists_forms_and_menu_in_spanish(
    as_operator: Client,
    luna: Tenant,
) -> None:
    spanish = {"Accept-Language": "es"}
    listed = as_operator.get("/admin/tenants/tenant/", headers=spanish).content.decode()
    assert "Negocios" in listed
    assert "Zona horaria" in listed  # a column, from the name of a field
    assert "Suspendido" in listed  # a choice, in the filter
    assert "Claves de los bots" in listed  # the menu at the side
    assert "Timezone" not in listed
    added = as_operator.get("/admin/tenants/user/add/", headers=spanish).content.decode()
    assert "Dirección de correo electrónico" in added
