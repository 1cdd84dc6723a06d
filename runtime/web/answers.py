"""The two shapes of what the runtime says over HTTP, success and refusal, so that no route invents its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse

from flow_engine.vocabulary import JSON

NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}


def answer(body: JSON, status: int = 200) -> JSONResponse:
    """JSON that no cache keeps."""
    return JSONResponse(body, status_code=status, headers=dict(NO_STORE))


def refusal(
    status: int,
    error: str,
    message: str,
    *,
    problems: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """``{"error": <stable word>, "message": <sentence>, "problems"?: [{"field", "message"}]}``.

    Nothing that the sender wrote is repeated: neither paths nor values.
    """
    body: dict[str, JSON] = {"error": error, "message": message}
    if problems:
        body["problems"] = [dict(problem) for problem in problems]
    return JSONResponse(body, status_code=status, headers={**NO_STORE, **(headers or {})})
