"""What is known of an asset, as a person reads it: a label and a value each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from fanlight.web import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fanlight.model import Asset, Facts, Spot

Line = tuple[str, str | Markup]


def lines(asset: Asset, facts: Facts | None, places: list[str]) -> list[Line]:
    """All that is known, what a photographer asks for first."""
    told = list(_of_picture(facts)) if facts else []
    return [*_first(asset, facts), *told, *_of_asset(asset, places)]


def _first(asset: Asset, facts: Facts | None) -> Iterator[Line]:
    if asset.taken_at:
        yield "Taken", taken(asset, facts)
    if asset.width and asset.height:
        million = asset.width * asset.height / 1e6
        yield (
            "Pixels",
            f"{asset.width:,} × {asset.height:,}"
            + (f", {million:.1f} megapixels" if million >= 1 else ""),
        )
    if facts and facts.duration:
        yield "Length", duration(facts.duration)


def _of_picture(facts: Facts) -> Iterator[Line]:
    told = (
        ("Caption", facts.caption),
        ("Camera", facts.camera),
        ("Lens", facts.lens),
        ("Exposure", exposure(facts)),
        ("By", facts.creator),
        ("Copyright", facts.copyright),
        ("Keywords", ", ".join(facts.keywords)),
        ("Rating", stars(facts.rating)),
        ("Place", place(facts.spot) if facts.spot else ""),
    )
    yield from ((label, value) for label, value in told if value)


def _of_asset(asset: Asset, places: list[str]) -> Iterator[Line]:
    yield "Size", words.size(asset.size)
    yield "Kind", f"{asset.kind.value.capitalize()}, {asset.media_type}"
    yield "Added", words.moment(asset.created_at)
    if asset.expires_at:
        yield "Expires", words.moment(asset.expires_at)
    yield "Kept in", ", ".join(places)
    yield "Path", asset.alias
    yield "SHA-256", Markup("<code>{}</code>").format(asset.sha256)


def taken(asset: Asset, facts: Facts | None) -> str:
    """When, by the camera's clock as it stood; nothing where it is not known."""
    offset = facts.taken_offset if facts else None
    return words.by_clock(asset.taken_at, offset) if asset.taken_at else ""


def summary(facts: Facts | None) -> str:
    """What a photographer reads first: `Sample Mk II, 1/250 s, f/2.8, ISO 100, 35 mm`."""
    return ", ".join(each for each in (facts.camera, exposure(facts)) if each) if facts else ""


def exposure(facts: Facts) -> str:
    """`1/250 s, f/2.8, ISO 100, 35 mm`, as far as it is known."""
    told = (
        _seconds(facts.exposure) if facts.exposure else "",
        f"f/{facts.aperture:g}" if facts.aperture else "",
        f"ISO {facts.iso}" if facts.iso else "",
        f"{facts.focal_length:g} mm" if facts.focal_length else "",
    )
    return ", ".join(each for each in told if each)


def _seconds(seconds: float) -> str:
    return f"1/{round(1 / seconds)} s" if seconds < 0.4 else f"{seconds:.3g} s"


def duration(seconds: float) -> str:
    """`1:05`, `1:02:03`."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    last = f"{whole % 60:02}"
    return f"{hours}:{minutes:02}:{last}" if hours else f"{minutes}:{last}"


def stars(rating: int | None) -> str:
    """`4 of 5`, or that it was rejected."""
    if rating is None:
        return ""
    return "Rejected" if rating < 0 else f"{rating} of 5"


def place(spot: Spot) -> str:
    """`46.5586° N, 7.9853° E, 2,061 m`."""
    north = f"{abs(spot.latitude):.4f}° {'N' if spot.latitude >= 0 else 'S'}"
    east = f"{abs(spot.longitude):.4f}° {'E' if spot.longitude >= 0 else 'W'}"
    high = "" if spot.altitude is None else f", {spot.altitude:,.0f} m"
    return f"{north}, {east}{high}"
