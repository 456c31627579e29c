"""Names that people, cameras and attackers give."""

from __future__ import annotations

NAMES = {
    "space": "a b",
    "leading space": " a",
    "trailing space": "a ",
    "trailing dot": "a.",
    "hidden": ".hidden",
    "three dots": "...",
    "comma": "a,b",
    "percent slash": "a%2Fb",
    "percent": "100%",
    "question": "a?b#c",
    "backslash": "a\\b",
    "quote": "a'b\"c",
    "glob": "[a]*?",
    "dash": "-rf",
    "tilde": "~",
    "device": "CON",
    "device with extension": "nul.txt",
    "colon": "a:b",
    "emoji": "😀👩‍👩‍👧.jpg",
    "rtl": "صورة.jpg",
    "bidi control": "a\u202egpj.exe",
    "bidi control newline": "a\u202e\u0085b",
    "nfc": "caf\u00e9",
    "combining pile": "q" + "\u0301" * 20,
    "beyond the first plane": "𠜎𠜱",
    "255 bytes": "x" * 251 + ".jpg",
    "255 bytes of emoji": "😀" * 63 + "abc",
    "256 bytes": "x" * 252 + ".jpg",
    "newline": "a\nb",
    "tab": "a\tb",
    "delete": "a\x7fb",
}
"""Every provider keeps each of them as it is, or says BadLocator and declares that it does."""

FORBIDDEN = {
    "nul": "a\0b",
    "dot": "a/./b",
    "dots": "a/../b",
    "up": "../a",
    "up only": "..",
    "absolute": "/etc/passwd",
    "double slash": "a//b",
    "trailing slash": "a/",
    "surrogate": "a\ud800",
    "ours": ".fanlight/a",
    "ours below": "a/.fanlight/b",
}
"""No provider takes these, to write or to read."""
