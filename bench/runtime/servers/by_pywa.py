"""pywa with its own Starlette application, answering statelessly: PORT FOLDER GRAPH_URL.

It says 200 before it works on a message and keeps nothing, so it promises less than the contestant it is compared with.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import httpx  # noqa: TID251 - what pywa speaks with
import uvicorn
from pywa_async.client import WhatsApp

from bench.runtime.client import APP_SECRET, PHONE_NUMBER_ID


def main(port: int, graph_url: str) -> None:
    session = httpx.AsyncClient(trust_env=False)
    client = WhatsApp(
        phone_id=PHONE_NUMBER_ID,
        token="bench-access-token",  # noqa: S106 - accepted by the Graph API of this bench alone
        session=session,
        app_secret=APP_SECRET,
        verify_token="bench-verify-token",  # noqa: S106 - the same
        webhook_endpoint="/webhook",
    )
    session.base_url = httpx.URL(f"{graph_url}/v25.0")

    @client.on_message()  # type: ignore[misc]  # a class attribute of pywa that takes no self
    async def answer(_: WhatsApp, message: Any) -> None:  # noqa: ANN401 - pywa's own
        await message.reply(f"Hola {message.from_user.name}")

    app = client._setup_and_get_starlette_app()  # noqa: SLF001 - what its `run` serves, here without a banner
    logging.disable(logging.ERROR)
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_config=None, ws="none"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[3])
