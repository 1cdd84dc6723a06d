"""A form could write any state. What the trail knows to be deleted is; what a form called so is suspended."""

from django.db import migrations


def set_right(apps, schema_editor):
    Tenant = apps.get_model("tenants", "Tenant")
    Entry = apps.get_model("tenants", "AuditEntry")
    for tenant in Tenant.objects.filter(status="deleted", deleted_at=None):
        entry = Entry.objects.filter(tenant=tenant, verb="deleted tenant").order_by("-pk").first()
        if entry is None:
            tenant.status = "suspended"
        else:
            tenant.deleted_at = entry.at
        tenant.save(update_fields=["status", "deleted_at"])
    # Taken up again by the form: the day that was left would have deleted it still.
    Tenant.objects.filter(status="active").exclude(delete_after=None).update(delete_after=None)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_deleted_at")]

    operations = [migrations.RunPython(set_right, migrations.RunPython.noop)]
