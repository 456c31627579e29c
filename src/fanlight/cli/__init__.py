"""The `fanlight` command.

What is imported here and in the modules beside it is light, so that `fanlight --help` answers at
once; a command loads the rest of Fanlight when it runs.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process and exit with its status."""
    from fanlight.cli.root import run

    sys.exit(run(sys.argv[1:]))
