"""Drawings are looked through before they are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanlight.errors import BrokenPicture, PictureTooLarge
from fanlight.renditions.decoders import svg
from tests.support.originals import good


def opened(tmp_path: Path, inside: str = "", before: str = "") -> None:
    path = tmp_path / "drawing.svg"
    path.write_bytes(good.svg(inside, before))
    svg.open_path(str(path)).close()


def test_what_a_drawing_program_writes_is_taken(tmp_path: Path) -> None:
    namespace = '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/1999/xlink">]>'
    icons = '<symbol id="leaf"><path d="M0 0h9"/></symbol>' + '<use href="#leaf"/>' * 500
    shades = '<linearGradient id="shade"><stop/><stop/></linearGradient>'
    shaded = '<rect style="fill: url(#shade)" width="9" height="9"/>' * 500
    opened(tmp_path, icons + shades + shaded, namespace)


@pytest.mark.parametrize(
    "link", ['<use href="#{}"/>', '<use xlink:href="#{}"/>', "<rect fill=\"url('#{}')\"/>"]
)
def test_little_that_becomes_much_is_too_large(tmp_path: Path, link: str) -> None:
    nested = '<g id="n0"><path d="M0 0h9"/></g>'
    for number in range(1, 9):
        nested += f'<pattern id="n{number}">{link.format(f"n{number - 1}") * 10}</pattern>'
    with pytest.raises(PictureTooLarge):
        opened(tmp_path, nested)


def test_a_circle_of_references_is_no_more_than_its_elements(tmp_path: Path) -> None:
    opened(tmp_path, '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')


def test_a_chain_of_references_has_an_end(tmp_path: Path) -> None:
    chain = "".join(f'<g id="n{number + 1}"><use href="#n{number}"/></g>' for number in range(999))
    with pytest.raises(PictureTooLarge):
        opened(tmp_path, "<use href='#n999'/>" + chain)


@pytest.mark.parametrize(
    "entity",
    ['x SYSTEM "file:///etc/hostname"', '% x "y"', 'x "&y;"', f'x "{"y" * 201}"'],
)
def test_entities_that_are_more_than_a_short_text_are_refused(tmp_path: Path, entity: str) -> None:
    with pytest.raises(BrokenPicture):
        opened(tmp_path, before=f"<!DOCTYPE svg [<!ENTITY {entity}>]>")
