"""One image on its way from a registry to the engine, in a thread of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any, Final

import docker
from docker.auth import get_config_header, resolve_repository_name
from docker.errors import DockerException
from docker.utils import parse_repository_tag

from platform_admin.fleet.drivers.docker.engine import cause_of

ASKED_WITHIN_S: Final = 10.0
SILENT_S: Final = 600.0
"""Engines tell how far a download is, but some nothing while they unpack (Podman, Docker over containerd's store): a
layer of 2 GB takes a disk of 10 MB/s more than three minutes. One that ends closes the connection, which is seen at
once, so this is for a host that is cut off. Only who wants the image waits, a rollout no longer than FETCHED_WITHIN."""

_COMING: Final = frozenset({"Pulling fs layer", "Waiting", "Downloading"})
_HERE: Final = frozenset({"Download complete", "Already exists", "Pull complete"})
"""What Docker and Podman say of a part: a layer, with Podman the description too."""


class Pull:
    """Begins at once. ``failure`` says why it came to nothing, once it is over."""

    def __init__(self, client: docker.DockerClient, image: str, *, silent_s: float = SILENT_S) -> None:
        self._api = client.api
        self._image = image
        self._silent_s = silent_s
        self._is_here: dict[str, bool] = {}
        self.progress = ""
        self.failure = ""
        # A daemon: whoever ends does not wait for a registry. The engine lets go of what nobody listens to.
        self._thread = threading.Thread(target=self._fetch, name=f"pull {image}", daemon=True)
        self._thread.start()

    @property
    def is_under_way(self) -> bool:
        return self._thread.is_alive()

    def wait(self) -> None:
        """Until it is over, one way or the other."""
        self._thread.join()

    def _fetch(self) -> None:
        try:
            for said in self._said():
                self.failure = str(said.get("error") or "") or self.failure
                self._note(str(said.get("id") or ""), str(said.get("status") or ""))
        except (DockerException, OSError, ValueError) as error:  # the client's HTTP library raises kinds of OSError
            self.failure = cause_of(error)

    def _said(self) -> Iterator[dict[str, Any]]:
        """What the engine tells while it fetches. The client's own ``pull`` would wait for it without an end."""
        repository, tag = parse_repository_tag(self._image)
        registry, _ = resolve_repository_name(repository)
        known = get_config_header(self._api, registry)
        with self._api.post(
            f"{self._api.base_url}/v{self._api.api_version}/images/create",
            params={"fromImage": repository, "tag": tag or "latest"},
            headers={"X-Registry-Auth": known} if known else {},
            stream=True,
            timeout=(ASKED_WITHIN_S, self._silent_s),
        ) as answer:
            if not answer.ok:
                yield {"error": _words(answer.status_code, answer.text)}
                return
            yield from (json.loads(line) for line in answer.iter_lines() if line.strip())

    def _note(self, part: str, status: str) -> None:
        if part and status in _COMING | _HERE:
            self._is_here[part] = status in _HERE
            self.progress = f"{sum(self._is_here.values())} of {len(self._is_here)} parts"


def _words(status: int, body: str) -> str:
    """The engine's own words for a refusal, else its status."""
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    return str(told.get("message") or f"the engine answers {status}")
