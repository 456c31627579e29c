"""The whole state of one emulated Dropbox, and how its parts find one another."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from ..clock import Clock
from ..content.store import ContentStore
from ..errors import LookupFailed
from ..ids import Ids, token
from ..scopes import with_needs
from ..settings import Settings
from .accounts import Account, Namespace, Team
from .apps import Access, App
from .cursors import CursorSeal
from .entries import FolderEntry
from .grants import AccessToken, Grant, Grants
from .jobs import Jobs
from .links import Links
from .paths import key_of
from .sessions import Sessions
from .tree import Tree
from .views import View


class World:
    """Accounts, teams, apps, grants, trees, and everything that refers to them."""

    def __init__(self, settings: Settings, content: Path | None = None) -> None:
        self.settings = settings
        self.clock = Clock()
        self.store = ContentStore(content)
        self.secret = secrets.token_bytes(32)
        self.begin()

    def begin(self) -> None:
        """An empty world; the clock and the settings stay as they are."""
        self.change_listeners: list[Callable[[Tree], None]] = []
        self.begin_again()

    def begin_again(self) -> None:
        """An empty world that keeps its listeners."""
        if hasattr(self, "sessions"):
            self.sessions.clear()
        self.ids = Ids(self.settings.seed)
        self.accounts: dict[str, Account] = {}
        self.teams: dict[str, Team] = {}
        self.apps: dict[str, App] = {}
        self.namespaces: dict[str, Namespace] = {}
        self.trees: dict[str, Tree] = {}
        self.grants = Grants()
        self.links = Links()
        self.jobs = Jobs(self.clock.now)
        self.sessions = Sessions(self.store, self.clock.now)
        self.seal = CursorSeal(self.secret)
        self.cursor_epoch = 0
        self.app_folders: dict[tuple[str, str], str] = {}

    # -- people -------------------------------------------------------------------------------

    def add_account(
        self, email: str, *, given_name: str = "", surname: str = "", password: str = "password"
    ) -> Account:
        """A person with a Dropbox of their own."""
        if self.account_by_email(email) is not None:
            raise ValueError(f"there is an account for {email} already")
        namespace = self.add_namespace(self.add_tree().id)
        account = Account(
            id=self.ids.account_id(),
            uid=self.ids.user_id(),
            given_name=given_name or email.partition("@")[0].title(),
            surname=surname,
            email=email,
            password=password,
            home_namespace=namespace.id,
            root_namespace=namespace.id,
        )
        namespace.owner = account.id
        self.accounts[account.id] = account
        return account

    def add_team(self, name: str) -> Team:
        """A team with an empty team space."""
        tree = self.add_tree()
        namespace = self.add_namespace(tree.id)
        team = Team(self.ids.team_id(), name, namespace.id, tree.id)
        self.teams[team.id] = team
        return team

    def join_team(self, account: Account, team: Team) -> None:
        """Make somebody a member: their home becomes a folder of the team space."""
        tree = self.trees[team.tree]
        path = f"/{account.display_name}"
        if tree.get(tree.key(path)) is None:
            tree.make_folder(path)
        home = self.add_namespace(tree.id, tree.key(path))
        home.owner = account.id
        account.home_namespace, account.root_namespace = home.id, team.root_namespace
        account.team, account.member_id = team.id, self.ids.member_id()
        account.home_path, account.type = path, "business"
        account.is_admin = not team.members
        team.members.append(account.id)

    def account_by_email(self, email: str) -> Account | None:
        """An account by its address, or by its id."""
        found = self.accounts.get(email)
        if found is not None:
            return found
        return next((a for a in self.accounts.values() if a.email == email.lower()), None)

    # -- space --------------------------------------------------------------------------------

    def add_tree(self) -> Tree:
        """An empty tree."""
        tree = self.new_tree(token("t", 6))
        self.watch(tree)
        return tree

    def new_tree(self, tree_id: str) -> Tree:
        """A tree that is not part of this world yet."""
        key = partial(key_of, fold_unicode=self.settings.fold_unicode)
        return Tree(tree_id, self.ids, self.clock.stamp, key)

    def watch(self, tree: Tree) -> None:
        """Take a tree in, and pass on the news of its changes."""
        self.trees[tree.id] = tree
        tree.journal.subscribe(lambda: self._changed(tree))

    def _changed(self, tree: Tree) -> None:
        for listener in self.change_listeners:
            listener(tree)

    def add_namespace(self, tree: str, mount: str = "") -> Namespace:
        """A name for a place in a tree."""
        made = Namespace(self.ids.namespace_id(), tree, mount)
        self.namespaces[made.id] = made
        return made

    def tree_of(self, account: Account) -> Tree:
        """The tree an account's home is in."""
        return self.trees[self.namespaces[account.home_namespace].tree]

    def view(self, account: Account, namespace_id: str) -> View:
        """A namespace as an account sees it; ``LookupFailed`` if it may not."""
        namespace = self.namespaces.get(namespace_id)
        if namespace is None or not self._may_open(account, namespace):
            raise LookupFailed("not_found")
        tree = self.trees[namespace.tree]
        shown = tree.get(namespace.mount)
        display = shown.path_display if shown else namespace.mount
        homes = self._homes(account)
        return View(
            namespace=namespace.id,
            tree=tree,
            root=namespace.mount,
            root_display=display,
            hidden=frozenset(m for owner, m in homes.items() if owner != account.id),
            fixed=frozenset(homes.values()),
            open_namespace=partial(self.view, account),
        )

    def app_view(self, account: Account, app: App, namespace_id: str) -> View:
        """The same for a caller: an App-folder app sees its folder, whatever it asks for."""
        if app.access == "full":
            return self.view(account, namespace_id)
        own = self.app_folder(account, app)
        view = self.view(account, own.id)
        view.open_namespace = partial(self._only, account, own.id)
        return view

    def app_folder(self, account: Account, app: App) -> Namespace:
        """The App folder of an app at an account, made when first needed."""
        home = self.view(account, account.home_namespace)
        path = f"{home.root_display}/Apps/{app.folder_name()}"
        key = home.tree.key(path)
        if not isinstance(home.tree.get(key), FolderEntry):
            home.tree.make_folder(path)
        known = self.app_folders.get((account.id, app.key))
        if known is None:
            namespace = self.add_namespace(home.tree.id, key)
            namespace.owner, namespace.app = account.id, app.key
            self.app_folders[account.id, app.key] = namespace.id
            return namespace
        return self.namespaces[known]

    def space(self, account: Account) -> tuple[int, int]:
        """Bytes used and bytes allowed, where this account's uploads count."""
        quota = self.teams[account.team].quota if account.team else account.quota
        return self.tree_of(account).used, quota

    def _only(self, account: Account, allowed: str, namespace_id: str) -> View:
        if namespace_id != allowed:
            raise LookupFailed("not_found")
        return self.view(account, allowed)

    def _may_open(self, account: Account, namespace: Namespace) -> bool:
        if namespace.owner is not None:
            return namespace.owner == account.id
        return namespace.id in (account.home_namespace, account.root_namespace)

    def _homes(self, account: Account) -> dict[str, str]:
        if account.team is None:
            return {}
        members = (self.accounts[each] for each in self.teams[account.team].members)
        return {member.id: self.namespaces[member.home_namespace].mount for member in members}

    # -- apps and grants ----------------------------------------------------------------------

    def add_app(
        self,
        owner: Account,
        name: str,
        access: Access = "full",
        scopes: Iterable[str] = (),
        key: str | None = None,
    ) -> App:
        """Register an app; ``scopes`` count as ticked and submitted.

        ``key`` is for clients that have the key of their own app built in.
        """
        if any(app.name.lower() == name.lower() for app in self.apps.values()):
            raise ValueError(f"the name {name} is taken")
        app = App(
            key=key or self.ids.app_key(),
            secret=self.ids.app_key(),
            id=self.ids.app_id(),
            name=name,
            access=access,
            owner=owner.id,
        )
        app.enabled_scopes = with_needs(set(scopes))
        self.apps[app.key] = app
        return app

    def approve(self, app: App, account: Account, scopes: Iterable[str], **how: Any) -> Grant:
        """Record that an account allowed an app to do something."""
        app.link(account.id, self.clock.now())
        if app.access == "app_folder" and not how.get("team"):
            self.app_folder(account, app)
        return self.grants.add(app.key, account.id, frozenset(scopes), **how)

    def mint(self, grant: Grant, scopes: frozenset[str] | None = None) -> AccessToken:
        """An access token that expires after the usual four hours."""
        expires = self.clock.now() + self.settings.access_token_lifetime
        return self.grants.mint(grant, grant.scopes if scopes is None else scopes, expires)
