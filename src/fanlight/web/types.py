"""The words of ASGI, under names that do not collide with ours (`Scope` is a token's right)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as HttpScope

__all__ = ["ASGIApp", "HttpScope", "Message", "Receive", "Send"]
