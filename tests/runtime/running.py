"""A whole runtime inside a test: real store, real routes, no server; and a toy tenant to run."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from runtime.app import Runtime, open_runtime
from runtime.bundles.pacing import PollPacing
from runtime.settings import DevelopmentFile, Settings

TOY_FLOW = """\
id: toy
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Welcome to {{ business.name }}"
        buttons:
          - {id: pick, title: Pick}
          - {id: bye, title: Bye}
    transitions:
      - {on_payload: pick, target: PICK}
      - {on_payload: bye, target: BYE}
    fallback: MENU
  PICK:
    on_enter:
      - action: send_interactive_list
        body: "Which one?"
        button: Show
        sections:
          - title: Fruit
            rows:
              - {id: apple, title: Apple, description: red}
              - {id: pear, title: Pear}
    transitions:
      - {on_payload: apple, target: BYE}
    fallback: MENU
  BYE:
    on_enter:
      - {action: send_text, text: "Goodbye"}
    fallback: MENU
"""

TOY_TENANT = """\
tenant_id: toy
flow_path: toy_flow.yaml
channel: {type: http_dev}
business: {name: "Toy & <Sons>"}
"""


@dataclass(slots=True)
class Running:
    """``http`` speaks to the runtime as a client on this machine would."""

    runtime: Runtime
    http: httpx2.AsyncClient


def development_settings(folder: Path, *, tenant: str = TOY_TENANT, allow_remote: bool = False) -> Settings:
    (folder / "toy_flow.yaml").write_text(TOY_FLOW, encoding="utf-8")
    file = folder / "tenant.yaml"
    file.write_text(tenant, encoding="utf-8")
    return Settings(
        source=DevelopmentFile(file), state_dir=folder / "state", port=0, http_dev_allow_remote=allow_remote
    )


@contextlib.asynccontextmanager
async def running(
    settings: Settings, *, client: str = "127.0.0.1", pacing: PollPacing | None = None
) -> AsyncIterator[Running]:
    async with open_runtime(settings, build="test", pacing=pacing) as runtime:
        transport = httpx2.ASGITransport(runtime.asgi, raise_app_exceptions=False, client=(client, 40000))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8002") as http:
            yield Running(runtime, http)
