"""Whether addresses can be reached from inside a container, asked by the container's own Python."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.containers.stack import podman, until

type Answer = int | str | None
"""An HTTP status; None when nobody could be reached; the error's name when somebody was and did not answer."""

# A connection on one machine is made within milliseconds, or a rule in between drops it. What answers may be busy.
_PROBE = """
import http.client, json, sys
CONNECT_S, ANSWER_S = 3, 30
found = {}
for url in sys.argv[1:]:
    host, _, path = url.partition("/")
    connection = http.client.HTTPConnection(host, timeout=CONNECT_S)
    try:
        connection.connect()
    except OSError as error:
        print(f"{url}: {error!r}", file=sys.stderr)
        found[url] = None
        continue
    try:
        connection.sock.settimeout(ANSWER_S)
        connection.request("GET", "/" + path)
        found[url] = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        found[url] = type(error).__name__
print(json.dumps(found))
"""


def answers(container: str, *urls: str) -> dict[str, Answer]:
    """``urls`` as host:port/path → what came of asking."""
    found: dict[str, Answer] = json.loads(podman("exec", container, "python", "-c", _PROBE, *urls))
    return found


def reaches_only(container: str, expected: Mapping[str, Answer]) -> None:
    """Everybody in ``expected`` answers so, and nobody is where None is; the same probe finds both.

    The engine's name server and the ingress are told of a change after it was made, and may miss a question meanwhile:
    those who should answer are asked until they do, and then everybody once.
    """
    answering = {url: answer for url, answer in expected.items() if answer is not None}
    until(lambda: answers(container, *answering) == answering, f"{container} reaches {answering}")
    assert answers(container, *expected) == expected
