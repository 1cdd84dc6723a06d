from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0002_use_and_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenantkey",
            name="waits",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="tenantkey",
            name="first_serial",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]
