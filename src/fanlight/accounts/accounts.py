"""The one object that doors, jobs and commands use for people and their proofs."""

from __future__ import annotations

from fanlight.accounts.proofs import Proofs
from fanlight.accounts.setup import Setup
from fanlight.accounts.signing_in import SigningIn
from fanlight.accounts.tokens import Tokens
from fanlight.accounts.users import Users
from fanlight.guard import secret


class Accounts(Setup, SigningIn, Proofs, Tokens, Users):
    """Who somebody is, and what they may do. Each base is one group of actions."""

    csrf_token = staticmethod(secret.csrf_token)
    check_csrf = staticmethod(secret.check_csrf)
