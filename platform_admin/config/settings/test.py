"""Settings of the test suite: the same as everywhere, over an environment that holds nothing of this machine's.

``DATABASE_URL`` is respected, so the same tests run on PostgreSQL. Everything else is fixed here, and a ``.env`` in the
root is outvoted, so a developer's own keys never take part in a test.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from flow_engine.bundle.signing import SigningKey

_SIGNING_KEY_FILE = Path(tempfile.gettempdir()) / f"frontdesk-test-signing-key-{os.getuid()}.pem"
if not _SIGNING_KEY_FILE.is_file():
    # Written under another name first: parallel test workers start at the same moment.
    _unfinished = _SIGNING_KEY_FILE.with_suffix(f".{os.getpid()}")
    _unfinished.write_bytes(SigningKey.from_seed(b"frontdesk tests, not a secret!!!").to_pem())
    _unfinished.replace(_SIGNING_KEY_FILE)

os.environ.update(
    {
        "SECRET_KEY": "only-for-tests-" * 5,
        "FERNET_KEYS": "dGVzdHMtb25seS1uZXdlc3QtcGxhdGZvcm0ta2V5ISE=,dGVzdHMtb25seS1vbGRlci1wbGF0Zm9ybS1rZXkhISE=",
        "SIGNING_KEY_FILE": str(_SIGNING_KEY_FILE),
        "ALLOWED_HOSTS": "testserver",
        "EMAIL_URL": "memorymail://",
        "DEBUG": "false",
        "HTTPS_ONLY": "false",
        "CSRF_TRUSTED_ORIGINS": "",
        "FRONTDESK_BUILD": "test",
        "METRICS_TOKEN": "tests-metrics-token",
        "WHATSAPP_APP_SECRETS": "app-secret-new,app-secret-old",
        "WHATSAPP_VERIFY_TOKEN": "the-word",
        "GRAPH_BASE_URL": "",
        "AUDIT_ANCHOR_FILE": "",
        "PUBLIC_URL": "https://desk.example.org",
        "RUNTIME_PUBLIC_URL": "",
        "MAIL_FROM": "",
        "TRUSTED_PROXIES": "",
        "SKIP_SECOND_FACTOR": "true",  # tests sign operators in by force; those of the second factor ask for it
    }
)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from platform_admin.config.settings.base import *  # noqa: E402, F403 - reads the environment prepared above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; the real hasher is Django's own
