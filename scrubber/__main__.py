"""`python -m scrubber`: the same as the command `scrubber`."""

import sys

from scrubber.cli import main

if __name__ == "__main__":
    sys.exit(main())
