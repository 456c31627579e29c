"""A worker that does what the media type of its order says: mostly, to go wrong.

`python -m tests.renditions.stub_worker [BEFORE] LIMITS`: BEFORE is what goes wrong at the start.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from fanlight.errors import BrokenPicture, PictureTooSlow
from fanlight.renditions.order import Done, Failed, Made, Order
from fanlight.renditions.recipes import Format


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def misbehave(how: str, order: Order | None = None) -> None:
    match how:
        case "hang":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "ended":
            os.kill(os.getpid(), signal.SIGTERM)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "alarm":
            os.kill(os.getpid(), signal.SIGALRM)
        case "exit":
            sys.exit(3)
        case "memory":
            sys.stderr.write("failed to allocate 123 bytes\n")
            sys.stderr.flush()
            os.abort()
        case "gibberish":
            say("certainly!\n")
        case "half":
            say('{"done":')
            sys.exit(0)
        case "endless":
            while True:
                say("x" * 65536)
        case "first":
            with suppress(FileExistsError):
                Path(os.environ["TMPDIR"]).parent.with_name("started").touch(exist_ok=False)
                sys.exit(3)
        case "once" if order is not None and not Path(order.source).exists():
            Path(order.source).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case "noise":
            sys.stderr.write("warning\n" * 100_000)
            sys.stderr.flush()
        case _:
            pass


def carry_out(order: Order) -> str:
    if order.media_type == "broken":
        return Failed.of(BrokenPicture()).to_json()
    if order.media_type == "slow":
        return Failed.of(PictureTooSlow()).to_json()
    made: list[Made] = []
    for output in order.outputs:
        data = f"{os.getpid()} {output.recipe}".encode()
        Path(output.target).write_bytes(data)
        made.append(Made(output.recipe, Format.WEBP, 32, 21, len(data), output.target))
    return Done(made=tuple(made)).to_json()


def main() -> None:
    misbehave(sys.argv[1])
    say("\n")
    for line in sys.stdin:
        order = Order.from_json(line)
        misbehave(order.media_type, order)
        say(carry_out(order) + "\n")


if __name__ == "__main__":
    main()
