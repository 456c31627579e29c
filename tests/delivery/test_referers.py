"""The Referer allow list goes by exact host."""

from __future__ import annotations

import pytest

from fanlight.delivery.referers import may_embed, normal_hosts
from fanlight.delivery.representation import Rules

HOSTS = normal_hosts(["Example.com", "shop.example.net:8443", "bücher.example"])
RULES = Rules(referers=HOSTS)


@pytest.mark.parametrize(
    "referer",
    [
        "https://example.com/",
        "https://EXAMPLE.com/a?b",
        "http://example.com:81/",
        "https://user:pass@example.com/",
        "https://shop.example.net:8443/",
        "https://xn--bcher-kva.example/x",
        "http://our.host/page",
        "https://our.host:9000/page",
    ],
)
def test_a_listed_host_and_our_own_may_embed(referer: str) -> None:
    assert may_embed(referer, "our.host:8000", RULES)


@pytest.mark.parametrize(
    "referer",
    [
        "https://www.example.com/",
        "https://example.com.evil.test/",
        "https://notexample.com/",
        "https://evil.test/?https://example.com/",
        "https://evil.test/#example.com",
        "https://example.com@evil.test/",
        "https://shop.example.net/",
        "https://shop.example.net:8444/",
        "example.com",
        "about:blank",
        "https://",
        "https://[::1/",
        "https://example.com:99999/",
        "\x00",
    ],
)
def test_any_other_page_may_not(referer: str) -> None:
    assert not may_embed(referer, "our.host:8000", RULES)


def test_no_referer_goes_by_the_setting() -> None:
    assert may_embed("", "our.host", RULES)
    assert not may_embed("", "our.host", Rules(referers=HOSTS, referer_missing=False))


def test_our_own_host_may_be_an_address() -> None:
    assert may_embed("http://[::1]:8000/", "[::1]:8000", RULES)
    assert not may_embed("http://[::2]:8000/", "[::1]:8000", RULES)
    assert not may_embed("http://x.test/", "[broken", RULES)
