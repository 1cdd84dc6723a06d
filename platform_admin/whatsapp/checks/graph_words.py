"""What the client of the Graph API says, as texts that can be translated: it knows no catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from connectors.whatsapp.management_client import Trouble

WORDS: Final[Mapping[Trouble, str]] = {
    Trouble.ANSWERED: _("WhatsApp answered: %(detail)s"),
    Trouble.UNREACHABLE: _("WhatsApp could not be reached (%(detail)s). Try again in a few minutes."),
    Trouble.NOT_AN_ID: _("An id of the account or the number is not one. Compare them with Meta's pages."),
    Trouble.BROKEN_CREDENTIAL: _("The access token is not one: it holds blanks or line breaks. Copy it again."),
    Trouble.TOO_MANY_PAGES: _("WhatsApp has more pages of %(detail)s than are read."),
}
