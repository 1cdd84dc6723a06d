"""A message to somebody's own phone, to see that it arrives."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from connectors.whatsapp.management_client import ManagementClient, ManagementError
from platform_admin.whatsapp.checks.finding import Finding
from platform_admin.whatsapp.numbers import Number

_PHONE: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_TEXT: Final = "Frontdesk: this number is connected."


def is_phone(text: str) -> bool:
    """E.164 with its plus: without it Meta may put the business's own country before the number."""
    return _PHONE.fullmatch(text) is not None


def send_test_message(graph: ManagementClient, number: Number, *, to: str, template: str | None) -> Finding:
    """A text, or ``template`` (``name`` or ``name:language``, without blanks). Accepted is not arrived."""
    body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to}
    if template:
        name, _colon, language = template.partition(":")
        body |= {"type": "template", "template": {"name": name, "language": {"code": language or "en_US"}}}
    else:
        body |= {"type": "text", "text": {"body": _TEXT}}
    try:
        graph.post(f"{number.phone_number_id}/messages", body)
    except ManagementError as error:
        return Finding.fault(_("The test message was refused.")).and_also(Finding.failure(error))
    return Finding.good(_("WhatsApp accepted the test message. Look at the phone."))
