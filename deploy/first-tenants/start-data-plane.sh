#!/bin/sh
# Waits, on the very first start, for the files that the control plane makes for this tenant; then serves.
set -eu
trap 'exit 143' TERM # this shell is process 1, which ignores what it does not catch
until [ -f /run/tenant/published ]; do
    sleep 1
done
exec python -m runtime
