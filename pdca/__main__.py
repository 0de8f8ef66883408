"""`python -m pdca` is the command `pdca`."""

import sys

from pdca.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
