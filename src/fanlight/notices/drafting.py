"""Drafting: templates of invitations, one that comes with each language and any of one's own."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, cast

from fanlight.errors import Conflict, NotFound
from fanlight.model import Scope
from fanlight.notices.desk import Desk
from fanlight.notices.templates import Template, checked, usual
from fanlight.words import LANGUAGES

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.model import Actor

SETTING = "notices.templates"
MOST = 50


class Drafting(Desk):
    """Templates, as their owner has changed them."""

    async def templates(self, actor: Actor) -> tuple[Template, ...]:
        """The usual one of each language, then one's own by name. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(templates)

    async def template(self, actor: Actor, template_id: str) -> Template:
        """One. Raises Forbidden, NotFound (`not-found.template`)."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: template(records, template_id))

    async def keep_template(self, actor: Actor, given: Template) -> Template:
        """Change one, or make one of one's own: its id is empty. A usual one keeps its language.

        Raises Forbidden, NotFound (`not-found.template`), Invalid (see `templates.checked`),
        Conflict (`conflict.templates`: too many).
        """
        actor.require_everywhere(Scope.MANAGE)
        if given.id in LANGUAGES:
            given = replace(given, language=given.id, name=LANGUAGES[given.id])
        kept = checked(given)

        def unit(records: Records) -> Template:
            records.alone(SETTING)
            known = _kept(records)
            if kept.id:
                template(records, kept.id)
            elif len(known) >= MOST:
                raise Conflict(
                    f"There may be {MOST} templates.",
                    remedy="Remove one that you do not need.",
                    code="conflict.templates",
                )
            new = kept if kept.id else replace(kept, id=secrets.token_hex(8))
            _write(records, known | {new.id: new})
            return new

        return await self._catalogue.write(unit)

    async def remove_template(self, actor: Actor, template_id: str) -> None:
        """Throw one away; a usual one is again as it came. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> None:
            records.alone(SETTING)
            template(records, template_id)
            known = _kept(records)
            known.pop(template_id, None)
            _write(records, known)

        await self._catalogue.write(unit)


def templates(records: Records) -> tuple[Template, ...]:
    """The usual one of each language, then the others by name."""
    known = _kept(records)
    usuals = [known.pop(tag, usual(tag)) for tag in LANGUAGES]
    return (*usuals, *sorted(known.values(), key=lambda one: (one.name.casefold(), one.id)))


def template(records: Records, template_id: str) -> Template:
    """One. Raises NotFound (`not-found.template`)."""
    for one in templates(records):
        if one.id == template_id:
            return one
    raise NotFound("There is no such template.", code="not-found.template")


def _kept(records: Records) -> dict[str, Template]:
    kept = records.settings.get(SETTING)
    if not isinstance(kept, list):
        return {}
    found = (Template(**fields) for fields in cast("list[dict[str, str]]", kept))
    return {one.id: one for one in found}


def _write(records: Records, known: dict[str, Template]) -> None:
    records.settings.set(SETTING, [asdict(one) for one in known.values()])
