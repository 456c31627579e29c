"""What picture an address asks for: presets, sizes, what viewers take, and what is refused."""

from __future__ import annotations

import pytest

from fanlight.errors import Forbidden, Invalid
from fanlight.pictures.forms import USUAL, Form, Taken, preset, sized, sizes, taken
from fanlight.renditions.recipes import PRESETS, Fit, Format, Recipe

BROWSER = b"image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
ANY = sizes(["400xauto", "autox300", "400x300"])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, Taken(webp=True, avif=True)),
        (b"image/webp", Taken(webp=True)),
        (b"IMAGE/WebP ; q=0.5", Taken(webp=True)),
        (b"image/webp;q=0, image/png", Taken()),
        (b"image/webp; q=0.00", Taken()),
        (b"image/webp;q=0.01", Taken(webp=True)),
        (b"*/*", Taken()),
        (b"image/*", Taken()),
        (b"", Taken()),
        (b"\xff\xfe,;;,image/avif", Taken(avif=True)),
    ],
)
def test_only_formats_that_are_named_are_taken(accept: bytes, expected: Taken) -> None:
    assert taken(accept) == expected


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_follows_what_the_viewer_takes(name: str) -> None:
    assert preset(name, b"image/webp") == Form(PRESETS[name], taken=Taken(webp=True))
    assert preset(name, b"*/*") == Form(PRESETS[name])


@pytest.mark.parametrize(
    ("extension", "fixed"),
    [
        ("webp", Format.WEBP),
        ("jpg", Format.JPEG),
        ("jpeg", Format.JPEG),
        ("JPG", Format.JPEG),
        ("png", Format.PNG),
        ("gif", Format.GIF),
        ("avif", Format.AVIF),
    ],
)
def test_an_extension_fixes_the_format_for_everybody(extension: str, fixed: Format) -> None:
    expected = Form(PRESETS["thumb@2x"], fixed)
    assert preset(f"thumb@2x.{extension}", BROWSER) == expected
    assert preset(f"thumb@2x.{extension}", b"") == expected


@pytest.mark.parametrize(
    "text", ["", "huge", "Thumb", "thumb@3x", "thumb.", "thumb.bmp", "thumb/x", "thumb.webp.webp"]
)
def test_there_are_no_other_presets(text: str) -> None:
    assert preset(text, BROWSER) is None


@pytest.mark.parametrize(
    ("parameters", "recipe"),
    [
        ({"width": "400"}, Recipe(400)),
        ({"height": "300"}, Recipe(None, 300)),
        ({"width": "400", "height": "300"}, Recipe(400, 300)),
        ({"width": "400", "fit": "inside"}, Recipe(400)),
        ({"width": "400", "height": "300", "fit": "cover"}, Recipe(400, 300, Fit.COVER)),
        ({"width": "400", "height": "300", "fit": "squeeze"}, Recipe(400, 300, Fit.SQUEEZE)),
        ({"width": "400", "height": "300", "fit": "contain"}, Recipe(400, 300, Fit.CONTAIN)),
    ],
)
def test_a_size_is_a_recipe(parameters: dict[str, str], recipe: Recipe) -> None:
    assert sized(parameters | {"v": "1"}, b"", ANY) == Form(recipe)
    other = sized(parameters | {"fallback": "original"}, b"image/webp", ANY)
    assert other == Form(recipe, taken=Taken(webp=True), fallback=True)


@pytest.mark.parametrize("parameters", [{}, {"v": "1"}, {"fallback": "original"}, {"Width": "400"}])
def test_without_a_size_it_is_the_original(parameters: dict[str, str]) -> None:
    assert sized(parameters, BROWSER, ANY) is None


@pytest.mark.parametrize(
    "parameters",
    [
        *(
            {"width": bad}
            for bad in ("", "0", "-1", "4097", "99999", "1.5", "auto", "\uff14", "4 ")
        ),
        {"width": "400", "height": "x"},
        {"width": "400", "fit": "crop"},
        {"width": "400", "fit": ""},
        {"width": "400", "fit": "cover"},
        {"height": "300", "fit": "squeeze"},
        {"fit": "cover"},
        {"fit": "inside"},
        {"width": "400", "fallback": "yes"},
    ],
)
def test_what_is_no_size_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        sized(parameters, BROWSER, ANY)
    assert caught.value.public_code == "invalid.size"


@pytest.mark.parametrize(
    "parameters", [{"width": "401"}, {"height": "400"}, {"width": "400", "height": "400"}]
)
def test_a_size_that_is_not_listed_is_forbidden(parameters: dict[str, str]) -> None:
    with pytest.raises(Forbidden) as caught:
        sized(parameters, BROWSER, ANY)
    assert caught.value.public_code == "forbidden.size"


def test_a_list_of_sizes_is_read() -> None:
    assert sizes(["320xauto", " AUTOx480", "1280x720", "4096x4096"]) == {
        (320, None),
        (None, 480),
        (1280, 720),
        (4096, 4096),
    }
    assert sizes([]) == USUAL


@pytest.mark.parametrize("written", ["autoxauto", "320", "0x1", "320x", "x", "4097xauto", "3 x 2"])
def test_what_is_no_list_of_sizes_is_named(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a size|is too large"):
        sizes(["320xauto", written])
