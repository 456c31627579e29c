"""What is special to PostgreSQL: lost connections, and transactions that come in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from fanlight.catalogue import Catalogue, Records, Seal
from fanlight.errors import CatalogueUnavailable
from fanlight.model import PlacementState
from tests.support.catalogues import KEY
from tests.support.postgres import serving
from tests.support.records import CHANNEL, a_placement, an_asset, fill, put_channel

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def catalogue(postgres_url: str) -> Generator[Catalogue]:
    catalogue = Catalogue.open(postgres_url, seal=Seal([KEY]), threads=3)
    yield catalogue
    catalogue.close()


def cut_all(url: str) -> None:
    """End every other connection to a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_lost_connection_is_made_again(catalogue: Catalogue, postgres_url: str) -> None:
    fill(catalogue, an_asset())
    for _ in range(2):
        cut_all(postgres_url)
        assert catalogue.read_now(lambda records: records.assets.get("a1")).id == "a1"
        cut_all(postgres_url)
        catalogue.write_now(lambda records: records.assets.update("a1", name="x"))


def test_a_connection_lost_in_the_middle_of_a_write_is_told(
    catalogue: Catalogue, postgres_url: str
) -> None:
    def unit(records: Records) -> None:
        records.settings.set("a", 1)
        cut_all(postgres_url)
        records.settings.set("b", 1)

    with pytest.raises(CatalogueUnavailable):
        catalogue.write_now(unit)
    assert catalogue.read_now(lambda records: records.settings.all()) == {}
    catalogue.write_now(lambda records: records.settings.set("c", 1))


def test_a_server_that_is_gone_is_told() -> None:
    with serving() as server:
        server.run("CREATE DATABASE short")
        catalogue = Catalogue.open(server.url("short"), seal=Seal([KEY]))
        catalogue.write_now(lambda records: records.settings.set("a", 1))
    for _ in range(2):
        with pytest.raises(CatalogueUnavailable):
            catalogue.read_now(lambda records: records.settings.all())
        with pytest.raises(CatalogueUnavailable):
            catalogue.write_now(lambda records: records.settings.set("b", 1))
    catalogue.close()


def test_who_loses_a_deadlock_is_run_again(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1), an_asset(2))
    both = threading.Barrier(2)
    runs: list[str] = []

    def cross(first: str, second: str) -> None:
        waited: list[bool] = []

        def unit(records: Records) -> None:
            runs.append(first)
            records.session.do("SET LOCAL deadlock_timeout = '20ms'")
            records.assets.update(first, name=f"by {first}")
            if not waited:
                waited.append(True)
                both.wait(10)
            records.assets.update(second, name=f"by {first}")

        catalogue.write_now(unit)

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(cross, "a1", "a2"), pool.submit(cross, "a2", "a1")]:
            future.result(30)
    assert len(runs) > 2
    names = catalogue.read_now(
        lambda records: {records.assets.get("a1").name, records.assets.get("a2").name}
    )
    assert names in ({"by a1"}, {"by a2"})


def test_an_object_is_not_given_up_while_it_is_linked(catalogue: Catalogue) -> None:
    """One links new content to a stored object, the other is about to delete that object."""
    fill(catalogue, an_asset(1, sha256="e" * 64, size=5))
    fill(catalogue, an_asset(2))
    found, go_on = threading.Event(), threading.Event()

    def link(records: Records) -> None:
        same = records.assets.same_content("e" * 64, 5, CHANNEL)
        assert same is not None
        found.set()
        go_on.wait(10)
        records.placements.add(
            a_placement(an_asset(2), id="linked", primary=False, locator=same.locator)
        )

    def give_up(records: Records) -> int:
        return records.placements.sharing(CHANNEL, "/a1")

    with ThreadPoolExecutor(2) as pool:
        linking = pool.submit(catalogue.write_now, link)
        assert found.wait(10)
        giving_up = pool.submit(catalogue.write_now, give_up)
        with pytest.raises(TimeoutError):
            giving_up.result(0.2)
        go_on.set()
        linking.result(10)
        assert giving_up.result(10) == 2


def test_an_object_on_its_way_out_is_not_linked_any_more(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1, sha256="e" * 64, size=5))
    marked, go_on = threading.Event(), threading.Event()

    def give_up(records: Records) -> None:
        assert records.placements.sharing(CHANNEL, "/a1") == 1
        records.placements.update("p-a1", state=PlacementState.DELETING)
        marked.set()
        go_on.wait(10)

    with ThreadPoolExecutor(2) as pool:
        giving_up = pool.submit(catalogue.write_now, give_up)
        assert marked.wait(10)
        linking = pool.submit(
            catalogue.write_now, lambda records: records.assets.same_content("e" * 64, 5, CHANNEL)
        )
        with pytest.raises(TimeoutError):
            linking.result(0.2)
        go_on.set()
        giving_up.result(10)
        assert linking.result(10) is None


def test_common_and_rare_words_are_found_where_they_lie(catalogue: Catalogue) -> None:
    """Whether among the last added or by the index, over the seams of batches, with filters."""
    names = [
        f"{'early' if n < 3000 else 'late'} {'rare' if n % 700 == 0 else ''}" for n in range(6000)
    ]

    def add(records: Records) -> None:
        put_channel(records)
        assets = [
            an_asset(n, name=name, folder="odd" if n % 2 else "even")
            for n, name in enumerate(names)
        ]
        records.assets.add_many((asset, a_placement(asset), f"{asset.id}.jpg") for asset in assets)

    catalogue.write_now(add)

    def search(query: str, **wanted: object) -> list[int]:
        found: list[int] = []
        after = None
        while True:
            page = catalogue.read_now(
                lambda records, after=after: records.assets.search(
                    query,
                    after=after,
                    limit=500,
                    **wanted,  # pyright: ignore[reportArgumentType]
                )
            )
            found += [int(asset.id[1:]) for asset in page.items]
            if (after := page.next) is None:
                return found

    assert search("early") == list(range(2999, -1, -1))
    assert search("late") == list(range(5999, 2999, -1))
    assert search("rare") == list(range(5600, -1, -700))
    assert search("early", folder="odd") == list(range(2999, -1, -2))
    assert search("ra", folder="even") == list(range(5600, -1, -700))
    assert search("never") == search("zz") == []
