from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from unfold.admin import ModelAdmin

from platform_admin.config.mailers import mailers_from
from platform_admin.tenants.models import Tenant, User

pytestmark = [
    pytest.mark.django_db,
    # django-unfold 0.110 overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


def test_health_says_which_program_this_is_and_that_the_database_answers(client: Client) -> None:
    answer = client.get("/health")
    version = tomllib.loads((Path(settings.ROOT) / "pyproject.toml").read_text())["project"]["version"]
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok", "plane": "control", "version": version, "build": "test", "database": "ok",
    }  # fmt: skip
    assert "no-store" in answer["Cache-Control"]


def test_health_is_read_only(client: Client) -> None:
    assert client.post("/health").status_code == 405


def test_the_root_leads_home_and_the_admin_to_the_login(client: Client) -> None:
    assert client.get("/")["Location"] == "/admin/authoring/"
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


OURS = [model for model in admin.site._registry if model.__module__.startswith("platform_admin.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_list_page_opens_for_an_operator(model: type[Tenant], as_operator: Client, luna: Tenant) -> None:
    answer = as_operator.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    assert answer.status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_no_admin_page_uses_an_unthemed_base(model: type[Tenant]) -> None:
    assert isinstance(admin.site._registry[model], ModelAdmin)


def test_a_signed_in_person_without_staff_rights_sees_no_admin_page(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["owner"])
    assert client.get("/admin/tenants/tenant/")["Location"].startswith("/admin/login/")


def test_the_overview_tells_what_is_live(as_operator: Client, luna: Tenant) -> None:
    page = as_operator.get("/admin/").content.decode()
    assert "Peluquería Luna" in page
    assert "nothing published" in page


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        ("consolemail://", "console", {}),
        ("memorymail://", "locmem", {}),
        ("filemail:////tmp/mail", "filebased", {"file_path": "/tmp/mail"}),  # noqa: S108 - only a name
        (
            "smtp+tls://user:p%40ss@mail.example.org:587",
            "smtp",
            {"host": "mail.example.org", "port": 587, "username": "user", "password": "p@ss", "use_tls": True,
             "timeout": 10},
        ),
    ],
)  # fmt: skip
def test_mail_leaves_as_the_url_says(url: str, backend: str, options: dict[str, object]) -> None:
    import environ  # noqa: PLC0415 - the parser whose answer is translated

    mailer = mailers_from(environ.Env.email_url_config(url))["default"]
    assert mailer == {"BACKEND": f"django.core.mail.backends.{backend}.EmailBackend", "OPTIONS": options}
