"""Renditions as others hold them: real pictures, real workers, and everything that goes wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import pyvips
from structlog.testing import capture_logs

from fanlight.errors import (
    BrokenPicture,
    FanlightError,
    ObjectChanged,
    ObjectMissing,
    Overloaded,
    UnreadablePicture,
)
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import PRESETS, Fit, Format, Recipe
from fanlight.renditions.renditions import Key, Rendition, Renditions
from fanlight.scratch import YOUNG, Scratch
from tests.renditions.rig import Original, opened, photo, until
from tests.storage.disks import TINY, read_only, tiny_disk

pytestmark = pytest.mark.anyio

THUMB, SMALL, MEDIUM = PRESETS["thumb"], PRESETS["small"], PRESETS["medium"]


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that must be empty in the end."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def original(tmp_path: Path) -> Original:
    return Original(photo(tmp_path / "photo.jpg"))


def key(source: Original, recipe: Recipe = THUMB, form: Format | None = None) -> Key:
    return Key(source.content, recipe, form)


def size_of(rendition: Rendition) -> tuple[int, int]:
    picture = pyvips.Image.new_from_file(str(rendition.path))
    return picture.width, picture.height


def there(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_rendition_is_made_once_and_kept(tmp_path: Path, original: Original) -> None:
    async with opened(tmp_path / "cache") as renditions:
        assert renditions.kept(key(original)) is None
        made = await renditions.make(key(original), original)
        assert size_of(made) == (made.width, made.height) == (320, 213)
        assert made.media_type == "image/webp"
        assert made.size == made.path.stat().st_size
        assert renditions.kept(key(original)) == made
        assert await renditions.make(key(original), original) == made
        assert (original.fetched, renditions.figures.made, renditions.figures.hits) == (1, 1, 2)


async def test_nothing_is_left_of_it_but_the_cache(
    tmp_path: Path, original: Original, temporary: Path
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        await renditions.make(key(original), original)
        assert there(tmp_path / "cache") == [renditions_path(renditions, original)]
    assert list(temporary.iterdir()) == []
    assert len(there(tmp_path / "cache")) == 1
    assert list((tmp_path / "cache" / "unfinished").iterdir()) == []


def renditions_path(renditions: Renditions, original: Original) -> Path:
    kept = renditions.kept(key(original))
    assert kept is not None
    return kept.path


async def test_who_is_busy_already_is_among_those_who_are_expected(
    tmp_path: Path, original: Original
) -> None:
    async with opened(tmp_path / "cache", workers=2) as renditions:
        making = asyncio.create_task(renditions.make(Key("a", PRESETS["thumb"]), original))
        await until(lambda: renditions.figures.workers)
        renditions.expect(8)
        await until(lambda: renditions.figures.workers == 2)
        await making
        assert renditions.figures.workers == 2


async def test_two_hundred_requests_at_once_cause_one_decode(
    tmp_path: Path, original: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        made = await asyncio.gather(*(renditions.make(key(original), original) for _ in range(200)))
        assert len({rendition.key for rendition in made}) == 1
        assert (original.fetched, renditions.figures.made) == (1, 1)


async def test_one_decode_makes_all_that_will_be_wanted(tmp_path: Path) -> None:
    original = Original(photo(tmp_path / "large.jpg", 3000, 2000))
    async with opened(tmp_path / "cache") as renditions:
        await renditions.make(key(original), original, also=(SMALL, MEDIUM))
        sizes = {
            kept.width
            for recipe in (THUMB, SMALL, MEDIUM)
            if (kept := renditions.kept(key(original, recipe)))
        }
        assert sizes == {320, 640, 1280}
        assert original.fetched == 1


async def test_facts_come_with_renditions_in_the_same_decode(
    tmp_path: Path, original: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        facts = await renditions.take_facts(original, outputs=(key(original),))
        assert (facts.width, facts.height) == (600, 400)
        assert renditions.kept(key(original)) is not None
        again = await renditions.take_facts(original, outputs=(key(original),))
        assert (again.width, again.height) == (600, 400)
        assert (original.fetched, renditions.figures.made) == (2, 1)


async def test_what_is_kept_is_found_after_a_restart(tmp_path: Path, original: Original) -> None:
    async with opened(tmp_path / "cache") as renditions:
        made = await renditions.make(key(original), original)
    async with opened(tmp_path / "cache") as renditions:  # before the folder has been walked, too
        assert await renditions.make(key(original), original) == made
        assert renditions.figures.made == 0


async def test_two_processes_share_what_they_make(tmp_path: Path, original: Original) -> None:
    async with opened(tmp_path / "cache") as one, opened(tmp_path / "cache") as other:
        made = await one.make(key(original), original)
        assert await other.make(key(original), original) == made
        assert (one.figures.made, other.figures.made) == (1, 0)


# --- a larger one that is kept


@pytest.fixture
async def large(tmp_path: Path) -> Original:
    return Original(photo(tmp_path / "large.jpg", 3000, 2000))


async def test_a_larger_rendition_serves_in_place_of_the_original(
    tmp_path: Path, large: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        await renditions.make(key(large, MEDIUM), large)
        made = await renditions.make(key(large, THUMB), large, also=(SMALL,))
        assert size_of(made) == (320, 213)
        assert renditions.kept(key(large, SMALL)) is not None
        jpeg = await renditions.make(key(large, THUMB, Format.JPEG), large)
        assert jpeg.media_type == "image/jpeg"
        assert large.fetched == 1


async def test_what_is_made_again_of_other_bytes_has_another_key(
    tmp_path: Path, large: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        made = await renditions.make(key(large), large)
        await renditions.make(key(large, MEDIUM), large)
        made.path.unlink()
        renditions.forget(made)
        again = await renditions.make(key(large), large)
        assert again.key != made.key
        assert again.digest == made.digest == key(large).digest


async def test_one_that_is_not_from_the_original_does_not(tmp_path: Path, large: Original) -> None:
    async with opened(tmp_path / "cache") as renditions:
        medium = await renditions.make(key(large, MEDIUM), large)
        await renditions.make(key(large, SMALL), large)
        medium.path.unlink()
        renditions.forget(medium)
        await renditions.make(key(large, Recipe(100, 100)), large)
        assert large.fetched == 2


@pytest.mark.parametrize(
    ("recipe", "form"),
    [
        (Recipe(1000, 1000), None),  # not small enough
        (Recipe(200, 200, Fit.COVER), None),
        (THUMB, Format.PNG),
    ],
)
async def test_one_that_does_not_do_is_passed_over(
    tmp_path: Path, large: Original, recipe: Recipe, form: Format | None
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        await renditions.make(key(large, MEDIUM), large)
        await renditions.make(key(large, recipe, form), large)
        assert large.fetched == 2


async def test_a_larger_one_that_has_vanished_or_is_spoilt_is_made_up_for(
    tmp_path: Path, large: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        medium = await renditions.make(key(large, MEDIUM), large)
        medium.path.write_bytes(b"rubbish")
        assert size_of(await renditions.make(key(large, THUMB), large)) == (320, 213)
        medium = await renditions.make(key(large, MEDIUM), large)
        medium.path.unlink()
        assert size_of(await renditions.make(key(large, SMALL), large)) == (640, 427)
        assert large.fetched == 4


# --- originals that are bad, or change


async def test_a_bad_original_is_an_error_and_its_neighbours_are_not(
    tmp_path: Path, original: Original
) -> None:
    (tmp_path / "bad").write_bytes(b"no picture at all")
    (tmp_path / "short").write_bytes(original.path.read_bytes()[:200])
    bad, short = Original(tmp_path / "bad"), Original(tmp_path / "short")
    async with opened(tmp_path / "cache") as renditions:
        results = await asyncio.gather(
            *(renditions.make(key(each), each) for each in (bad, original, short)),
            return_exceptions=True,
        )
        assert isinstance(results[0], UnreadablePicture)
        assert isinstance(results[1], Rendition)
        assert isinstance(results[2], BrokenPicture)
        assert renditions.figures.failed == {"picture-unreadable": 1, "picture-broken": 1}
        assert len(there(tmp_path / "cache")) == 1


async def test_nothing_is_kept_of_an_original_that_changed_meanwhile(
    tmp_path: Path, large: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:

        async def change() -> None:
            while not there(tmp_path / "cache"):
                await asyncio.sleep(0.001)  # the worker writes
            large.path.write_bytes(large.path.read_bytes() + b"more")

        making = renditions.make(key(large, MEDIUM), large, also=(SMALL, THUMB))
        made, _ = await asyncio.gather(making, change(), return_exceptions=True)
        assert isinstance(made, ObjectChanged)
        assert made.temporary
        assert there(tmp_path / "cache") == []


async def test_an_original_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    gone = Original(tmp_path / "gone")
    async with opened(tmp_path / "cache") as renditions:
        with pytest.raises(ObjectMissing):
            await renditions.make(key(gone), gone)


async def test_what_a_source_raises_reaches_who_asked(tmp_path: Path, original: Original) -> None:
    class Failing(Original):
        def local(self):  # pyright: ignore[reportIncompatibleMethodOverride]
            raise ObjectMissing("It was moved.")

    async with opened(tmp_path / "cache") as renditions:
        with pytest.raises(ObjectMissing, match="moved"):
            await renditions.make(key(original), Failing(original.path))
        assert await renditions.make(key(original), original)


# --- workers that die, viewers that leave


async def test_a_worker_killed_in_mid_picture_costs_nothing(
    tmp_path: Path, large: Original, original: Original
) -> None:
    async with opened(tmp_path / "cache", workers=1) as renditions:
        making = asyncio.create_task(renditions.make(key(large, MEDIUM), large))
        while not (pids := workers_of(os.getpid())):
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        try:
            made = await making
        except Overloaded as error:  # killed before it was ready: come again
            await asyncio.sleep(error.retry_after or 0)
            made = await renditions.make(key(large, MEDIUM), large)
        assert size_of(made) == (1280, 853)
        assert await renditions.make(key(original), original)


def workers_of(parent: int) -> list[int]:
    """The worker processes that a process has started."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes()
            above = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"fanlight.renditions.worker" in command and above == parent:
            found.append(int(path.name))
    return found


