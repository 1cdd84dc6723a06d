"""The forms of these pages. They check what can be seen in the fields themselves; the rest is the verbs' business."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_admin.people.role_words import role_meaning, role_name, scope_meaning
from platform_admin.tenants.models import Role, Scope

LONGEST_PASSWORD: Final = 256
"""Characters; a longer one is hashed for nothing but work."""

LONGEST_ADDRESS: Final = 254
"""RFC 5321, as Django's own field."""

_LONGEST_NAME: Final = 120
_LONGEST_CODE: Final = 40
_MOST_DAYS: Final = 3650


class PlainForm(forms.Form):
    """Fields as the style sheet draws them, errors tied to them for screen readers (Django does that)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
                field.widget.attrs.setdefault("class", "input")


def _address(label: Any, autocomplete: str) -> forms.EmailField:  # noqa: ANN401 - a lazy text
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})
    return forms.EmailField(label=label, max_length=LONGEST_ADDRESS, widget=widget)


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:  # noqa: ANN401 - a lazy text
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **more)


class SignInForm(PlainForm):
    username = _address(_("E-mail address"), "username")
    password = _password(_("Password"), "current-password")


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=_LONGEST_CODE,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


class AddressForm(PlainForm):
    email = _address(_("E-mail address"), "email")


class NewPasswordForm(PlainForm):
    """Twice, because nobody sees what is typed."""

    password = _password(
        _("New password"), "new-password", help_text=_("At least 12 characters. A few words in a row are fine.")
    )
    again = _password(_("The same once more"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("These two are not the same."))
        return cleaned


class JoinForm(NewPasswordForm):
    name = forms.CharField(
        label=_("Your name"), max_length=_LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("name", "password", "again")


class NameForm(PlainForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=_LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class PresentPasswordForm(PlainForm):
    present = _password(_("Your password"), "current-password")


class ChangePasswordForm(NewPasswordForm):
    present = _password(_("Your present password"), "current-password")
    field_order = ("present", "password", "again")


class ChangeAddressForm(PresentPasswordForm):
    email = _address(_("New e-mail address"), "email")
    field_order = ("email", "present")


def _roles() -> list[tuple[str, str]]:
    return [(str(role), f"{role_name(role)}: {role_meaning(role)}") for role in Role]


class InviteForm(PlainForm):
    email = _address(_("E-mail address"), "off")
    role = forms.ChoiceField(label=_("May"), choices=_roles, initial=str(Role.EDITOR))


class RoleForm(PlainForm):
    role = forms.ChoiceField(choices=Role.choices)


def _scopes() -> list[tuple[str, str]]:
    return [(str(scope), scope_meaning(scope)) for scope in Scope]


class TokenForm(PlainForm):
    label = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=_scopes, widget=forms.CheckboxSelectMultiple, initial=[str(Scope.BUNDLE)]
    )
    days = forms.IntegerField(label=_("Ends after days"), min_value=1, max_value=_MOST_DAYS, initial=90)
