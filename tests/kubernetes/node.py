"""Stands in for a node that does run what is put on it: a pod's container is a process here, its volume a folder.

Pods are bound to it as by a scheduler, so that a deletion waits for their end; statuses are those of a kubelet.
"""

from __future__ import annotations

import base64
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final, Self

import httpx2

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.errors import EngineUnreachableError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.failures import StatusError
from platform_admin.fleet.drivers.kubernetes.kinds import PODS, SECRETS, Kind
from tests.kubernetes.cluster import free_port
from tests.kubernetes.kubelet import ended_for_good, put_status, running

ROOT: Final = Path(__file__).parents[2]
NODES: Final = Kind("Node", "/api/v1", "nodes", namespaced=False)
NAME: Final = "here"
_POLL_S: Final = 0.2
_MESSAGE_BYTES: Final = 2048
"""https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/"""


class _Container:
    """One pod's only container, as a process."""

    def __init__(self, pod: Any, environment: dict[str, str], log: Path) -> None:
        self.pod = pod
        self.port = environment["PORT"]
        self._log = log
        (container,) = pod["spec"]["containers"]
        program, *arguments = container.get("command") or ["python", "-m", "runtime"]
        assert program == "python"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )

    def status(self) -> JSONObject:
        code = self.process.poll()
        if code is None:
            return running(self.pod, ready=self._is_ready())
        asked = self.pod["spec"]["containers"][0].get("terminationMessagePolicy") == "FallbackToLogsOnError"
        return ended_for_good(self.pod, code, self.output()[-_MESSAGE_BYTES:] if code and asked else "")

    def output(self) -> str:
        return self._log.read_text(errors="replace")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx2.TransportError):
            answer = httpx2.get(f"http://127.0.0.1:{self.port}/ready", trust_env=False, timeout=5)
            return answer.status_code == httpx2.codes.OK
        return False


class Node:
    """A thread for the pods of ``namespace``; volumes and logs lie in ``folder``."""

    def __init__(self, api: KubernetesAPI, namespace: str, folder: Path) -> None:
        self._api = api
        self._namespace = namespace
        self._folder = folder
        self._containers: dict[str, _Container] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="node")

    def __enter__(self) -> Self:
        made: JSONObject = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": NAME}}
        self._api.apply(NODES, made, force=False)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        for container in self._containers.values():
            container.end()
        self._api.delete(NODES, self._api.get(NODES, namespace="", name=NAME) or {})

    def volume(self, tenant: str) -> Path:
        return self._folder / "volumes" / f"frontdesk-{tenant}-state"

    def address(self, tenant: str) -> str:
        """Of the runtime that runs now."""
        (found,) = [one for one in self._containers.values() if one.pod["metadata"]["name"] == f"frontdesk-{tenant}-0"]
        return f"http://127.0.0.1:{found.port}"

    def outputs(self) -> str:
        return "\n".join(log.read_text(errors="replace") for log in sorted(self._folder.glob("*.log")))

    def _run(self) -> None:
        while not self._ending.wait(_POLL_S):
            with contextlib.suppress(EngineUnreachableError):
                pods: list[Any] = self._api.objects(PODS, namespace=self._namespace)
                for pod in pods:
                    self._attend(pod)

    def _attend(self, pod: Any) -> None:
        uid = pod["metadata"]["uid"]
        if not pod["spec"].get("nodeName"):
            self._bind(pod)
        elif pod["metadata"].get("deletionTimestamp"):
            container = self._containers.pop(uid, None)
            if container is not None:
                container.end()
            self._forget(pod)
        else:
            if uid not in self._containers:
                self._containers[uid] = _Container(pod, self._environment(pod), self._folder / f"{uid}.log")
            put_status(self._api, pod, self._containers[uid].status())

    def _bind(self, pod: Any) -> None:
        meta = pod["metadata"]
        binding: JSONObject = {
            "apiVersion": "v1",
            "kind": "Binding",
            "metadata": {"name": meta["name"]},
            "target": {"apiVersion": "v1", "kind": "Node", "name": NAME},
        }
        with contextlib.suppress(StatusError):  # it is gone meanwhile
            self._api._ask("POST", PODS.path(namespace=self._namespace, name=f"{meta['name']}/binding"), body=binding)

    def _forget(self, pod: Any) -> None:
        meta = pod["metadata"]
        options: JSONObject = {"gracePeriodSeconds": 0, "preconditions": {"uid": meta["uid"]}}
        with contextlib.suppress(StatusError):
            self._api._ask("DELETE", PODS.path(namespace=self._namespace, name=meta["name"]), body=options)

    def _environment(self, pod: Any) -> dict[str, str]:
        (container,) = pod["spec"]["containers"]
        folders = {volume["name"]: self._mounted(volume) for volume in pod["spec"]["volumes"]}
        places = {mount["mountPath"]: str(folders[mount["name"]]) for mount in container["volumeMounts"]}
        values = {entry["name"]: entry["value"] for entry in container["env"]}
        for name, value in values.items():
            for path, place in places.items():
                if value == path or value.startswith(f"{path}/"):
                    values[name] = value.replace(path, place, 1)
        return {"PATH": os.environ["PATH"], **values, "HOST": "127.0.0.1", "PORT": str(free_port())}

    def _mounted(self, volume: Any) -> Path:
        """The folder behind a volume: a claim's stays, a secret's is written anew."""
        if "persistentVolumeClaim" in volume:
            folder = self._folder / "volumes" / str(volume["persistentVolumeClaim"]["claimName"])
        else:
            folder = self._folder / str(volume["name"])
        folder.mkdir(parents=True, exist_ok=True)
        if "secret" in volume:
            secret: Any = self._api.get(SECRETS, namespace=self._namespace, name=volume["secret"]["secretName"])
            for name, content in secret["data"].items():
                (folder / name).write_bytes(base64.b64decode(content))
        return folder
