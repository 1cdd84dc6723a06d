"""The fake's HTTP surface: ``POST /bot<token>/<method>`` with a JSON body, answered as the Bot API answers."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.telegram.memory import Memory
from tests.fakes.telegram.validation import problems_of


class TelegramApp:
    """One bot's API and memory."""

    def __init__(self, token: str) -> None:
        self.memory = Memory()
        self.webhook: tuple[str, str] | None = None
        self.stopping = asyncio.Event()
        self._token = token
        self.asgi = Starlette(
            routes=[
                Route("/bot{token}/{method}", _BareEndpoint(self), methods=["POST"]),
                Route("/file/bot{token}/{path:path}", self.file, methods=["GET"]),
            ]
        )

    async def answer(self, request: Request) -> Response | None:
        """The response, or ``None`` for a connection to be cut."""
        method = request.path_params["method"]
        if request.path_params["token"] != self._token:
            valid = re.fullmatch(r"\d+:[\w-]+", request.path_params["token"])
            return self._refuse(401, "Unauthorized") if valid else self._refuse(404, "Not Found")
        try:
            parameters = json.loads(await request.body())
        except ValueError:
            return self._refuse(400, "Bad Request: can't parse the body")
        fault = self.memory.fault_for(method)
        if fault is not None and fault.kind == "refuse":
            return self._refuse(fault.code, fault.description, fault.retry_after)
        answer = self.call(method, parameters)
        if fault is not None and fault.kind == "hang":
            await self.stopping.wait()
        return None if fault is not None and fault.kind == "cut" else answer

    def call(self, method: str, parameters: Any) -> Response:
        """What a valid call does; also reached by the answer of a webhook."""
        if problems := problems_of(method, parameters):
            return self._refuse(404 if problems == ["Not Found"] else 400, "; ".join(problems))
        if "chat_id" in parameters and (refusal := self._refusal_of_chat(parameters["chat_id"])):
            return refusal
        self.memory.calls.append((method, parameters))
        match method:
            case "getMe":
                return _ok({"id": int(self._token.partition(":")[0]), "is_bot": True, "first_name": "Bot"})
            case "setWebhook":
                self.webhook = (parameters["url"], parameters.get("secret_token", ""))
                return _ok(True)
            case "getFile":
                return self._find_file(parameters["file_id"])
            case "answerCallbackQuery":
                return self._answer_tap(parameters["callback_query_id"])
            case "editMessageReplyMarkup":
                return self._edit(parameters)
            case "setMessageReaction":
                found = self.memory.find(int(parameters["chat_id"]), parameters["message_id"])
                return _ok(True) if found else self._refuse(400, "Bad Request: message to react not found")
            case "sendChatAction":
                return _ok(True)
            case _:
                chat_id = int(parameters["chat_id"])
                message = self.memory.add(chat_id, method, {k: v for k, v in parameters.items() if k != "chat_id"})
                return _ok({"message_id": message.number, "chat": {"id": chat_id, "type": "private"}, "date": 1})

    async def file(self, request: Request) -> Response:
        """``GET /file/bot<token>/<path>``."""
        content = self.memory.files.get(request.path_params["path"].removeprefix("files/"))
        if request.path_params["token"] != self._token or content is None:
            return self._refuse(404, "Not Found")
        return Response(content, media_type="application/octet-stream")

    def _find_file(self, file_id: str) -> Response:
        content = self.memory.files.get(file_id)
        if content is None:
            return self._refuse(400, "Bad Request: invalid file_id")
        return _ok({"file_id": file_id, "file_size": len(content), "file_path": f"files/{file_id}"})

    def _refusal_of_chat(self, chat_id: Any) -> Response | None:
        known = re.fullmatch(r"-?\d+", str(chat_id)) and int(chat_id) in self.memory.chats
        if not known:
            return self._refuse(400, "Bad Request: chat not found")
        if int(chat_id) in self.memory.blocked:
            return self._refuse(403, "Forbidden: bot was blocked by the user")
        return None

    def _answer_tap(self, query_id: str) -> Response:
        if query_id not in self.memory.open_taps:
            return self._refuse(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.memory.open_taps.remove(query_id)
        self.memory.answered_taps.append(query_id)
        return _ok(True)

    def _edit(self, parameters: dict[str, Any]) -> Response:
        message = self.memory.find(int(parameters["chat_id"]), parameters["message_id"])
        if message is None or message.method is None:
            return self._refuse(400, "Bad Request: message to edit not found")
        if message.parameters.get("reply_markup") == parameters.get("reply_markup"):
            return self._refuse(400, "Bad Request: message is not modified")
        message.parameters["reply_markup"] = parameters.get("reply_markup", {})
        return _ok({"message_id": message.number})

    def _refuse(self, code: int, description: str, retry_after: int | None = None) -> Response:
        self.memory.refused.append(f"{code} {description}")
        answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if retry_after is not None:
            answer["parameters"] = {"retry_after": retry_after}
        return JSONResponse(answer, status_code=code)


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


class _BareEndpoint:
    """Needs the connection itself, to cut it."""

    def __init__(self, app: TelegramApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._app.answer(Request(scope, receive))
        if response is not None:
            await response(scope, receive, send)
            return
        # ASGI has no word for dropping a connection; uvicorn's receive is a method of the object that owns it.
        connection: Any = getattr(receive, "__self__", None)
        connection.transport.abort()
        await asyncio.sleep(0)
