"""``users/*``, ``check/*`` and ``auth/*``."""

from __future__ import annotations

from typing import Any

from ..errors import EndpointError, union
from ..model.accounts import Account, Team
from ..transport.call import Call, root_info

Wire = dict[str, Any]


def get_current_account(call: Call) -> Wire:
    """FullAccount of the caller."""
    account = call.account
    wire: Wire = {
        "account_id": account.id,
        "name": name_of(account),
        "email": account.email,
        "email_verified": account.email_verified,
        "disabled": account.suspended,
        "locale": account.locale,
        "referral_link": "https://www.dropbox.com/referrals/" + account.id[5:20],
        "is_paired": False,
        "account_type": {".tag": account.type},
        "root_info": root_info(account),
        "country": account.country,
    }
    if account.team is not None:
        wire["team"] = _full_team(call.service.world.teams[account.team])
        wire["team_member_id"] = account.member_id
    return wire


def name_of(account: Account) -> Wire:
    """users.Name."""
    return {
        "given_name": account.given_name,
        "surname": account.surname,
        "familiar_name": account.given_name,
        "display_name": account.display_name,
        "abbreviated_name": account.initials,
    }


def _full_team(team: Team) -> Wire:
    return {
        "id": team.id,
        "name": team.name,
        "sharing_policies": {
            "shared_folder_member_policy": {".tag": "anyone"},
            "shared_folder_join_policy": {".tag": "from_anyone"},
            "shared_link_create_policy": {".tag": "default_public"},
            "group_creation_policy": {".tag": "admins_and_members"},
            "shared_folder_link_restriction_policy": {".tag": "anyone"},
            "enforce_link_password_policy": {".tag": "optional"},
            "default_link_expiration_days_policy": {".tag": "none"},
            "shared_link_default_permissions_policy": {".tag": "default"},
        },
        "office_addin_policy": {".tag": "disabled"},
        "top_level_content_policy": {".tag": "everyone"},
    }


def get_space_usage(call: Call) -> Wire:
    """SpaceUsage: an individual's or a team's allocation."""
    account, world = call.account, call.service.world
    used, quota = world.space(account)
    if call.fault is not None and call.fault.kind == "quota_full":
        quota = used
    if account.team is None:
        return {"used": used, "allocation": {".tag": "individual", "allocated": quota}}
    mount = world.namespaces[account.home_namespace].mount
    own = world.tree_of(account).used_within(mount)
    allocation = {
        ".tag": "team",
        "used": used,
        "allocated": quota,
        "user_within_team_space_allocated": 0,
        "user_within_team_space_limit_type": {".tag": "off"},
        "user_within_team_space_used_cached": own,
    }
    return {"used": own, "allocation": allocation}


def basic_account(call: Call, account: Account) -> Wire:
    """BasicAccount as the caller sees it."""
    teammate = account.team is not None and account.team == call.account.team
    wire: Wire = {
        "account_id": account.id,
        "name": name_of(account),
        "email": account.email,
        "email_verified": account.email_verified,
        "disabled": account.suspended,
        "is_teammate": teammate,
    }
    if teammate and account.member_id is not None:
        wire["team_member_id"] = account.member_id
    return wire


def get_account(call: Call) -> Wire:
    """Somebody's account by id."""
    account = call.service.world.accounts.get(call.arg["account_id"])
    if account is None:
        raise EndpointError(union("no_account"))
    return basic_account(call, account)


def get_account_batch(call: Call) -> list[Wire]:
    """Several accounts by id."""
    found: list[Wire] = []
    for account_id in call.arg["account_ids"]:
        account = call.service.world.accounts.get(account_id)
        if account is None:
            raise EndpointError(union("no_account", no_account=account_id))
        found.append(basic_account(call, account))
    return found


def check(call: Call) -> Wire:
    """Echo: the cheapest test of a token or of app credentials."""
    return {"result": call.arg["query"]}


def revoke(call: Call) -> None:
    """End the grant behind this token, with its refresh token and all sibling tokens."""
    assert call.grant is not None
    call.service.world.grants.revoke(call.grant)


HANDLERS = {
    "users/get_current_account": get_current_account,
    "users/get_space_usage": get_space_usage,
    "users/get_account": get_account,
    "users/get_account_batch": get_account_batch,
    "check/user": check,
    "check/app": check,
    "auth/token/revoke": revoke,
}
