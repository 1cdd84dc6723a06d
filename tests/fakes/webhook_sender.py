"""Meta's side of the webhook: signs bodies and posts them. Also a command:

python -m tests.fakes.webhook_sender --text "hola"
python -m tests.fakes.webhook_sender --button menu_book "Book appointment"
python -m tests.fakes.webhook_sender --list day_2026-12-01 "Tue 1 December"
python -m tests.fakes.webhook_sender --file body.json
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx2

from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer

DEFAULT_URL = "http://127.0.0.1:8002/webhook"
TIMEOUT_S = 20.0


class WebhookSender:
    """Posts to one webhook under one app secret, over ``http`` or a connection of its own each time."""

    def __init__(self, url: str, app_secret: str, http: httpx2.AsyncClient | None = None) -> None:
        self.url = url
        self._app_secret = app_secret
        self._http = http

    async def post(self, body: bytes, *, signature: str | None = None) -> httpx2.Response:
        """Deliver ``body``; ``signature`` replaces the right one."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": webhook_bodies.sign(body, self._app_secret) if signature is None else signature,
        }
        if self._http is not None:
            return await self._http.post(self.url, content=body, headers=headers)
        async with httpx2.AsyncClient(trust_env=False, timeout=TIMEOUT_S) as http:
            return await http.post(self.url, content=body, headers=headers)

    async def post_values(self, *values: webhook_bodies.Object) -> httpx2.Response:
        return await self.post(webhook_bodies.batch(values))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 if the webhook answered 200."""
    options = _read_arguments(arguments)
    writer = Writer(options.phone_number_id, options.sender, options.name, options.user_id)
    if options.file:
        body = Path(options.file).read_bytes()
    elif options.button:
        body = webhook_bodies.batch(
            [webhook_bodies.tap(writer, "button_reply", *options.button, message_id=options.id)]
        )
    elif options.list:
        body = webhook_bodies.batch([webhook_bodies.tap(writer, "list_reply", *options.list, message_id=options.id)])
    else:
        body = webhook_bodies.batch([webhook_bodies.text(writer, options.text, message_id=options.id)])
    try:
        answer = asyncio.run(WebhookSender(options.url, options.app_secret).post(body))
    except httpx2.TransportError as failure:
        sys.stderr.write(f"nobody answers at {options.url}: {failure}\n")
        return 1
    sys.stdout.write(f"{answer.status_code} {answer.text.strip()}\n")
    return 0 if answer.is_success else 1


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.webhook_sender", description="Play Meta's webhook.")
    parser.add_argument("--url", default=DEFAULT_URL)
    parser.add_argument("--app-secret", default="abc123", help="the channel's app_secret (default: %(default)s)")
    parser.add_argument("--phone-number-id", default="1234567890")
    parser.add_argument("--from", dest="sender", default="34600111222", metavar="PHONE")
    parser.add_argument("--user-id", default=None, help="a business-scoped user id, as ES.123…")
    parser.add_argument("--name", default="Lucía Gómez")
    parser.add_argument("--id", default=None, help="the message id; repeat it to play a duplicate delivery")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--text")
    what.add_argument("--button", nargs=2, metavar=("ID", "TITLE"))
    what.add_argument("--list", nargs=2, metavar=("ID", "TITLE"))
    what.add_argument("--file", help="a body to sign and send as it is")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
