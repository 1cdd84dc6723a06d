"""``manage.py rotate_signing_key``: another key signs, without a moment in which a runtime trusts none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from platform_admin.releases import signing_rotation
from platform_admin.releases.signing_key import public_keys_file, verifying_keys
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import OperatorCommand, Told

_STEPS = ("status", "prepare", "activate", "sign-live", "retire")


class Command(OperatorCommand):
    help = (
        "Rotate the key that signs releases, in four steps. prepare: make the next key; then hand the public keys "
        "(printed) to every runtime. activate: it signs from now on. sign-live: every live release goes out again "
        "under it. retire: the old key is trusted no longer; refused while anything signed by it is live. "
        "docs/operations.md says how long to wait between them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("step", choices=_STEPS, help="status says where a rotation stands")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        if options.get("dry_run") and options["step"] not in ("status", "sign-live"):
            # Files know no rollback.
            return Told(f"Would {options['step']} a key.", {"step": options["step"]})
        match options["step"]:
            case "prepare":
                keyid = signing_rotation.prepare(by=by)
                text = f"Prepared {keyid}. Hand these public keys to every runtime:\n{public_keys_file()}"
            case "activate":
                keyid = signing_rotation.activate(by=by)
                text = f"{keyid} signs from now on."
            case "sign-live":
                signed = signing_rotation.sign_live_again(by=by)
                text, keyid = f"{len(signed)} releases were signed again.", verifying_keys()[0].keyid
            case "retire":
                keyid = signing_rotation.retire(by=by)
                text = f"{keyid} is trusted no longer. Hand the public keys to every runtime:\n{public_keys_file()}"
            case _:
                keyid, left = verifying_keys()[0].keyid, signing_rotation.signed_by_another_key()
                text = f"{keyid} signs; {len(left)} live releases were signed by another key."
        trusted = [key.keyid for key in verifying_keys()]
        return Told(text.rstrip(), {"step": options["step"], "keyid": keyid, "trusted": [*trusted]})
