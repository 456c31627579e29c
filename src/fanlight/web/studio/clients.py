"""What a new token is for: configurations of upload clients, ready to copy, while it is shown.

docs/guides/image-bed.md says the same for people who read.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One value to copy, and the field it goes into."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Client:
    """A program that uploads: where its configuration goes, and what that is."""

    name: str
    where: str
    pieces: tuple[Piece, ...]
    download: str = ""
    """The name of a document that the program opens, with the last piece in it."""

    @property
    def document(self) -> str:
        """That document, as an address."""
        text = self.pieces[-1].text.encode()
        return f"data:application/json;base64,{b64encode(text).decode()}"


def clients(origin: str, token: str) -> tuple[Client, ...]:
    """Every client we know the configuration of, for a server and a token that may upload."""
    proof = f"Bearer {token}"
    sharex = {
        "Version": "15.0.0",
        "Name": "Fanlight",
        "DestinationType": "ImageUploader, FileUploader",
        "RequestMethod": "POST",
        "RequestURL": f"{origin}/upload",
        "Parameters": {"returnFormat": "full", "uploadNameType": "short"},
        "Headers": {"Authorization": proof},
        "Body": "MultipartFormData",
        "FileFormName": "file",
        "URL": "{json:[0].src}",
        "ErrorMessage": "{response}",
    }
    picgo = (
        Piece("API address", f"{origin}/upload?returnFormat=full&uploadNameType=short"),
        Piece("POST field name", "file"),
        Piece("JSON path", "0.src"),
        Piece("Custom request header", json.dumps({"Authorization": proof})),
    )
    curl = (
        f'curl -F file=@photo.jpg -H "Authorization: {proof}" "{origin}/upload?returnFormat=full"'
    )
    command = f"fanlight upload photo.jpg --to {origin} --token {token}"
    return (
        Client("curl", "In a terminal.", (Piece("Command", curl),)),
        Client("PicGo, PicList, Typora", "In the settings of the plug-in web-uploader.", picgo),
        Client(
            "ShareX",
            "Open the download with ShareX, or import the text under Custom uploader settings.",
            (Piece("Configuration", json.dumps(sharex, indent=2)),),
            "fanlight.sxcu",
        ),
        Client(
            "Fanlight's own command", "A photo or a whole folder.", (Piece("Command", command),)
        ),
    )
