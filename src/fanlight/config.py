"""The typed settings table, read once at the edge.

A setting comes from the environment (`FANLIGHT_PORT=8000`) or from a TOML file (`port = 8000` in
`<data>/fanlight.toml`, or the file that `FANLIGHT_CONFIG` names); the environment wins. Only the
composition root (`app`, `cli`) sees this module; everything else receives values.
"""

from __future__ import annotations

import os
import re
import tomllib
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from fanlight.errors import SettingsError

PREFIX = "FANLIGHT_"


def _split(value: object) -> object:
    """Let lists be written as `a, b` in the environment and as arrays in the file."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _bytes(value: object) -> object:
    """Let sizes be written as `64 MB` or `2 GiB`."""
    if not isinstance(value, str):
        return value
    units = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
    text = value.strip().lower().removesuffix(" bytes")
    for unit, factor in units.items():
        if text.endswith(unit):
            return int(float(text.removesuffix(unit)) * factor)
    return text


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Size = Annotated[int, BeforeValidator(_bytes), Field(ge=0)]


class Settings(BaseSettings):
    """Everything that can be set. The description of each field is its documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    # where and how to listen
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Server processes.")
    public_url: str = Field(
        "",
        description="Address people use, such as `https://photos.example.com`. "
        "Empty: taken from each request.",
    )
    trusted_proxies: Names = Field(
        (),
        description="Addresses or networks of front servers whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed.",
    )

    # other people's services
    proxy: str = Field(
        "",
        description="HTTP proxy for calls to storage services, such as "
        "`http://proxy.example.com:3128`. Empty: none.",
    )
    services: Names = Field(
        (),
        description="Services that are elsewhere than usual, each as `PROVIDER=ADDRESS`: "
        "an emulator, or a gateway of your own. They are sent the secrets of their channels.",
    )

    # where things are kept
    data: Path = Field(Path("data"), description="Folder for the database, key and local channel.")
    database: str = Field(
        "",
        description="Database address, such as `postgresql://user@host/name`. "
        "Empty: SQLite in the data folder.",
    )
    key: SecretStr = Field(
        SecretStr(""),
        description="Keys that seal secrets, newest first, comma separated. "
        "Empty: the file `key` in the data folder, made at the first start.",
    )

    # uploads
    max_upload: Size = Field(
        5 * 10**9, description="Largest upload, in bytes or with a unit (`2 GB`)."
    )
    naming: Literal["default", "index", "origin", "short"] = Field(
        "default", description="How uploads are named when the client does not say."
    )
    duplicates: Literal["store", "link"] = Field(
        "link",
        description="Equal content: `store` it again, or `link` to the bytes already stored.",
    )
    upload_code: SecretStr = Field(
        SecretStr(""), description="Code that lets people upload without an account. Empty: none."
    )
    upload_timeout: float = Field(
        60, gt=0, description="Seconds an upload may stand still before it is given up."
    )
    intent_lease: float = Field(
        30, ge=1, description="Seconds after which unfinished work of a dead process is taken over."
    )
    trash_days: int = Field(30, ge=0, description="Days a deleted asset can be restored.")

    follow: Literal["watch", "ring", "off"] = Field(
        "watch",
        description="How changes in channels that tell them are noticed: `watch` keeps asking, "
        "`ring` waits to be called at `/api/webhooks/<provider>` (for public sites), `off` leaves "
        "it to index runs.",
    )

    # delivery
    cache_seconds: int = Field(
        3600, ge=0, description="How long browsers may keep an original without asking again."
    )
    originals_cache: Size = Field(
        2 * 10**9,
        description="Bytes of originals from channels that are not local that are kept in the data "
        "folder, with a unit if you like (`20 GB`). 0 keeps none.",
    )
    referers: Names = Field(
        (),
        description="Hosts whose pages may embed originals, exactly as in the address bar. "
        "Empty: all.",
    )
    referer_missing: Literal["allow", "refuse"] = Field(
        "allow", description="Requests that do not say which page they come from."
    )
    inline_active: Names = Field(
        (),
        description="Active media types to show instead of download, of `image/svg+xml`, "
        "`text/html`, `application/xhtml+xml`, `text/xml`, `application/pdf`. "
        "They stay sandboxed.",
    )
    sendfile: Literal["server", "x-accel-redirect", "x-sendfile"] = Field(
        "server", description="Who sends local originals: this server, or nginx / Apache before it."
    )
    sendfile_prefix: str = Field(
        "/_originals",
        description="The internal location that nginx maps to the root of the file system.",
    )

    archives_at_once: int = Field(
        4,
        ge=1,
        le=256,
        description="Downloads of many originals as one ZIP that are under way at the same time. "
        "Others wait for their turn.",
    )

    # pictures
    pictures: bool = Field(True, description="Make pictures in other sizes of what is stored.")
    picture_cache: Size = Field(
        2 * 10**9, description="Most bytes of pictures that are kept, or with a unit (`20 GB`)."
    )
    picture_workers: int = Field(
        0, ge=0, le=256, description="Processes that make pictures. 0: one for each core."
    )
    picture_sizes: Names = Field(
        (),
        description="Sizes that addresses may ask for besides the presets, such as `320xauto`, "
        "`autox480` or `1280x720`. Empty: a list of usual ones.",
    )
    picture_avif: bool = Field(
        False,
        description="Make pictures as AVIF too, for browsers that take it: smaller, and many times "
        "the work. It is made in the background.",
    )
    picture_pixels: int = Field(
        300_000_000, ge=1, description="Most pixels of an original that a picture is made of."
    )
    picture_frames: int = Field(
        1000, ge=1, description="Most frames of a picture that is kept moving."
    )
    picture_seconds: float = Field(60, gt=0, description="Longest that making a picture may take.")
    picture_memory: Size = Field(
        2**30, description="Most memory of a process that makes pictures, or with a unit (`2 GiB`)."
    )
    picture_memory_at_once: Size = Field(
        0,
        description="Most memory that originals decoded at the same time are expected to take, or "
        "with a unit (`512 MB`). What is decoded whole (progressive JPEG, HEIC, AVIF, WebP, PSD) "
        "waits until there is room; one that needs more than all of it is decoded without another. "
        "0: a sixteenth of `FANLIGHT_PICTURE_MEMORY` for each process that makes pictures.",
    )

    # people
    session_days: int = Field(14, ge=1, le=3650, description="Days a sign-in lasts.")
    cors_origins: Names = Field(
        ("*",), description="Origins whose scripts may call the upload and API routes."
    )

    # mail
    mail_host: str = Field(
        "", description="Mail server that notices and invitations are given to. Empty: no mail."
    )
    mail_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the way to the mail server is kept secret: `starttls` (usual at port "
        "587), `tls` (at 465), or not at all.",
    )
    mail_user: str = Field("", description="User name at the mail server. Empty: none is asked.")
    mail_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    mail_from: str = Field(
        "", description="Who mails are from, such as `Studio <studio@example.com>`."
    )

    # operations
    metrics: bool = Field(False, description="Serve Prometheus figures at `/metrics`.")
    log_format: Literal["text", "json"] = Field("text", description="How log lines are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least important line that is logged."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network, strict=False)
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value

    @field_validator("services")
    @classmethod
    def _addressed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not re.fullmatch(r"[a-z0-9-]+=https?://[^/]+[^ ]*", one):
                raise ValueError("each must be a provider, =, and an http:// or https:// address")
        return value

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:", "postgresql:", "postgres:")):
            raise ValueError("must begin with sqlite: or postgresql:")
        return value

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`trusted_proxies` as networks."""
        return tuple(ip_network(network, strict=False) for network in self.trusted_proxies)

    @property
    def addresses(self) -> dict[str, str]:
        """`services` by provider."""
        pairs = (one.split("=", 1) for one in self.services)
        return {provider: address.rstrip("/") for provider, address in pairs}

    @property
    def database_url(self) -> str:
        """The database address with the default filled in."""
        return self.database or f"sqlite:///{self.data.absolute() / 'fanlight.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first; what `load` read from the file comes in below it."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


def load(**overrides: object) -> Settings:
    """Read file and environment; `overrides` (from the command line) win over both.

    Raises SettingsError naming each wrong setting, what was read and what is allowed.
    """
    given = {name: str(value) for name, value in overrides.items() if value is not None}
    for name, value in given.items():
        os.environ[PREFIX + name.upper()] = value
    path, values = _read_file()
    unknown = sorted(set(values) - set(Settings.model_fields))
    if unknown:
        raise SettingsError(
            f"{path}: there is no setting named {unknown[0]}.",
            remedy=f"Allowed are: {', '.join(sorted(Settings.model_fields))}.",
        )
    _refuse_unknown_environment()
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _read_file() -> tuple[Path, dict[str, Any]]:
    data = Path(os.environ.get(PREFIX + "DATA") or Settings.model_fields["data"].default)
    named = os.environ.get(PREFIX + "CONFIG")
    path = Path(named) if named else data / "fanlight.toml"
    if not path.exists():
        if named:
            raise SettingsError(f"FANLIGHT_CONFIG names {path}, which is not there.")
        return path, {}
    try:
        return path, tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as TOML: {error}.") from None


def _refuse_unknown_environment() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "CONFIG"}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(
                f"{name} is set, but there is no such setting.",
                remedy=f"Allowed are: {', '.join(sorted(known))}.",
            )


def _explain(error: ValidationError) -> str:
    lines: list[str] = []
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        field = Settings.model_fields.get(name)
        secret = field is not None and field.annotation is SecretStr
        read = "(hidden)" if secret else repr(problem.get("input"))
        about = f" {field.description}" if field and field.description else ""
        lines.append(
            f"{PREFIX}{name.upper()} (in the file: {name}) is {read}: {problem['msg']}.{about}"
        )
    return "\n".join(lines)
