"""Addresses as QR codes, for paper and screens."""

from __future__ import annotations

from io import BytesIO

SVG = "image/svg+xml"


def qr_code(address: str) -> bytes:
    """An address as a QR code in black on white, as SVG."""
    import segno  # only who prints pays for it

    drawn = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", scale=8, border=4, light="#ffffff", xmldecl=False)
    return drawn.getvalue()
