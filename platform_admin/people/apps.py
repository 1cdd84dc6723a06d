"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "platform_admin.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported for its registration, which Django has no other place for.
        from platform_admin.people import checks  # noqa: F401, PLC0415
