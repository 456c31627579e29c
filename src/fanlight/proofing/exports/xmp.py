"""XMP sidecars: what a list says of each photo, to lie beside it.

Sources: the XMP specification, parts 1 and 2 (`xmp:Rating`, `xmp:Label`, `dc:subject`), and
`xmpDM:pick`, by which Lightroom Classic keeps its pick flag. A heart is a pick and a keyword; a
colour is the label of the same English name, as in Lightroom's own set of labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from fanlight.proofing.exports.names import stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fanlight.gallery_model import Pick
    from fanlight.proofing.overview import Taken

_SIDECAR = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"{attributes}>{keywords}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
_KEYWORDS = """
   <dc:subject>
    <rdf:Bag>
     <rdf:li>{keyword}</rdf:li>
    </rdf:Bag>
   </dc:subject>"""


def sidecars(taken: Taken) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each sidecar: `IMG_1.xmp` for `IMG_1.jpg`, once where names agree."""
    seen: set[str] = set()
    for asset, pick in taken.photos:
        name = f"{stem(asset.name)}.xmp"
        if name not in seen:
            seen.add(name)
            yield name, sidecar(pick, taken.given.marked.selection.name)


def sidecar(pick: Pick, list_name: str) -> bytes:
    """What is said of one photo, as XMP in UTF-8."""
    values: dict[str, str] = {}
    if pick.stars:
        values["xmp:Rating"] = str(pick.stars)
    if pick.flag:
        values["xmp:Label"] = pick.flag.value.title()
    if pick.heart:
        values["xmpDM:pick"] = "1"
    if pick.note:
        values["photoshop:Instructions"] = _sayable(pick.note)
    attributes = "".join(f"\n    {name}={quoteattr(value)}" for name, value in values.items())
    keyword = escape(_sayable(f"Picked: {list_name}"))
    keywords = _KEYWORDS.format(keyword=keyword) if pick.heart else ""
    return _SIDECAR.format(attributes=attributes, keywords=keywords).encode()


def _sayable(text: str) -> str:
    """Without what XML 1.0 cannot say."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")
