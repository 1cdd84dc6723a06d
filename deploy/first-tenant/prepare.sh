#!/bin/sh
# Brings the database up to date; the first time, makes the tenant that the data plane of compose.yaml serves.
set -eu
python manage.py migrate --noinput --verbosity 0
if [ ! -f /run/tenant/published ]; then
    if [ ! -f /run/tenant/runtime_token ]; then
        python manage.py provision_tenant first --name "Peluquería Luna" --language es --timezone Europe/Madrid \
            --output-dir /run/tenant
    fi
    python manage.py publish first --flow flows/peluqueria_flow.yaml --knowledge flows/peluqueria/knowledge.md \
        --settings-file /first-tenant/settings.yaml --note "First release"
    touch /run/tenant/published
fi
