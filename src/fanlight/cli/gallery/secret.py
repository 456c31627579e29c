"""Passwords of galleries and links: typed at a terminal or read, never an argument."""

from __future__ import annotations

from typing import Annotated

import typer

from fanlight.cli.user import ask_password
from fanlight.errors import Invalid

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read that password from standard input.")
]


def asked_password(from_stdin: bool) -> str:
    """The password; an empty one is not taken for none. Raises Invalid (`invalid.password`)."""
    password = ask_password(from_stdin)
    if not password:
        raise Invalid("The password is empty.", code="invalid.password", about="password")
    return password
