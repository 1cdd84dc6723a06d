#!/bin/sh
# Brings the database up to date; the first time, makes the tenants that the data planes of compose.yaml serve; then serves.
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

tenant() { # tenant SLUG NAME: make and publish it, where that was not done
    folder=/run/tenants/$1
    if [ ! -f "$folder/published" ]; then
        if [ ! -f "$folder/runtime_token" ]; then
            python manage.py provision_tenant "$1" --name "$2" --language es --timezone Europe/Madrid \
                --output-dir "$folder"
        fi
        # Signs the ids of visitors of the web chat; nobody has to know it.
        python -c 'import secrets; print(secrets.token_urlsafe(32))' |
            python manage.py set_credential "$1" channels.1.visitor_secret > /dev/null
        python manage.py publish "$1" --flow flows/peluqueria_flow.yaml --knowledge flows/peluqueria/knowledge.md \
            --settings-file "/first-tenants/$1.yaml" --note "First release"
        touch "$folder/published"
    fi
}
tenant first "Peluquería Luna"
tenant second "Barbería Sol"
python manage.py write_ingress /run/ingress/caddy.json

exec python -m uvicorn platform_admin.config.asgi:application --host 0.0.0.0 --port 8001 --lifespan off
