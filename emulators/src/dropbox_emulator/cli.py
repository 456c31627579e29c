"""The command: start an emulator and say where it listens."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

from .server import running
from .settings import Settings


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    made = argparse.ArgumentParser(
        prog="python -m dropbox_emulator",
        description="An emulated Dropbox on loopback. Prints one line of JSON with its addresses "
        "when it is ready; stops on SIGTERM or Ctrl-C.",
    )
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (loopback only)")
    made.add_argument("--port", type=int, default=0, help="HTTP port (0: any free one)")
    made.add_argument("--tls-port", type=int, default=0, help="HTTPS port (0: any free one)")
    made.add_argument("--no-tls", action="store_true", help="plain HTTP only")
    made.add_argument("--control-port", type=int, default=0, help="port of the control door")
    made.add_argument(
        "--proxy-port", type=int, help="also run a CONNECT proxy for clients with fixed hosts"
    )
    made.add_argument(
        "--split-ports", action="store_true", help="also give each of the five hosts its own port"
    )
    made.add_argument("--data", type=Path, help="keep everything in this folder (default: memory)")
    made.add_argument("--latency", choices=("none", "typical"), default="none")
    made.add_argument("--bytes-per-second", type=float, help="limit of each transfer")
    made.add_argument("--seed", type=int, default=1, help="seed of ids and of chance")
    return made


def settings_from(arguments: argparse.Namespace) -> Settings:
    """Settings out of parsed options."""
    return Settings(
        host=arguments.host,
        port=arguments.port,
        tls_port=None if arguments.no_tls else arguments.tls_port,
        control_port=arguments.control_port,
        proxy_port=arguments.proxy_port,
        split_ports=arguments.split_ports,
        data=arguments.data,
        seed=arguments.seed,
        latency=arguments.latency,
        longpoll_jitter=90.0 if arguments.latency == "typical" else 0.0,
        bytes_per_second=arguments.bytes_per_second,
    )


async def serve(settings: Settings) -> None:
    """Run until a signal comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings) as emulator:
        print(json.dumps(emulator.addresses.shown()), flush=True)
        await stop.wait()


def main(arguments: list[str] | None = None) -> int:
    """Entry point."""
    options = parser().parse_args(arguments)
    if options.host not in ("127.0.0.1", "localhost", "::1"):
        print("The emulator listens on loopback only.", file=sys.stderr)
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(settings_from(options)))
    return 0
