"""The set-up side of the fake: accounts, numbers, tokens, subscriptions and templates, under the same tokens.

GET  /{version}/debug_token?input_token=
GET  /{version}/{number}?fields=            POST /{version}/{number}          {webhook_configuration}
GET  /{version}/{account}?fields=           GET  /{version}/{account}/phone_numbers
GET  /{version}/{account}/subscribed_apps   POST /{version}/{account}/subscribed_apps
GET  /{version}/{account}/message_templates?limit=&after=
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PAGE = 25
CALLBACK_CHARS = 200


@dataclass(slots=True)
class Account:
    """A WhatsApp business account with its numbers, as Meta keeps it. Tests change it at will."""

    waba_id: str = "9876543210"
    app_id: str = "55501"
    app_secret: str = "abc123"
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    subscribed: bool = False
    callbacks: dict[str, dict[str, str]] = field(default_factory=dict)
    further_ids: set[str] = field(default_factory=set)
    """Of other accounts with the same numbers."""
    token: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    """Path → HTTP status, code and message; taken away by a test when it shall work again."""
    calls: list[tuple[str, str]] = field(default_factory=list)

    def add_number(self, phone_number_id: str, **facts: Any) -> None:
        self.numbers[phone_number_id] = {
            "id": phone_number_id,
            "display_phone_number": "+34 600 000 001",
            "verified_name": "Peluquería Luna",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "code_verification_status": "VERIFIED",
            **facts,
        }

    def token_facts(self) -> dict[str, Any]:
        scopes = ["whatsapp_business_management", "whatsapp_business_messaging", "business_management"]
        return {
            "app_id": self.app_id,
            "type": "SYSTEM_USER",
            "is_valid": True,
            "expires_at": 0,
            "scopes": scopes,
            **self.token,
        }


class GraphManagement:
    """Routes over ``account``. ``tokens`` are the ones that are good; the fake's messages edge stands beside it."""

    def __init__(self, account: Account, tokens: frozenset[str]) -> None:
        self.account = account
        self._tokens = tokens

    def routes(self) -> list[Route]:
        return [
            Route("/{version}/debug_token", self.debug_token, methods=["GET"]),
            Route("/{version}/{node}", self.node, methods=["GET", "POST"]),
            Route("/{version}/{node}/{edge}", self.edge, methods=["GET", "POST"]),
        ]

    async def debug_token(self, request: Request) -> Response:
        if refusal := self._refusal(request, "debug_token"):
            return refusal
        return JSONResponse({"data": self.account.token_facts()})

    async def node(self, request: Request) -> Response:
        node = request.path_params["node"]
        if refusal := self._refusal(request, node):
            return refusal
        if node == "me":
            return JSONResponse({"id": "1"})
        if node == self.account.waba_id and request.method == "GET":
            return JSONResponse({"id": node, "name": "Luna"})
        if node not in self.account.numbers:
            return error(400, 100, "Unsupported get request. Object does not exist or cannot be loaded")
        if request.method == "POST":
            return self._configure(node, await request.json())
        number = dict(self.account.numbers[node])
        if node in self.account.callbacks:
            number["webhook_configuration"] = {"phone_number": self.account.callbacks[node]["override_callback_uri"]}
        wanted = request.query_params.get("fields", "id").split(",")
        return JSONResponse({key: value for key, value in number.items() if key in {*wanted, "id"}})

    async def edge(self, request: Request) -> Response:
        node, edge = request.path_params["node"], request.path_params["edge"]
        if refusal := self._refusal(request, f"{node}/{edge}"):
            return refusal
        if node not in {self.account.waba_id, *self.account.further_ids}:
            return error(400, 100, "Unsupported request. Object does not exist")
        match request.method, edge:
            case "GET", "phone_numbers":
                return JSONResponse({"data": [{"id": number} for number in self.account.numbers]})
            case "GET", "subscribed_apps":
                apps = [{"whatsapp_business_api_data": {"id": self.account.app_id}}] if self.account.subscribed else []
                return JSONResponse({"data": apps})
            case "POST", "subscribed_apps":
                self.account.subscribed = True
                return JSONResponse({"success": True})
            case "GET", "message_templates":
                return self._templates(request)
            case _:
                return error(400, 2500, "Unknown path components")

    def _configure(self, node: str, body: Any) -> Response:
        override = body.get("webhook_configuration") if isinstance(body, dict) and len(body) == 1 else None
        if not isinstance(override, dict) or set(override) != {"override_callback_uri", "verify_token"}:
            return error(400, 100, "Invalid parameter: webhook_configuration")
        address = override["override_callback_uri"]
        if not address.startswith("https://") or len(address) > CALLBACK_CHARS:
            return error(400, 2200, "Callback verification failed")
        self.account.callbacks[node] = override
        return JSONResponse({"success": True})

    def _templates(self, request: Request) -> Response:
        start, limit = int(request.query_params.get("after", "0")), int(request.query_params.get("limit", PAGE))
        page = self.account.templates[start : start + limit]
        answer: dict[str, Any] = {"data": page, "paging": {"cursors": {"after": str(start + len(page))}}}
        if start + len(page) < len(self.account.templates):
            answer["paging"]["next"] = str(request.url)
        return JSONResponse(answer)

    def _refusal(self, request: Request, path: str) -> Response | None:
        self.account.calls.append((request.method, path))
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._tokens:
            return error(401, 190, "Error validating access token: Session has expired")
        if path in self.account.failures:
            return error(*self.account.failures[path])
        shown = request.query_params.get("appsecret_proof")
        right = hmac.new(self.account.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if shown is not None and shown != right:
            return error(400, 100, "Invalid appsecret_proof provided in the API argument")
        return None


def error(status: int, code: int, message: str) -> Response:
    body = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "AfakeTraceId"}
    return JSONResponse({"error": body}, status_code=status)
