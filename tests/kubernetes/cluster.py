"""etcd, kube-apiserver and kube-controller-manager on loopback: a cluster without a scheduler and without nodes.

What needs a node is played by ``kubelet.py``. The API server can be killed and started again on its port.
"""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import time
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PATIENCE_S = 120.0
_POLL_S = 0.1
_ADMIN_GROUP = "system:masters"  # Kubernetes' own name for those whom no rule restrains


class Cluster:
    """``kubeconfig`` is an administrator's."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._token = secrets.token_hex(16)
        self._etcd_port, self._etcd_peer_port, self.port = free_port(), free_port(), free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.kubeconfig = folder / "admin.kubeconfig"

    def start(self) -> None:
        self._write_keys()
        self._start(
            "etcd",
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={self.etcd_url}",
            f"--advertise-client-urls={self.etcd_url}",
            f"--listen-peer-urls=http://127.0.0.1:{self._etcd_peer_port}",
            "--unsafe-no-fsync",  # nothing here outlives the run
        )
        self._until_answers(f"{self.etcd_url}/health", "etcd")
        self.start_api_server()
        self.kubeconfig.write_text(self.kubeconfig_for(self._token))
        port = free_port()
        self._start(
            "kube-controller-manager",
            f"--kubeconfig={self.kubeconfig}",
            f"--service-account-private-key-file={self._folder / 'service-accounts.pem'}",
            f"--root-ca-file={self._certificate}",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            f"--secure-port={port}",
            "--port=0",  # its old port without TLS: one number for all clusters of a machine, on every address of it
            f"--cert-dir={self._folder / 'controller-manager'}",
            "--controllers=*,bootstrapsigner,-nodeipam,-nodelifecycle,-cloud-node-lifecycle,-route,-service,-ttl",
        )
        self._until_answers(f"https://127.0.0.1:{port}/healthz", "kube-controller-manager")

    def start_api_server(self) -> None:
        self._start(
            "kube-apiserver",
            f"--etcd-servers={self.etcd_url}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self.port}",
            f"--cert-dir={self._folder / 'api-server'}",
            f"--token-auth-file={self._folder / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            f"--service-account-key-file={self._folder / 'service-accounts.pem'}",
            f"--service-account-signing-key-file={self._folder / 'service-accounts.pem'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-cluster-ip-range=10.0.0.0/16",
            "--endpoint-reconciler-type=none",  # it takes no loopback address for one that pods could reach
            "--watch-cache=false",  # so that what etcd has forgotten is forgotten here, too
        )
        self._until_answers(f"https://127.0.0.1:{self.port}/readyz", "kube-apiserver")

    def kill_api_server(self) -> None:
        process = self._running.pop("kube-apiserver")
        process.kill()
        process.wait()

    def stop(self) -> None:
        for name in reversed(list(self._running)):
            process = self._running.pop(name)
            process.kill()  # nothing here outlives the run
            process.wait()

    def forget_history(self) -> None:
        """Have etcd drop every version of an object but the present one, as it does by itself every five minutes."""
        with httpx2.Client(base_url=self.etcd_url) as http:
            revision = http.post("/v3/kv/range", json={"key": "AA=="}).raise_for_status().json()["header"]["revision"]
            http.post("/v3/kv/compaction", json={"revision": revision, "physical": True}).raise_for_status()

    def kubeconfig_for(self, token: str) -> str:
        """JSON, which is YAML."""
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [
                    {
                        "name": "test",
                        "cluster": {
                            "server": f"https://127.0.0.1:{self.port}",
                            "certificate-authority": str(self._certificate),
                        },
                    }
                ],
                "users": [{"name": "test", "user": {"token": token}}],
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
                "current-context": "test",
            }
        )

    @property
    def etcd_url(self) -> str:
        return f"http://127.0.0.1:{self._etcd_port}"

    @property
    def _certificate(self) -> Path:
        """What kube-apiserver makes for itself on its first start, with its own authority."""
        return self._folder / "api-server" / "apiserver.crt"

    def _write_keys(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        (self._folder / "service-accounts.pem").write_bytes(pem)
        (self._folder / "tokens.csv").write_text(f'{self._token},admin,admin,"{_ADMIN_GROUP}"\n')

    def _start(self, program: str, *arguments: str) -> None:
        with (self._folder / f"{program}.log").open("ab") as log:
            self._running[program] = subprocess.Popen(
                [self._programs / program, *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _until_answers(self, url: str, program: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        with httpx2.Client(verify=False, headers={"Authorization": f"Bearer {self._token}"}) as http:
            while not answers(http, url):
                ended = self._running[program].poll()
                assert ended is None, f"{program} ended with {ended}: {self._last_lines(program)}"
                assert time.monotonic() < deadline, f"{program} does not answer: {self._last_lines(program)}"
                time.sleep(_POLL_S)

    def _last_lines(self, program: str) -> str:
        return "\n".join((self._folder / f"{program}.log").read_text(errors="replace").splitlines()[-10:])


def answers(http: httpx2.Client, url: str) -> bool:
    try:
        return http.get(url).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
