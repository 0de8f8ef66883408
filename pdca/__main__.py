"""The process `pdca`, which `python -m pdca` is too: one command, and then it ends."""

import gc
import sys

AT_ONCE = 50_000
"""So many objects are made before garbage is looked for: a command that reads makes fewer, and leaves little of it."""


def run() -> int:
    """Run the command line of this process and give its exit status."""
    gc.set_threshold(AT_ONCE)
    from pdca.cli.main import main

    status = main()
    # Python looks for garbage twice more before it ends; what a process leaves behind is gone with it.
    gc.freeze()
    return status


if __name__ == "__main__":
    sys.exit(run())
