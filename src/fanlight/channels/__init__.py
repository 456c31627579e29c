"""Channels: the places to put to and publish from."""

from fanlight.channels.channels import Channels

__all__ = ["Channels"]
