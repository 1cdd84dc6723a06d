"""Whether addresses can be reached from inside a container, asked by the container's own Python."""

from __future__ import annotations

import json

from tests.containers.stack import podman

_PROBE = """
import http.client, json, sys
found = {}
for url in sys.argv[1:]:
    host, _, path = url.partition("/")
    try:
        connection = http.client.HTTPConnection(host, timeout=3)
        connection.request("GET", "/" + path)
        found[url] = connection.getresponse().status
    except OSError as error:
        found[url] = None
print(json.dumps(found))
"""


def statuses(container: str, *urls: str) -> dict[str, int | None]:
    """``urls`` as host:port/path → what was answered over HTTP, None when nobody could be reached."""
    found: dict[str, int | None] = json.loads(podman("exec", container, "python", "-c", _PROBE, *urls))
    return found


def answers(container: str, *urls: str) -> dict[str, bool]:
    return {url: status is not None for url, status in statuses(container, *urls).items()}
