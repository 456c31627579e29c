"""Where services are, and how they are reached: settings."""

from __future__ import annotations

import pytest

from fanlight.config import load
from fanlight.errors import SettingsError


def test_services_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANLIGHT_SERVICES", "one=http://127.0.0.1:4/, two-b=https://gate.example")
    assert load().addresses == {"one": "http://127.0.0.1:4", "two-b": "https://gate.example"}


@pytest.mark.parametrize("value", ["one", "one=", "one=ftp://a", "=http://a", "One=http://a"])
def test_a_service_is_a_provider_and_an_address(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FANLIGHT_SERVICES", value)
    with pytest.raises(SettingsError):
        load()


def test_a_proxy_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANLIGHT_PROXY", "proxy.example:3128")
    with pytest.raises(SettingsError):
        load()
