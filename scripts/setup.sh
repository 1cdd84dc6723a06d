#!/bin/sh
# Hands over to scripts/setup.py with the first Python that really starts (a pyenv shim may only pretend to be one).
for python in python3 python3.14 python3.13 python3.12 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
        exec "$python" "$(dirname "$0")/setup.py" "$@"
    fi
done
echo "setup: no Python found. Install Python 3.12 or newer (Debian: apt-get install python3 python3-venv), then run make setup again." >&2
exit 1
