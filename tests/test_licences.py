"""What people receive is free of the GPL: the base install, and what a browser is sent."""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

from tests.support.source import ROOT

# the LGPL allows use as a library; "GPL" alone does not
COPYLEFT = re.compile(
    r"(?<!L)(?<!Lesser )(?:\bA?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE
)

# "BSD-0-Clause" is how htmx writes 0BSD
SENT_TO_BROWSERS = {
    *("OFL-1.1", "MIT", "ISC", "Apache-2.0"),
    *("BSD-2-Clause", "BSD-3-Clause", "0BSD", "BSD-0-Clause"),
}


def said(found: Distribution) -> str:
    """What a distribution says of its licence."""
    fields = ("License-Expression", "License", "Classifier")
    values = [value for field in fields for value in found.metadata.get_all(field) or ()]
    words = [value[:200] for value in values if "::" not in value or value.startswith("License")]
    return " / ".join(words)


def base_install() -> dict[str, Distribution]:
    """Everything that installing Fanlight without extras brings, for this machine."""
    found: dict[str, Distribution] = {}
    todo = [Requirement("fanlight")]
    while todo:
        wanted = todo.pop()
        try:
            one = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        extras = {"", *wanted.extras}
        key = f"{wanted.name}[{','.join(sorted(extras))}]"
        if key in found:
            continue
        found[key] = one
        for line in one.requires or []:
            more = Requirement(line)
            if more.marker is None or any(more.marker.evaluate({"extra": e}) for e in extras):
                todo.append(more)
    return found


def test_the_base_install_has_no_gpl() -> None:
    installed = base_install()
    assert len(installed) > 20, "the walk over the dependencies found too little"
    tainted = {name: said(one) for name, one in installed.items() if COPYLEFT.search(said(one))}
    assert not tainted


def test_every_dependency_says_its_licence() -> None:
    assert not [name for name, one in base_install().items() if not said(one)]


def test_what_a_browser_is_sent_is_free() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text("utf-8"))["packages"]
    sources = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "frontend/src").rglob("*")
        if path.suffix in (".ts", ".css")
    )
    packages = [name.removeprefix("node_modules/") for name in lock if name]
    used = [name for name in packages if re.search(rf'["(]{re.escape(name)}["/]', sources)]
    assert used, "no package was recognised in the sources"
    for name in used:
        assert lock[f"node_modules/{name}"]["license"] in SENT_TO_BROWSERS, name
