#!/bin/sh
# Makes the cluster on the first start, as POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB say, and runs it.
set -eu
data=/var/lib/postgresql/data

if [ "$(id -u)" = 0 ]; then
    install -d -o postgres -g postgres -m 0700 "$data" /run/postgresql
    exec setpriv --reuid postgres --regid postgres --init-groups sh "$0"
fi

if [ ! -s "$data/PG_VERSION" ]; then
    echo "$POSTGRES_PASSWORD" > /tmp/password
    initdb --pgdata "$data" --username "$POSTGRES_USER" --pwfile /tmp/password \
        --auth-local trust --auth-host scram-sha-256 --encoding UTF8 --no-instructions
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
    echo "CREATE DATABASE $POSTGRES_DB;" | postgres --single -D "$data" postgres > /dev/null
fi
exec postgres -D "$data" -c listen_addresses='*'
