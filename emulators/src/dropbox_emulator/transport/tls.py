"""A private certificate authority, made at start or kept with the data."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme

from .hosts import CERTIFIED_NAMES


class Authority:
    """Signs a certificate for all five hosts and for loopback.

    ``ca_file`` is what clients have to trust. With a data folder the authority is kept, so that
    clients which trusted it once still do after a restart.
    """

    def __init__(self, folder: Path, keep: bool) -> None:
        self.ca_file = folder / "ca.pem"
        key_file = folder / "ca-key.pem"
        if keep and key_file.exists():
            self._ca = trustme.CA.from_pem(self.ca_file.read_bytes(), key_file.read_bytes())
        else:
            self._ca = trustme.CA(organization_name="Dropbox emulator")
            self._ca.cert_pem.write_to_path(str(self.ca_file))
            if keep:
                key_file.touch(mode=0o600)
                self._ca.private_key_pem.write_to_path(str(key_file))

    def server_context(self) -> ssl.SSLContext:
        """A TLS context for the listener."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf = self._ca.issue_cert(*CERTIFIED_NAMES)
        leaf.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
        context.set_alpn_protocols(["http/1.1"])
        return context

    def client_context(self) -> ssl.SSLContext:
        """A TLS context that trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.ca_file))
