"""Channels: the places to put to and publish from."""

from fanlight.channels.channels import Channels
from fanlight.storage.registry import OWN

__all__ = ["OWN", "Channels"]
