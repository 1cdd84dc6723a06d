"""``manage.py rotate_keys``: stored secrets under the newest platform key."""

from __future__ import annotations

from typing import Any

from platform_admin.credentials.rotation import rotate_keys
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_REFUSED, OperatorCommand, Told


class Command(OperatorCommand):
    help = (
        "Seal every stored secret anew under the first of FERNET_KEYS. Put a fresh key in front of the list, restart, "
        "run this, then take the old key away. Runs beside everything else; a run that was stopped goes on where it "
        "was. Exit code 1 when something could not be opened with any of the keys."
    )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        done = rotate_keys(by=by)
        lines = [f"{done.renewed} sealed anew, {done.current} were current already."]
        if done.unreadable:
            lines.append("Not readable with the keys at hand:")
            lines += [f"  {name}" for name in done.unreadable]
        else:
            lines.append("The older keys are no longer needed.")
        data = {"renewed": done.renewed, "current": done.current, "unreadable": [*done.unreadable]}
        return Told("\n".join(lines), data, EXIT_REFUSED if done.unreadable else 0)
