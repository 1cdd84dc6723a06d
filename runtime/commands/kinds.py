"""Which commands there are. Literal on purpose: what a control plane can make a runtime do is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.bundles.cache import BundleCache
from runtime.bundles.keeper import BundleKeeper
from runtime.bundles.trust import Trust
from runtime.commands.breakers import BreakerCommands
from runtime.commands.contacts import ContactCommands
from runtime.commands.copies import CopyCommands
from runtime.commands.dead_letters import DeadLetterCommands
from runtime.commands.deliveries import DeliveryCommands
from runtime.commands.handler import Handler
from runtime.commands.privacy import PrivacyCommands
from runtime.commands.replay import ReplayCommands
from runtime.commands.staged import StagedCommands
from runtime.commands.tasks import TaskCommands
from runtime.control_plane.client import ControlPlaneClient
from runtime.control_plane.copies import CopyRoad
from runtime.core import Core
from runtime.maintenance.erasure_list import FILE_NAME, ErasureList
from runtime.store.sqlite import SQLiteStateStore
from runtime.telemetry.masking import Masking


@dataclass(frozen=True, slots=True)
class Reach:
    """What commands act on."""

    core: Core
    store: SQLiteStateStore
    keeper: BundleKeeper
    client: ControlPlaneClient
    road: CopyRoad
    pepper: bytes
    masking: Masking
    trust: Trust
    cache: BundleCache


def command_handlers(reach: Reach) -> Mapping[str, Handler]:
    """Kind → who carries it out."""
    contacts = ContactCommands(reach.core, reach.store.directory)
    tasks = TaskCommands(reach.core.task_executor)
    erasures = ErasureList(reach.store.path.parent / FILE_NAME, reach.pepper)
    privacy = PrivacyCommands(reach.core, reach.store.directory, reach.store.contact_data, erasures, reach.client)
    replay = ReplayCommands(reach.store.stored_conversations, reach.cache, reach.trust, reach.masking)
    letters = DeadLetterCommands(reach.core, reach.store.dead_letters)
    return {
        "pause_contact": contacts.pause,
        "resume_contact": contacts.resume,
        "staff_reply": contacts.staff_reply,
        "erase_contact": privacy.erase,
        "export_contact": privacy.export,
        "run_task": tasks.run,
        "cancel_task": tasks.cancel,
        "resend_dead_letter": letters.resend,
        "drop_dead_letter": letters.drop,
        "discard_staged": StagedCommands(reach.keeper).discard,
        "backup": CopyCommands(reach.store.path, reach.road).backup,
        "inbound": DeliveryCommands(reach.core).inbound,
        "replay": replay.replay,
        "breaker": BreakerCommands(reach.core.configs).set_mode,
    }
