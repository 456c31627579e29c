"""Accounts over a real catalogue, with a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fanlight.accounts import Accounts
from fanlight.model import SERVER, Actor, Role

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue
    from fanlight.model import User, WebSession

PASSWORD = "correct horse battery"
HOME = "192.0.2.1"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class House:
    """One process's accounts."""

    catalogue: Catalogue
    clock: Clock
    accounts: Accounts

    def process(self) -> Accounts:
        """The accounts of another process over the same catalogue."""
        return Accounts(self.catalogue, clock=self.clock, session_days=14, upload_code="hush")

    async def add(self, name: str, role: Role = Role.MEMBER) -> User:
        return await self.accounts.add_user(SERVER, name, PASSWORD, role=role)

    async def sign_in(
        self, name: str = "ada", password: str = PASSWORD, address: str = HOME
    ) -> tuple[WebSession, str]:
        return await self.accounts.sign_in(
            name, password, address=address, user_agent="Browser 1.0"
        )

    async def signed_in(self, name: str = "ada") -> Actor:
        return await self.accounts.actor_for_session((await self.sign_in(name))[1])

    @property
    def events(self) -> list[str]:
        page = self.catalogue.read_now(lambda records: records.events.page())
        return [repr(event) for event in page.items]
