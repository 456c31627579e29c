"""The one door for outgoing HTTP; long bodies leave its client behind (`straight`)."""

from __future__ import annotations

from fanlight.outgoing.http import STALL, Answer, Http, PublicOnly, Sent

__all__ = ["STALL", "Answer", "Http", "PublicOnly", "Sent"]
