#!/bin/sh
# Waits for the configuration that the control plane makes from the tenants; then serves, and is told of changes there.
set -eu
trap 'exit 143' TERM # this shell is process 1, which ignores what it does not catch
until [ -f /run/ingress/caddy.json ]; do
    sleep 1
done
exec caddy run --config /run/ingress/caddy.json