async def test_an_original_is_let_go_as_soon_as_the_order_is_done(
    tmp_path: Path, original: Original
) -> None:
    async with opened(tmp_path / "cache") as renditions:
        await renditions.make(key(original), original)
        assert original.held == 0
        viewer = asyncio.create_task(renditions.make(key(original, SMALL), original))
        while not original.held:
            await asyncio.sleep(0)
        viewer.cancel()
        await until(lambda: not original.held)
        assert renditions.kept(key(original, SMALL)), "what had begun is finished and kept"


async def test_viewers_who_leave_at_any_moment_leave_nothing_behind(
    tmp_path: Path, temporary: Path
) -> None:
    originals = [Original(photo(tmp_path / f"{n}.jpg")) for n in range(3)]
    async with opened(tmp_path / "cache", workers=2) as renditions:
        for steps in range(60):
            original = originals[steps % 3]
            viewer = asyncio.create_task(
                renditions.make(key(original, Recipe(20 + steps, 50)), original)
            )
            for _ in range(steps):
                await asyncio.sleep(0)
            viewer.cancel()
            await asyncio.wait({viewer})
        await until(lambda: not renditions.figures.running)
        assert renditions.figures.waiting == 0
        assert [original.held for original in originals] == [0, 0, 0]
        made = await asyncio.gather(*(renditions.make(key(each), each) for each in originals))
        assert len(made) == 3
        assert not [path for path in there(tmp_path / "cache") if "unfinished" in path.parts]
    assert list(temporary.iterdir()) == []


