"""No archive brings a business a WhatsApp number: whose one is, Meta is asked on *Connections*."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_admin.errors import ConflictError
from platform_admin.releases.archive.document import SETTINGS, Archive
from platform_admin.releases.channel_documents import WhatsAppChannel
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.settings_reading import read_settings_file
from platform_admin.tenants.actor import Actor, CommandActor
from platform_admin.tenants.models import Tenant


def refuse_new_numbers(*, tenant: Tenant, archive: Archive, by: Actor) -> None:
    """Raises ``ConflictError``. Operators, and who has the machine, answer for the numbers that they bring.

    Nobody looks at who has the number: the answer is the same for one of another business and one of nobody.
    """
    if archive.settings is None or isinstance(by, CommandActor) or by.is_superuser:
        return
    wanted = read_settings_file(archive.settings, file=SETTINGS).document
    row = TenantSettings.objects.for_tenant(tenant).first()
    stored = [] if row is None else row.channels
    own = {one.get("phone_number_id") for one in stored if isinstance(one, dict)}
    for channel in () if wanted is None else wanted.channels:
        if isinstance(channel, WhatsAppChannel) and channel.phone_number_id not in own:
            raise ConflictError(
                _(
                    "The file brings the WhatsApp number %(number)s, which is not connected here. Nothing was "
                    "restored. Connect it on Connections first."
                )
                % {"number": channel.phone_number_id}
            )
