"""That a number is whose it is said to be: it is kept only for a token that reads it at Meta.

Nothing here looks at who has the number already, so nobody learns of it by asking.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from connectors.whatsapp.management_client import ManagementClient, ManagementError, Trouble, open_management_http
from platform_admin.errors import NotAllowedError

_FIELD: Final = "display_phone_number"
"""Every number has it, and no other kind of node: an id of something else is refused."""
_NOT_A_TOKEN: Final = 190
"""Meta's code for a token that is none, or none any more."""
_LATER: Final = frozenset({1, 2, 4, 80007})
"""Meta's codes for trouble of its own and for too many calls."""


def prove(*, phone_number_id: str, waba_id: str, access_token: str) -> None:
    """Ask Meta with the token for the number, and for the account whether the number is one of its own.

    What Meta tells of an account is told to all who have it. Raises ``NotAllowedError``, with what is wrong and what to
    do.
    """
    try:
        with ManagementClient(open_management_http(), access_token, base_url=settings.GRAPH_BASE_URL or None) as graph:
            facts = graph.get(phone_number_id, {"fields": _FIELD})
            if not facts.get(_FIELD):
                raise NotAllowedError(_not_shown())
            if waba_id and not _is_in(graph, waba_id, phone_number_id):
                raise NotAllowedError(_not_in_account())
    except ManagementError as error:
        raise NotAllowedError(_refusal(error)) from None


def _is_in(graph: ManagementClient, waba_id: str, phone_number_id: str) -> bool:
    try:
        items = graph.items(f"{waba_id}/phone_numbers", {"fields": "id"})
        return phone_number_id in {item.get("id") for item in items}
    except ManagementError as error:
        if error.http_status != HTTPStatus.BAD_REQUEST or error.code in _LATER:
            raise
        return False  # no account, or one that the token does not reach


def _refusal(error: ManagementError) -> str:
    if error.trouble is Trouble.BROKEN_CREDENTIAL:
        return _(
            "The access token holds what no token has: blanks, line breaks or special characters. Nothing was stored. "
            "Copy it again from Meta."
        )
    if error.code == _NOT_A_TOKEN or error.http_status == HTTPStatus.UNAUTHORIZED:
        return _(
            "Meta does not take this access token. Nothing was stored. Make a new one of a system user and enter it."
        )
    if error.http_status is None or error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code in _LATER:
        return _("Meta could not be asked whether the number is yours. Nothing was stored. Try again in a few minutes.")
    return _not_shown()


def _not_in_account() -> str:
    return _(
        "Meta does not show this access token a WhatsApp account with this ID that has the number. Nothing was stored. "
        "Compare both IDs with Meta's page, and give the system user the account."
    )


def _not_shown() -> str:
    return _(
        "Meta does not show this number to this access token. Nothing was stored. Compare the phone number ID with "
        "Meta's page, give the system user the WhatsApp account and both WhatsApp permissions, and enter a new token."
    )
