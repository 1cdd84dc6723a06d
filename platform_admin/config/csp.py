"""What every page may load and run: our own files, and nothing inline but what the server marked with its nonce."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.utils.csp import CSP

REPORT_PATH: Final = "/csp-report"
"""Where browsers tell of what they stopped. A report is a fault of ours or an attack on somebody: both are logged."""

POLICY: Final[Mapping[str, Collection[str]]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],  # the admin's pop-up for a related row is a frame of the same site
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "report-uri": [REPORT_PATH],
}
