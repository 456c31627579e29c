"""A Dropbox that tests can believe: a real HTTP(S) server on loopback.

>>> from dropbox_emulator import Settings, running
>>> async with running(Settings()) as emulator:        # doctest: +SKIP
...     account = emulator.world.add_account("ann@example.org")
"""

from .server import Addresses, Emulator, running
from .settings import Settings

__all__ = ["Addresses", "Emulator", "Settings", "running"]
__version__ = "0.1.0"
