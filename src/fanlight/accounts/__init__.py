"""People: set-up, sign-in, sessions, API tokens, rights."""

from fanlight.accounts.accounts import Accounts

__all__ = ["Accounts"]
