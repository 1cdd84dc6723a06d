"""What an owner enters of a WhatsApp number. Secrets go in and never come out again: their fields are always empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_admin.releases.channel_documents import PHONE_NUMBER_ID_PATTERN

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # the stubs' name for a text that is translated later

_META_ID: Final = RegexValidator(PHONE_NUMBER_ID_PATTERN, gettext_lazy("5 to 20 digits, as Meta shows them."))
_LONGEST_SECRET: Final = 1000
"""Characters. Access tokens have 200 to 400, app secrets 32."""
SECRETS: Final = ("access_token", "app_secret")


def _id(label: _StrPromise, help_text: _StrPromise) -> forms.CharField:
    widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, validators=[_META_ID], widget=widget)


def _secret(label: _StrPromise, help_text: _StrPromise) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "new-password"})
    return forms.CharField(label=label, help_text=help_text, max_length=_LONGEST_SECRET, widget=widget, strip=True)


class WhatsAppForm(forms.Form):
    """``stored`` are the secrets that are (masked, by key); those may be left empty."""

    phone_number_id = _id(
        gettext_lazy("Phone number ID"),
        gettext_lazy("At Meta, under WhatsApp, API Setup. Not the phone number itself."),
    )
    waba_id = _id(gettext_lazy("WhatsApp Business account ID"), gettext_lazy("On the same page, just below."))
    access_token = _secret(
        gettext_lazy("Access token"),
        gettext_lazy("Of a system user, so that it lasts; it needs both WhatsApp permissions, to send and to manage."),
    )
    app_secret = _secret(gettext_lazy("App secret"), gettext_lazy("At Meta, under App settings, Basic."))
    new_word = forms.BooleanField(
        label=gettext_lazy("Make a new verify token"),
        help_text=gettext_lazy("It is shown once, after saving."),
        required=False,
    )

    def __init__(self, stored: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        for key in SECRETS:
            if mask := stored.get(key):
                self.fields[key].required = False
                self.fields[key].help_text = _("Stored (%(mask)s). Leave empty to keep it.") % {"mask": mask}
        if "verify_token" not in stored:
            del self.fields["new_word"]  # one is made in any case

    def secrets(self) -> dict[str, str]:
        """Those that were entered anew, by key."""
        return {key: value for key in SECRETS if (value := self.cleaned_data.get(key))}
