"""Settings of one emulator, fixed at start or changed through the control door.

Several facts about the real service are not verified; each of those is a switch here, so that a
client can be tried against both answers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

LatencyName = Literal["none", "typical"]


@dataclass(slots=True)
class Settings:
    """How the emulator listens (first block) and how it behaves (second block)."""

    host: str = "127.0.0.1"
    port: int = 0
    tls_port: int | None = 0
    control_port: int = 0
    proxy_port: int | None = None
    split_ports: bool = False
    data: Path | None = None
    seed: int = 1

    latency: LatencyName = "none"
    bytes_per_second: float | None = None
    longpoll_jitter: float = 0.0
    range_error_status: Literal[409, 416] = 409
    too_large_status: Literal[409, 413] = 409
    autorename_first: int = 1
    partial_scope_grants: bool = True
    code_lifetime: float = 600.0
    access_token_lifetime: float = 14400.0
    temporary_link_lifetime: float = 14400.0
    session_lifetime: float = 7 * 86400.0
    keep_cut_pieces: bool = False
    default_page_size: int = 500
    search_lag: float = 0.0
    job_seconds: float = 0.0
    write_lock_hold: tuple[float, float] | None = None
    write_lock_style: Literal["429", "409"] = "429"
    token_bucket: tuple[float, int] | None = None
    webhook_delay: float = 0.05
    webhook_retry_delays: tuple[float, ...] = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 180.0, 180.0)
    fold_unicode: bool = True
    check_replies: bool = False

    # Settings that say where to listen cannot change while listening.
    FIXED: ClassVar[tuple[str, ...]] = (
        "host",
        "port",
        "tls_port",
        "control_port",
        "proxy_port",
        "split_ports",
        "data",
        "seed",
    )

    def change(self, **values: Any) -> None:
        """Set behaviour by name; unknown or fixed names raise ``ValueError``."""
        known = {field.name for field in fields(self)} - set(self.FIXED)
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"no such setting: {name}")
            if isinstance(value, list):
                value = tuple(cast("list[Any]", value))
            setattr(self, name, value)

    def behaviour(self) -> dict[str, Any]:
        """The settings that :meth:`change` accepts, with their values."""
        return {name: value for name, value in asdict(self).items() if name not in self.FIXED}
