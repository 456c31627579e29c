"""Delivery: from a request for a public address to the bytes, safely and fast."""

from __future__ import annotations

from fanlight.delivery.delivery import Delivery
from fanlight.delivery.representation import Rules

__all__ = ["Delivery", "Rules"]
