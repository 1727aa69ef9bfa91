"""``python -m pact_ffi``."""

import sys

from pact_ffi.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