async def test_a_close_in_the_middle_of_it_is_quick_and_leaves_nothing(
    tmp_path: Path, temporary: Path
) -> None:
    originals = [Original(photo(tmp_path / f"{n}.jpg", 2000, 1500)) for n in range(6)]
    async with opened(tmp_path / "cache") as renditions:
        viewers = [
            asyncio.create_task(renditions.make(key(each, MEDIUM, Format.AVIF), each, urgency=how))
            for each, how in zip(originals, [*Urgency, *Urgency], strict=True)
        ]
        while renditions.figures.running < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0.3)
    results = await asyncio.gather(*viewers, return_exceptions=True)
    assert all(isinstance(each, (FanlightError, Rendition)) for each in results)
    assert workers_of(os.getpid()) == []
    assert list(temporary.iterdir()) == []


# --- a folder that is no good


async def test_pictures_go_on_when_the_folder_is_deleted(tmp_path: Path) -> None:
    original = Original(photo(tmp_path / "photo.jpg", 1200, 800))
    async with opened(tmp_path / "cache") as renditions:
        made = await renditions.make(key(original, SMALL), original)
        shutil.rmtree(tmp_path / "cache")
        renditions.forget(made)  # as its reader does
        assert size_of(await renditions.make(key(original, SMALL), original)) == (640, 427)
        assert size_of(await renditions.make(key(original, THUMB), original))[0] == 320


