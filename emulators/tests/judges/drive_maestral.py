"""Runs inside Maestral's own environment: obeys one JSON command a line, answers with one."""

from __future__ import annotations

import json
import sys
from typing import Any

import maestral.main as maestral  # pyright: ignore[reportMissingImports]


def obey(client: Any, command: str, argument: str) -> Any:
    """One command."""
    if command == "auth_url":
        return client.get_auth_url()
    if command == "link":
        return client.link(code=argument)
    if command == "start":
        client.create_dropbox_directory(argument)
        client.start_sync()
        return None
    errors = [str(each) for each in (*client.sync_errors, *client.fatal_errors)]
    return {"status": client.status, "errors": errors}


def made(name: str) -> Any:
    """A client with its settings and state under this name."""
    main: Any = maestral
    return main.Maestral(name)


def main() -> None:
    """Obey until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # Maestral has things to say as well
    client = made("judged")
    client.set_conf("auth", "keyring", "keyrings.alt.file.PlaintextKeyring")
    client.set_conf("app", "notification_level", 100)
    for line in sys.stdin:
        command, argument = json.loads(line)
        print(json.dumps(obey(client, command, argument)), file=answers, flush=True)
    client.stop_sync()


if __name__ == "__main__":
    main()
