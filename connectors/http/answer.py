"""From an HTTP answer to a result, or to the error it stands for. Pure but for reading the response's body."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.errors import ERROR_OF
from connectors.http.declaration import Declaration
from connectors.http.placeholders import fill, look_up
from connectors.plain_json import JSON

if TYPE_CHECKING:
    from httpx2 import Response


def result_of(response: Response, declaration: Declaration, server: str) -> JSON:
    """The result of the flow. Raises ``ConnectorError``; no message holds anything of the body."""
    from connectors.kernel.http_errors import raise_for_status, read_json, retry_after_s  # noqa: PLC0415 - loads HTTP

    status, success = response.status_code, declaration.success
    if status in declaration.empty_on:
        return None
    declared = declaration.errors.get(status)
    if declared is not None:
        raise ERROR_OF[declared](f"{server}: answered {status}", retry_after_s=retry_after_s(response))
    if status not in success.statuses:
        raise_for_status(response, server)
        if success.statuses:
            raise ERROR_OF[success.otherwise](f"{server}: answered {status}, which is no success here")
    body = None if status == HTTPStatus.NO_CONTENT or not response.content else read_json(response, server)
    if success.where and look_up(body, success.where) != success.equals:
        raise ERROR_OF[success.otherwise](f"{server}: answered {status}, and '{success.where}' is not as it should be")
    return mapped(body, declaration)


def mapped(body: JSON, declaration: Declaration) -> JSON:
    """What of the answer becomes the result."""
    if declaration.fields is not None:
        return {name: look_up(body, place) for name, place in declaration.fields.items()}
    rows = declaration.rows
    if rows is None:
        return body
    found = look_up(body, rows.source)
    items = found if isinstance(found, list) else []
    return [
        {name: fill(text, item if isinstance(item, dict) else {"value": item}) for name, text in rows.each.items()}
        for item in items[: rows.limit]
    ]
