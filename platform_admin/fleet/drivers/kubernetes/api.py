"""The few verbs of the Kubernetes API that the driver needs, over the ``kubernetes`` client's connection.

Objects go in and come out as plain JSON: the client's models would be a second form of what the manifests say, and
know one version of the API. Configuration, TLS and tokens are the client's.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from urllib3.exceptions import HTTPError

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.errors import EngineUnreachableError
from platform_admin.fleet.drivers.kubernetes.failures import ENGINE, StatusError
from platform_admin.fleet.drivers.kubernetes.kinds import Kind
from platform_admin.fleet.drivers.kubernetes.settings import FIELD_MANAGER

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

_APPLY: Final = "application/apply-patch+yaml"
_MERGE: Final = "application/merge-patch+json"
_JSON: Final = "application/json"
_METADATA: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches"""
_TIMEOUT_S: Final = (5.0, 30.0)
"""To connect; between two bytes of an answer."""

PAGE: Final = 500
"""Objects in one answer to a list; what kubectl asks for, too."""


def connect(kubeconfig: Path | None = None) -> ApiClient:
    """By a kubeconfig file, or as a pod of the cluster with its service account.

    Raises:
        EngineUnreachableError: there is no usable configuration.
    """
    # 70 MB and a second: only an orchestrator that runs on Kubernetes pays for it.
    from kubernetes import config  # noqa: PLC0415 - see above
    from kubernetes.client import ApiClient, Configuration  # noqa: PLC0415 - see above

    configuration = Configuration()
    configuration.retries = False  # the next pass tries again; the client's own retries hide an outage for minutes
    try:
        if kubeconfig is None:
            config.load_incluster_config(configuration)  # type: ignore[no-untyped-call] # the client has no types here
        else:
            config.load_kube_config(str(kubeconfig), client_configuration=configuration, persist_config=False)  # type: ignore[no-untyped-call] # as above
    except Exception as error:  # the client raises whatever a file that is none leads it to
        nowhere = f"{error}; FLEET_KUBERNETES_CONFIG names no kubeconfig either"
        told = nowhere if kubeconfig is None else f"{kubeconfig} is no kubeconfig: {error}"
        raise EngineUnreachableError(ENGINE, told) from error
    return ApiClient(configuration)


