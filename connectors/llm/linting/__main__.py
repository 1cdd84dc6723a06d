"""``python -m connectors.llm.linting``."""

import sys

from connectors.llm.linting.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
