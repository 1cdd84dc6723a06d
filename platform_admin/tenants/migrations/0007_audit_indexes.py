from django.db import migrations, models

from platform_admin.config.index_operations import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tenants", "0006_link_audit_entries")]

    operations = [
        AddIndexBesideWriters(
            model_name="auditentry",
            index=models.Index(fields=["tenant", "-at", "-id"], name="audit_newest"),
        ),
        AddIndexBesideWriters(
            model_name="auditentry",
            index=models.Index(
                fields=["tenant", "contact"], name="audit_about_contact", condition=~models.Q(contact="")
            ),
        ),
    ]
