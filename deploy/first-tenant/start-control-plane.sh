#!/bin/sh
# Brings the database up to date; the first time, makes the tenant that the data plane of compose.yaml serves; then serves.
set -eu
trap 'exit 143' TERM # this shell is process 1, which ignores what it does not catch

tries_left=60 # seconds: the first start of PostgreSQL makes its cluster
until python -c 'import os, psycopg; psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=2)' 2> /tmp/reason; do
    tries_left=$((tries_left - 1))
    if [ "$tries_left" -eq 0 ]; then
        echo "the database does not answer: $(tail -n 1 /tmp/reason)" >&2
        exit 1
    fi
    sleep 1
done

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

exec python -m uvicorn platform_admin.config.asgi:application --host 0.0.0.0 --port 8001 --lifespan off
