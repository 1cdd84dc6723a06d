"""A form made from a provider's JSON Schema. Secrets go in and never come out again: their fields are always empty.

Whole numbers, numbers, texts, choices and switches get fields of their own; what is a list or a mapping is written as
JSON. An empty field leaves the key out, so that the provider's own default holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.documents.json_field import Indented

LEFT_OUT: Final = frozenset({"type", "credentials_path"})
"""Not for people: the page chooses the type, and a path on a server means nothing to a tenant."""

_LONGEST_SECRET: Final = 20_000
"""A service account's key file is about 2,400 characters."""


class SchemaForm(forms.Form):
    """``schema`` is the provider's, ``block`` what is stored, ``stored`` the secrets that are (masked, by key)."""

    def __init__(
        self, schema: JSONObject, block: Mapping[str, JSON], stored: Mapping[str, str], language: str, **options: Any
    ) -> None:
        super().__init__(**options)
        properties = schema.get("properties")
        required = schema.get("required")
        self.secret_keys: list[str] = []
        self._json_keys: list[str] = []
        must = set(required) if isinstance(required, list) else set()
        for key, told in (properties if isinstance(properties, dict) else {}).items():
            if key in LEFT_OUT or not isinstance(told, dict):
                continue
            if told.get("writeOnly"):
                self.secret_keys.append(key)
                field = _secret(told, stored.get(key), needed=key in must)
            else:
                field = self._plain(key, told, block.get(key), needed=key in must)
            field.label = _in_language(told, "title", language) or key
            field.help_text = field.help_text or _in_language(told, "description", language)
            self.fields[key] = field

    def _plain(self, key: str, told: JSONObject, value: JSON, *, needed: bool) -> forms.Field:
        kind, choices = told.get("type"), told.get("enum")
        if isinstance(choices, list):
            options = [(str(choice), str(choice)) for choice in choices]
            return forms.ChoiceField(
                required=needed, initial=value, choices=options if needed else [("", _("as usual")), *options]
            )
        if kind == "boolean":
            return forms.BooleanField(required=False, initial=bool(value))
        if kind == "integer":
            return forms.IntegerField(required=needed, initial=value, **_bounds(told))
        if kind == "number":
            return forms.FloatField(required=needed, initial=value, **_bounds(told))
        if kind == "string":
            longest = told.get("maxLength")
            most = longest if isinstance(longest, int) else None
            return forms.CharField(required=needed, initial=value, max_length=most)
        self._json_keys.append(key)
        widget = forms.Textarea(attrs={"rows": 4})
        return forms.JSONField(required=needed, initial=value, encoder=Indented, widget=widget)

    def block(self) -> JSONObject:
        """The plain part of what was entered, without what was left empty."""
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in self.secret_keys and value not in (None, "")
        }

    def secrets(self) -> dict[str, str]:
        """The secrets that were entered anew, by key."""
        entered = ((key, self.cleaned_data.get(key)) for key in self.secret_keys)
        return {key: value for key, value in entered if value}


def secret_titles(schema: JSONObject, language: str) -> dict[str, str]:
    """What the secrets of a provider are called, by key."""
    properties = schema.get("properties")
    return {
        key: _in_language(told, "title", language) or key
        for key, told in (properties if isinstance(properties, dict) else {}).items()
        if isinstance(told, dict) and told.get("writeOnly")
    }


def _secret(told: JSONObject, stored: str | None, *, needed: bool) -> forms.Field:
    hint = _("Stored (%(mask)s). Leave empty to keep it.") % {"mask": stored} if stored else ""
    attributes = {"autocomplete": "new-password"}
    widget: forms.Widget = (
        forms.Textarea(attrs={**attributes, "rows": 4}) if told.get("x-multiline") else forms.PasswordInput(attributes)
    )
    return forms.CharField(
        required=needed and not stored, widget=widget, help_text=hint, max_length=_LONGEST_SECRET, strip=True
    )


def _bounds(told: JSONObject) -> dict[str, Any]:
    return {
        name: told[key]
        for name, key in (("min_value", "minimum"), ("max_value", "maximum"))
        if isinstance(told.get(key), int | float)
    }


def _in_language(told: JSONObject, key: str, language: str) -> str:
    own = told.get(f"x-{key}-{language.partition('-')[0]}")
    return str(own or told.get(key) or "")
