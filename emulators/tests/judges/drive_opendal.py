"""Writes, reads, lists and deletes through OpenDAL; answers with what it saw as JSON."""

from __future__ import annotations

import json
import os

from opendal import Operator
from opendal.exceptions import NotFound  # pyright: ignore[reportMissingModuleSource]


def main() -> None:
    """Everything once."""
    operator = Operator("dropbox", **json.loads(os.environ["OPTIONS"]))
    letter = "Grüße 🎉.txt"
    operator.write(letter, b"one two three")
    operator.write("empty", b"")
    operator.write("big.bin", bytes(range(256)) * 20_000)
    operator.create_dir("deep/")
    found: dict[str, object] = {
        "listed": sorted(entry.path for entry in operator.list("") if entry.path != "/"),
        "length": operator.stat(letter).content_length,
    }
    with operator.open(letter, "rb") as file:
        file.seek(4)
        found["ranged"] = file.read(3).decode()
    with operator.open("big.bin", "rb") as file:
        file.seek(256 * 10_000)
        found["big_part"] = file.read(256).hex()
    # Its copy is not asked: it does not understand a RelocationResult that strict types accept.
    operator.write("deep/kept.txt", b"four")
    for name in (letter, "empty", "big.bin"):
        operator.delete(name)
    try:
        operator.stat(letter)
    except NotFound:
        found["missing"] = "NotFound"
    print(json.dumps(found))


if __name__ == "__main__":
    main()