async def test_pictures_go_on_when_the_disk_is_full(tmp_path: Path) -> None:
    originals = [Original(photo(tmp_path / f"{n}.jpg", 900, 600)) for n in range(3)]
    with (
        tempfile.TemporaryDirectory(prefix="disk-", dir="/tmp") as name,
        tiny_disk(Path(name)) as real,
    ):
        if not real:
            return  # no limit of a process comes near to a disk that is full
        async with opened(Path(name)) as renditions:
            Path(name, "filling").write_bytes(b"x" * (TINY - 3 * 4096))
            with capture_logs() as logs:
                for each in originals:
                    made = await renditions.make(key(each, SMALL), each)
                    assert size_of(made) == (640, 427)
                    assert renditions.kept(key(each, SMALL)) == made
            assert [log["event"] for log in logs if "unusable" in log["event"]] == [
                "pictures.cache_unusable"
            ]


async def test_pictures_go_on_when_the_folder_takes_no_writes(tmp_path: Path) -> None:
    originals = [Original(photo(tmp_path / f"{n}.jpg")) for n in range(3)]
    with tempfile.TemporaryDirectory(prefix="disk-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        async with opened(Path(name)) as renditions:
            before = await renditions.make(key(originals[0]), originals[0])
        with read_only(Path(name)), capture_logs() as logs:
            async with opened(Path(name)) as renditions:
                assert await renditions.make(key(originals[0]), originals[0]) == before
                for each in originals[1:]:
                    assert size_of(await renditions.make(key(each), each)) == (320, 213)
        assert [log["event"] for log in logs if "unusable" in log["event"]] == [
            "pictures.cache_unusable"
        ]


async def test_without_any_cache_pictures_are_made_all_the_same(
    tmp_path: Path, original: Original
) -> None:
    async with opened(tmp_path / "cache", cache_bytes=0) as renditions:
        made = await renditions.make(key(original), original)
        assert size_of(made) == (320, 213)
        assert there(tmp_path / "cache") == []
        assert renditions.kept(key(original)) == made


# --- a process that is killed


def kill_in_the_middle(command: list[str], temporary: Path, after: int) -> list[int]:
    """Run a maker until it has said so many paths, which must be there; its workers."""
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as maker:
        assert maker.stdout is not None
        said = [Path(maker.stdout.readline().strip()) for _ in range(after)]
        workers = workers_of(maker.pid)
        maker.kill()
    assert all(path.is_file() for path in said), "the maker ended by itself"
    return workers


@pytest.mark.parametrize("round_", range(4))
async def test_a_process_killed_at_any_moment_leaves_no_half_rendition(
    tmp_path: Path, round_: int, temporary: Path
) -> None:
    folder, original = tmp_path / "cache", photo(tmp_path / "photo.jpg", 1200, 900)
    command = [sys.executable, "-m", "tests.renditions.maker_process", str(folder), str(original)]
    workers = kill_in_the_middle(command, temporary, 1 + 7 * round_)
    assert workers
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    visible = [path for path in there(folder) if "unfinished" not in path.parts]
    for path in visible:
        assert pyvips.Image.new_from_file(str(path)).avg() > 0, "it can be decoded to its end"
    long_ago = time.time() - 2 * YOUNG
    for left in (*temporary.iterdir(), *(folder / "unfinished").iterdir()):
        os.utime(left, (long_ago, long_ago))
    async with opened(folder) as renditions:
        bytes_ = sum(path.stat().st_size for path in visible)
        await until(lambda: renditions.figures.kept_bytes == bytes_)
        await until(lambda: not [*temporary.iterdir(), *(folder / "unfinished").iterdir()])


async def test_a_worker_ends_with_its_server_in_the_middle_of_an_order(
    tmp_path: Path, temporary: Path
) -> None:
    folder, original = tmp_path / "cache", photo(tmp_path / "photo.jpg", 4000, 3000)
    command = [sys.executable, "-m", "tests.renditions.maker_process", str(folder), str(original)]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    maker = await asyncio.create_subprocess_exec(*command, "avif", env=environment)
    await until(lambda: len(workers_of(maker.pid)) == 2 and (folder / "unfinished").exists())
    workers = workers_of(maker.pid)
    await asyncio.sleep(0.5)  # they are at work by now, for seconds
    maker.kill()
    await maker.wait()
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    assert there(folder) == [], "a worker went on to the end of its order"


def test_scratch_of_the_living_is_not_swept(tmp_path: Path) -> None:
    living, other = Scratch(tmp_path), Scratch(tmp_path)
    os.utime(living.ready(), (0, 0))
    assert living.folder.stat().st_mode & 0o777 == 0o700, "nobody else looks inside"
    other.sweep()
    assert living.folder.is_dir()
    living.close()
    assert not living.folder.exists()
