"""What was written before there was a chain becomes its beginning, in the order in which it was written."""

import secrets

from django.db import migrations

from platform_admin.tenants.audit_digest import PLATFORM, SALT_BYTES, entry_digest, genesis, private_digest

AT_ONCE = 500


def link(apps, schema_editor):
    Entry = apps.get_model("tenants", "AuditEntry")
    Chain = apps.get_model("tenants", "AuditChain")
    Tenant = apps.get_model("tenants", "Tenant")
    chains = [(PLATFORM, None), *Tenant.objects.order_by("pk").values_list("slug", "pk")]
    for name, tenant in chains:
        number, digest, batch = 0, genesis(name), []
        for entry in Entry.objects.filter(tenant=tenant, number=None).order_by("pk").iterator(AT_ONCE):
            number += 1
            entry.chain, entry.number, entry.previous = name, number, digest
            entry.salt = secrets.token_hex(SALT_BYTES)
            entry.private_digest = private_digest(entry.salt, contact="", before=None, after=None)
            entry.digest = digest = entry_digest(entry)
            batch.append(entry)
            if len(batch) == AT_ONCE:
                Entry.objects.bulk_update(batch, LINKING)
                batch = []
        Entry.objects.bulk_update(batch, LINKING)
        if number:
            Chain.objects.create(name=name, number=number, digest=digest)


LINKING = ["chain", "number", "previous", "salt", "private_digest", "digest"]


def unlink(apps, schema_editor):
    apps.get_model("tenants", "AuditEntry").objects.update(
        chain="", number=None, previous="", salt="", private_digest="", digest=""
    )
    apps.get_model("tenants", "AuditChain").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_audit_chain")]

    operations = [migrations.RunPython(link, unlink)]
