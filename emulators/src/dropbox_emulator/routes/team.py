"""``team/*``: just what a team-linked client needs to act for a member."""

from __future__ import annotations

from typing import Any

from ..transport.call import Call
from .account import name_of


def groups_list(call: Call) -> dict[str, Any]:
    """This emulator knows no groups."""
    return {"groups": [], "cursor": call.service.world.seal.seal("groups", 0), "has_more": False}


def members_list(call: Call) -> dict[str, Any]:
    """All members of the team, in one page."""
    assert call.grant is not None
    world = call.service.world
    members: list[dict[str, Any]] = []
    for account_id in world.teams[call.grant.team or ""].members:
        account = world.accounts[account_id]
        profile: dict[str, Any] = {
            "team_member_id": account.member_id,
            "account_id": account.id,
            "email": account.email,
            "email_verified": account.email_verified,
            "status": {".tag": "suspended" if account.suspended else "active"},
            "name": name_of(account),
            "membership_type": {".tag": "full"},
            "groups": [],
            "member_folder_id": account.home_namespace,
            "root_folder_id": account.root_namespace,
        }
        role = {".tag": "team_admin" if account.is_admin else "member_only"}
        members.append({"profile": profile, "role": role})
    return {"members": members, "cursor": world.seal.seal("members", 0), "has_more": False}


HANDLERS = {"team/groups/list": groups_list, "team/members/list": members_list}
