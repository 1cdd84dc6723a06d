"""Archives of contacts that lie in clear are sealed where they are."""

from django.db import migrations

from platform_admin.credentials.vault import platform_vault

ARCHIVE = b"PK"


def seal(apps, schema_editor):
    Export = apps.get_model("commands", "ContactExport")
    for export in Export.objects.select_related("tenant").iterator(1):
        content = bytes(export.content)
        if content.startswith(ARCHIVE):
            field = f"contact_export.{export.command_id}"
            export.content = platform_vault().seal_bytes(tenant=export.tenant.slug, field=field, value=content)
            export.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("commands", "0001_initial"), ("tenants", "0001_initial")]

    # There is no way back: what reads archives in clear is the version before, which keeps them for a week at most.
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
