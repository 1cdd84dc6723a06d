"""``python -m connectors.catalog``."""

import sys

from connectors.catalog.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
