"""The tree of commands, and what happens when one fails."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from fanlight.cli import exits, output
from fanlight.cli.commands import Commands, fresh
from fanlight.errors import FanlightError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer


def tree() -> typer.Typer:
    """All commands. Made for each run, so that a run leaves nothing behind."""
    app = fresh(name="fanlight", cls=Commands, no_args_is_help=True)

    @app.callback()
    def fanlight() -> None:  # pyright: ignore[reportUnusedFunction]
        """Publish what is in your own cloud storage: upload to link, folder to gallery."""

    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit status and never raises."""
    try:
        tree()(list(arguments), prog_name="fanlight")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else exits.UNEXPECTED
    except FanlightError as error:
        output.complain(error)
        return exits.status_of(error)
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone; keep the interpreter from complaining at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.UNEXPECTED
    return exits.DONE
