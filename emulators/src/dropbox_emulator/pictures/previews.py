"""Previews of office documents: a plain PDF or HTML page with the document's own text.

The real service renders layout; here the words are enough to tell one document from another.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

# Extensions and results as the documentation of get_preview lists them.
PDF_EXTENSIONS = frozenset(
    "ai doc docm docx eps gdoc gslides odp odt pps ppsm ppsx ppt pptm pptx rtf".split()  # noqa: SIM905
)
HTML_EXTENSIONS = frozenset({"csv", "ods", "xls", "xlsm", "gsheet", "xlsx"})
_TEXT_PARTS = re.compile(r"(word/document|ppt/slides/slide\d+|content|xl/sharedStrings)\.xml$")
_LINES = 56
_MAX_LINES = 500


def preview_kind(name: str) -> str | None:
    """``pdf``, ``html``, or ``None`` if there is no preview of such files."""
    extension = name.lower().rpartition(".")[2]
    if extension in PDF_EXTENSIONS:
        return "pdf"
    return "html" if extension in HTML_EXTENSIONS else None


def make_preview(source: Path, name: str, kind: str) -> bytes | None:
    """The preview, or ``None`` if the file is not what its name says."""
    try:
        if kind == "html":
            return _page(name, _rows(source, name))
        return _pdf(name, _words(source, name))
    except (zipfile.BadZipFile, ElementTree.ParseError, UnicodeError, csv.Error):
        return None


def _words(source: Path, name: str) -> list[str]:
    if name.lower().endswith(
        (".docx", ".docm", ".odt", ".odp", ".pptx", ".pptm", ".ppsx", ".ppsm")
    ):
        return [line for line in _xml_texts(source) if line]
    text = source.read_bytes()[: 256 * 1024].decode("latin-1")
    printable = re.findall(r"[\x20-\x7e\xa0-\xff]{6,}", text)
    return printable[:_MAX_LINES]


def _xml_texts(source: Path) -> Iterable[str]:
    with zipfile.ZipFile(source) as archive:
        for part in sorted(archive.namelist()):
            if _TEXT_PARTS.search(part):
                root = ElementTree.fromstring(archive.read(part))
                for element in root.iter():
                    if element.tag.rpartition("}")[2] in ("p", "h", "si"):
                        yield "".join(element.itertext()).strip()


def _rows(source: Path, name: str) -> list[list[str]]:
    if name.lower().endswith(".csv"):
        text = source.read_bytes()[: 1024 * 1024].decode("utf-8-sig", "replace")
        return list(csv.reader(io.StringIO(text)))[:_MAX_LINES]
    if name.lower().endswith((".xlsx", ".xlsm", ".ods")):
        return [[text] for text in _xml_texts(source) if text][:_MAX_LINES]
    return [[line] for line in _words(source, name)]


def _page(name: str, rows: list[list[str]]) -> bytes:
    cells = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(name)}</title>'
        f"</head><body><table>\n{cells}\n</table></body></html>"
    ).encode()


def _pdf(title: str, lines: list[str]) -> bytes:
    wrapped = [title, "", *(line[i : i + 90] for line in lines for i in range(0, len(line), 90))]
    wrapped = wrapped[:_MAX_LINES]
    pages = [wrapped[i : i + _LINES] for i in range(0, len(wrapped), _LINES)]
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    for number, page in enumerate(pages):
        content = _page_content(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            + f"{5 + 2 * number} 0 R".encode()
            + b" /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _assemble(objects)


def _page_content(lines: list[str]) -> bytes:
    out = [b"BT /F1 10 Tf 13 TL 50 790 Td"]
    for line in lines:
        data = line.encode("cp1252", "replace")
        for mark in (b"\\", b"(", b")"):
            data = data.replace(mark, b"\\" + mark)
        out.append(b"(" + data + b") Tj T*")
    return b"\n".join([*out, b"ET"])


def _assemble(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
