"""A file as an answer, piece by piece on either kind of server."""

from __future__ import annotations

import os
from typing import BinaryIO, Final, Self

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, StreamingHttpResponse
from rest_framework.request import Request

_PIECE_BYTES: Final = 256 * 1024


def sent_file(file: BinaryIO, media_type: str, *, to: Request) -> StreamingHttpResponse:
    """``file`` is closed when the answer is sent or given up."""
    if not isinstance(to._request, ASGIRequest):  # noqa: SLF001 - DRF has no other word for it
        return FileResponse(file, content_type=media_type)
    # Under ASGI Django would read a plain iterator whole, into memory, before the first byte leaves.
    answer = StreamingHttpResponse(_Pieces(file), content_type=media_type)
    answer["Content-Length"] = str(os.fstat(file.fileno()).st_size)
    return answer


class _Pieces:
    """What Django sends as it comes, and closes at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        piece = await sync_to_async(self._file.read, thread_sensitive=False)(_PIECE_BYTES)
        if not piece:
            raise StopAsyncIteration
        return piece

    def close(self) -> None:
        self._file.close()
