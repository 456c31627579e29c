"""A worker for each module: others count and kill the workers that a test process has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from fanlight.model import Facts
from fanlight.renditions.order import Done, Made, Output
from fanlight.renditions.recipes import Format, Recipe
from tests.support.originals import good
from tests.support.workers import Worker


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as started:
        yield started


@dataclass(frozen=True)
class Maker:
    """Makes renditions of good originals, and opens them with another library than made them."""

    worker: Worker
    folder: Path

    def order(self, data: bytes, *outputs: tuple[Recipe, Format | None, bool]) -> Done:
        wanted = [
            Output(recipe, form, str(self.folder / f"made-{number}"), webp)
            for number, (recipe, form, webp) in enumerate(outputs)
        ]
        done = self.worker.make(self.folder, data, *wanted)
        assert isinstance(done, Done), done
        return done

    def make(
        self,
        name: str,
        recipe: Recipe = Recipe(240, 240),  # noqa: B008  (a frozen record)
        form: Format | None = None,
        *,
        webp: bool = True,
    ) -> tuple[Image.Image, Made]:
        (made,) = self.order(good.made(name), (recipe, form, webp)).made
        with Image.open(made.target) as shown:
            shown.load()
        return shown, made

    def facts(self, name: str) -> Facts:
        facts = self.order(good.made(name)).facts
        assert facts is not None
        return facts


@pytest.fixture
def maker(worker: Worker, tmp_path: Path) -> Maker:
    return Maker(worker, tmp_path)