class KubernetesAPI:
    """Every verb raises ``EngineUnreachableError`` when nobody answers, and ``StatusError`` for a refusal."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def close(self) -> None:
        self._client.close()  # type: ignore[no-untyped-call] # as above

    def get(self, kind: Kind, *, namespace: str, name: str) -> JSONObject | None:
        path = kind.path(namespace=namespace, name=name)
        try:
            found = self._ask("GET", path)
        except StatusError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        if found.get("kind") != kind.name:  # as with a list
            raise EngineUnreachableError(ENGINE, f"{path} answered with no {kind.name}")
        return found

    def objects(self, kind: Kind, *, namespace: str, selector: str = "", fields: str = "") -> list[JSONObject]:
        """All of them, page by page. A list that changed too much between two pages is begun anew."""
        return self._list(kind, namespace=namespace, query={"labelSelector": selector, "fieldSelector": fields})[0]

    def list_metadata(self, kind: Kind, *, namespace: str, selector: str) -> list[JSONObject]:
        """The same without what is in them: a look at all secrets need not carry any."""
        return self._list(kind, namespace=namespace, query={"labelSelector": selector}, accept=_METADATA)[0]

    def version_of_list(self, kind: Kind, *, namespace: str, selector: str) -> str:
        """The moment from which a watch can go on."""
        return self._list(kind, namespace=namespace, query={"labelSelector": selector})[1]

    def apply(self, kind: Kind, manifest: JSONObject, *, force: bool) -> JSONObject:
        """Server-side apply. 409 without ``force`` when a field that differs is another manager's."""
        meta: Any = manifest["metadata"]
        query = {"fieldManager": FIELD_MANAGER, "force": "true" if force else ""}
        path = kind.path(namespace=meta.get("namespace", ""), name=meta["name"])
        # The version is the server's where kinds have several.
        body = {**manifest, "apiVersion": kind.prefix.removeprefix("/apis/").removeprefix("/api/")}
        return self._ask("PATCH", path, query=query, body=body, content_type=_APPLY)

    def create(self, kind: Kind, manifest: JSONObject) -> JSONObject:
        """409 where one of this name is there: of two who ask at once, one is refused."""
        meta: Any = manifest["metadata"]
        path = kind.path(namespace=meta.get("namespace", ""))
        return self._ask("POST", path, query={"fieldManager": FIELD_MANAGER}, body=manifest)

    def merge(self, kind: Kind, *, namespace: str, name: str, change: JSONObject) -> JSONObject | None:
        """``None``: there is no such object."""
        path = kind.path(namespace=namespace, name=name)
        try:
            return self._ask("PATCH", path, query={"fieldManager": FIELD_MANAGER}, body=change, content_type=_MERGE)
        except StatusError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def delete(self, kind: Kind, found: JSONObject, *, pods_first: bool = False) -> None:
        """This very object; one of the same name that was made since is left alone, and one that is gone is fine.

        ``pods_first``: it is there until everything that it made is gone.
        """
        meta: Any = found["metadata"]
        path = kind.path(namespace=meta.get("namespace", ""), name=meta["name"])
        policy = "Foreground" if pods_first else "Background"
        options: JSONObject = {"preconditions": {"uid": meta["uid"]}, "propagationPolicy": policy}
        try:
            self._ask("DELETE", path, body=options)
        except StatusError as error:
            if error.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}:
                raise

    def serves(self, kind: Kind) -> bool:
        """Whether the server has this version of the kind."""
        try:
            found: Any = self._ask("GET", kind.prefix)
        except StatusError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return False
            raise
        if found.get("kind") != "APIResourceList":
            raise EngineUnreachableError(ENGINE, f"{kind.prefix} answered with no list of kinds")
        return any(resource["name"] == kind.plural for resource in found["resources"])

    def log(self, *, namespace: str, pod: str, container: str, lines: int) -> Sequence[str]:
        query = {"container": container, "tailLines": str(lines)}
        answer = self._open("GET", f"/api/v1/namespaces/{namespace}/pods/{pod}/log", query=query)
        return tuple(answer.decode("utf-8", "replace").splitlines())

    def watch(self, kind: Kind, *, namespace: str, selector: str, since: str, seconds: int) -> Iterator[JSONObject]:
        """Events after the version ``since``, until the server ends the stream after ``seconds``.

        Raises:
            StatusError: 410 when the server does not remember ``since`` any more: list anew.
        """
        query = {
            "watch": "1", "labelSelector": selector, "resourceVersion": since, "timeoutSeconds": str(seconds),
            "allowWatchBookmarks": "true",
        }  # fmt: skip
        response = self._send("GET", kind.path(namespace=namespace), query=query)
        rest = b""
        with _unreachable():
            for piece in response.stream():
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    event: Any = json.loads(line)
                    if event["type"] == "ERROR":
                        raise StatusError(event["object"].get("code", 0), json.dumps(event["object"]).encode())
                    yield event

    def _list(
        self, kind: Kind, *, namespace: str, query: Mapping[str, str], accept: str = _JSON
    ) -> tuple[list[JSONObject], str]:
        expected = f"{kind.name}List" if accept == _JSON else "PartialObjectMetadataList"
        found: list[JSONObject] = []
        more = ""
        while True:
            try:
                page: Any = self._ask(
                    "GET",
                    kind.path(namespace=namespace),
                    query={**query, "limit": str(PAGE), "continue": more},
                    accept=accept,
                )
            except StatusError as error:
                if error.status == HTTPStatus.GONE and more:
                    found, more = [], ""
                    continue
                raise
            if page.get("kind") != expected:
                # Nothing may ever be concluded from what is no list (a proxy's page, another server).
                raise EngineUnreachableError(ENGINE, f"{kind.path(namespace=namespace)} answered with no list")
            found += page["items"] or []  # an empty list may come as null, as Go writes one
            more = page["metadata"].get("continue", "")
            if not more:
                return found, page["metadata"]["resourceVersion"]

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JSONObject | None = None,
        content_type: str = _JSON,
        accept: str = _JSON,
    ) -> JSONObject:
        answer = self._open(method, path, query=query, body=body, content_type=content_type, accept=accept)
        try:
            found: JSONObject = json.loads(answer)
        except ValueError as error:
            raise EngineUnreachableError(ENGINE, f"{path} answered with something that is not JSON") from error
        return found

    def _open(self, method: str, path: str, **request: Any) -> bytes:
        response = self._send(method, path, **request)
        with _unreachable():
            content: bytes = response.data
        return content

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JSONObject | None = None,
        content_type: str = _JSON,
        accept: str = _JSON,
    ) -> Any:  # noqa: ANN401 - urllib3's response, as the client hands it out
        asked = [(name, value) for name, value in (query or {}).items() if value]
        headers = {"Accept": accept, "Content-Type": content_type}
        request = self._client.param_serialize(
            method, path, query_params=asked, header_params=headers, body=body, auth_settings=["BearerToken"]
        )
        with _unreachable():
            response = self._client.call_api(*request, _request_timeout=_TIMEOUT_S).response
            if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                raise StatusError(response.status, response.data)
        return response


@contextlib.contextmanager
def _unreachable() -> Iterator[None]:
    """No connection, no TLS, no whole answer: in each case nothing is known."""
    from kubernetes.client import ApiException  # noqa: PLC0415 - loaded by `connect` already

    try:
        yield
    except (HTTPError, OSError, ApiException) as error:
        raise EngineUnreachableError(ENGINE, str(error)) from error
