"""Frames of a page that is scrolled, out of the browser's own trace.

A frame lasts from what was drawn before to what is drawn next, while the compositor wants to draw:
the time for which a person sees a picture that stands still. On a machine without a graphics card
the browser draws with the processor.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    Session = Any
    """Of the browser's own protocol; its types are not known in full."""
    Move = Callable[[Page, Session], None]

CATEGORIES = ("devtools.timeline", "disabled-by-default-devtools.timeline.frame", "toplevel")
RESTS_MS = 1500
"""After all has come that the page asks for by itself."""
WHEELED, WHEEL_SPEED = 24_000, 6000
"""Pixels, and pixels a second."""
FLINGS, FLOWN_MS = 6, 900


@dataclass(frozen=True, slots=True)
class Scrolled:
    """How a page took it, in milliseconds."""

    frames: tuple[float, ...]
    """How long each frame was seen."""
    tasks: tuple[float, ...]
    """What each piece of work of the main thread took of the processor."""
    far: float
    """Pixels."""

    @property
    def longest(self) -> float:
        """The longest frame."""
        return max(self.frames)

    def over(self, limit: float) -> int:
        """How many frames were longer."""
        return sum(one > limit for one in self.frames)


def scrolled(opened: Browser, context: BrowserContext, url: str, move: Move, to: Path) -> Scrolled:
    """Open a page, let it come to rest, and trace it while it is moved; the context is closed."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(RESTS_MS)
    session = context.new_cdp_session(page)
    opened.start_tracing(page=page, path=to, categories=[*CATEGORIES])
    move(page, session)
    opened.stop_tracing()
    far = float(page.evaluate("scrollY"))
    context.close()
    events = json.loads(to.read_text("utf-8"))["traceEvents"]
    return Scrolled(tuple(_frames(events)), tuple(_tasks(events)), far)


def by_wheel(page: Page, session: Session) -> None:
    """Turn the wheel down without a pause."""
    size = page.viewport_size
    assert size is not None
    gesture = {"yDistance": -WHEELED, "speed": WHEEL_SPEED, "gestureSourceType": "mouse"}
    middle = {"x": size["width"] / 2, "y": size["height"] / 2}
    session.send("Input.synthesizeScrollGesture", gesture | middle)


def by_thumb(page: Page, session: Session) -> None:
    """Fling the page again and again, and let it fly."""
    size = page.viewport_size
    assert size is not None
    x, low, high = size["width"] / 2, int(size["height"] * 0.85), int(size["height"] * 0.15)

    def touch(kind: str, *at: int) -> None:
        points = [{"x": x, "y": y} for y in at]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for _ in range(FLINGS):
        touch("touchStart", low)
        for y in range(low - 60, high, -60):
            touch("touchMove", y)
        touch("touchEnd")
        page.wait_for_timeout(FLOWN_MS)


# --- the trace ----------------------------------------------------------------------------------

Event = dict[str, Any]


def _of_thread(events: list[Event], name: str) -> list[Event]:
    """What the threads of that name did, in order: the page's, which is the only one there is."""
    threads = {
        (one["pid"], one["tid"])
        for one in events
        if one.get("name") == "thread_name" and one["args"].get("name") == name
    }
    found = (one for one in events if (one["pid"], one["tid"]) in threads and "ts" in one)
    return sorted(found, key=lambda one: float(one["ts"]))


def _frames(events: list[Event]) -> Iterator[float]:
    shown: float | None = None  # since when the same picture is seen, while another one is wanted
    for one in _of_thread(events, "Compositor"):
        match one["name"]:
            case "NeedsBeginFrameChanged":
                if not one["args"]["data"]["needsBeginFrame"]:
                    shown = None
            case "BeginFrame":
                shown = one["ts"] if shown is None else shown
            case "DrawFrame":
                if shown is not None:
                    yield (one["ts"] - shown) / 1000
                shown = one["ts"]
            case "PipelineReporter" if one["ph"] == "b":
                if one["args"]["frame_reporter"]["state"] == "STATE_NO_UPDATE_DESIRED":
                    shown = None
            case _:
                pass


def _tasks(events: list[Event]) -> Iterator[float]:
    for one in _of_thread(events, "CrRendererMain"):
        if str(one["name"]).endswith("RunTask") and "tdur" in one:
            yield one["tdur"] / 1000
