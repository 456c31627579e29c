"""Brings colours to sRGB, eight bits each, with or without alpha."""

from __future__ import annotations

from typing import Any

import pyvips

from fanlight.renditions import fields
from fanlight.renditions.steps import srgb

_SRGB, _GREY = ("srgb", "rgb"), ("b-w",)


def to_srgb(image: pyvips.Image) -> pyvips.Image:
    """By the profile it came with; without one by what its numbers usually mean."""
    if image.interpretation == "cmyk" and image.bands >= 4:
        return _plain(_convert(image, "cmyk"))
    profile = fields.blob(image, fields.PROFILE)
    if profile and not srgb.is_srgb(profile):
        return _plain(_convert(image, None))
    return _plain(image)


def _convert(image: pyvips.Image, otherwise: str | None) -> pyvips.Image:
    """Through the embedded profile, else through the one named `otherwise`."""
    named: dict[str, Any] = {"input_profile": otherwise} if otherwise else {}
    try:
        return image.icc_transform(
            "srgb", embedded=True, intent="perceptual", black_point_compensation=True, **named
        )
    except pyvips.Error:  # a profile that is damaged, or is for other colours than these
        return image


def _plain(image: pyvips.Image) -> pyvips.Image:
    """What stands in the numbers as eight bits of sRGB, without bands that nobody can see."""
    if image.interpretation not in _SRGB or image.bands < 3:
        image = image.colourspace("srgb")
    if image.format != "uchar":
        image = image.cast("uchar", shift=image.format == "ushort")
    return image.extract_band(0, n=4) if image.bands > 4 else image


def drop_opaque_alpha(image: pyvips.Image) -> pyvips.Image:
    """Take away an alpha band that hides nothing. The pixels must be in memory."""
    if image.bands == 4 and not _seen_through(image):
        return image.extract_band(0, n=3)
    return image


def _seen_through(image: pyvips.Image) -> bool:
    least: Any = image.extract_band(3).min()
    return bool(least < 255)
