"""`python -m bench [PART...]`: every measurement one after another, each in a fresh process.

Figures are ratios against a peer or a limit in the same run, medians over interleaved rounds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARTS = [
    path.stem
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if path.stem != "__main__" and "\ndef main() -> None:" in path.read_text(encoding="utf-8")
]


def main() -> None:
    """Run the parts that were named, or all; fail if one could not be measured."""
    wanted = sys.argv[1:] or PARTS
    if unknown := set(wanted) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}. Parts are: {', '.join(PARTS)}.")
    failed = [part for part in wanted if subprocess.call([sys.executable, "-m", f"bench.{part}"])]
    sys.exit(f"could not be measured: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
