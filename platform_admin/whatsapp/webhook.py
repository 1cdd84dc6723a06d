"""``/webhooks/whatsapp``: what Meta sends to the platform's app itself.

Overridden callbacks carry message fields only; templates, accounts and quality come here, and so do messages to a
number whose override is missing. The signature is computed over the bytes as they came, under any of the app's secrets.
"""

from __future__ import annotations

import hmac
import logging
import re
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from platform_admin.whatsapp.deliveries import keep, take_in_waiting

MAX_BODY_BYTES: Final = 4_000_000  # Meta sends up to 3 MB
_SIGNATURE: Final = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)

log = logging.getLogger(__name__)


@method_decorator(csrf_exempt, name="dispatch")
class AppWebhook(View):
    """GET is Meta's handshake, POST a delivery: 200 once it is stored, whatever it says."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """200 with the challenge for the right word, else 403."""
        shown, known = request.GET.getlist("hub.verify_token"), settings.WHATSAPP_VERIFY_TOKEN
        challenge = request.GET.getlist("hub.challenge")
        is_right = len(shown) == 1 and bool(known) and hmac.compare_digest(shown[0].encode(), known.encode())
        if not is_right or request.GET.getlist("hub.mode") != ["subscribe"] or len(challenge) != 1:
            log.warning("whatsapp handshake refused")
            return _plain("forbidden\n", 403)
        return _plain(challenge[0], 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        body = request.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            log.warning("whatsapp webhook refused: body too large")
            return _plain("the body is larger than 4 MB\n", 413)
        if not is_signed(request.headers.get("X-Hub-Signature-256", ""), body):
            log.warning("whatsapp webhook refused: signature missing or wrong")
            return _plain("unauthorized\n", 401)
        try:
            keep(body, at=timezone.now())
        except DatabaseError as error:
            log.error("whatsapp webhook not stored: %s", type(error).__name__)  # noqa: TRY400 - a trace may quote the body
            return _plain("try again later\n", 503)
        # Stored is acknowledged; what cannot be taken in now is taken in later.
        take_in_waiting(now=timezone.now())
        return _plain("ok\n", 200)


def is_signed(header: str, body: bytes) -> bool:
    """Whether one of the platform's secrets signed it. Every one is tried, so time does not tell which is in use."""
    shape = _SIGNATURE.fullmatch(header)
    if shape is None:
        return False
    tag = bytes.fromhex(shape[1])
    matches = [
        hmac.compare_digest(hmac.digest(secret.encode(), body, "sha256"), tag)
        for secret in settings.WHATSAPP_APP_SECRETS
    ]
    return any(matches)


def _plain(text: str, status: int) -> HttpResponse:
    headers = {"X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
