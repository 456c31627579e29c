"""Writing what a unit of work gathered: folder counts, tag counts, numbered changes."""

from __future__ import annotations

from collections import Counter

from fanlight.catalogue.session import Session

KEPT_CHANGES = 50_000
"""How many changes a reader may lie behind before it must forget all it knows."""


def parent_of(path: str) -> str | None:
    """The folder around a folder; None for the top."""
    return path.rpartition("/")[0] if path else None


def flush(session: Session) -> tuple[str, ...]:
    """Write everything gathered, last before the commit; gives the assets whose links changed."""
    flush_counts(session)
    changed = tuple(sorted(session.changed))
    if changed:
        _number(session, changed)
    session.forget()
    return changed


def flush_counts(session: Session) -> None:
    """Write the counts gathered so far, so that they can be read in the same unit."""
    if session.folders:
        _count_folders(session)
        session.folders.clear()
    if session.tags:
        _count_tags(session)
        session.tags.clear()


def _count_folders(session: Session) -> None:
    direct = session.folders
    deep: Counter[str] = Counter()
    for path, more in direct.items():
        around: str | None = path
        while around is not None:
            deep[around] += more
            around = parent_of(around)
    rows = [
        {"path": path, "parent": parent_of(path), "count": direct[path], "total": deep[path]}
        for path in sorted(deep)
        if direct[path] or deep[path]
    ]
    session.many(
        "INSERT INTO folder (path, parent, count, total) VALUES (:path, :parent, :count, :total)"
        " ON CONFLICT (path) DO UPDATE SET count = folder.count + excluded.count,"
        " total = folder.total + excluded.total",
        rows,
    )
    emptied = [{"path": row["path"]} for row in rows if deep[str(row["path"])] < 0]
    session.many("DELETE FROM folder WHERE path = :path AND total = 0", emptied)


def _count_tags(session: Session) -> None:
    rows = [{"name": name, "count": more} for name, more in sorted(session.tags.items()) if more]
    session.many(
        "INSERT INTO tag (name, count) VALUES (:name, :count)"
        " ON CONFLICT (name) DO UPDATE SET count = tag.count + excluded.count",
        rows,
    )
    emptied = [{"name": row["name"]} for row in rows if int(row["count"]) < 0]
    session.many("DELETE FROM tag WHERE name = :name AND count = 0", emptied)


def _number(session: Session, changed: tuple[str, ...]) -> None:
    """Give the changes the next numbers.

    The counter's row stays locked until the commit, so numbers become visible in their order, and
    a reader that has seen one has seen all before it.
    """
    last = next_number(session, "changes", len(changed))
    first = last - len(changed) + 1
    session.many(
        "INSERT INTO change (seq, asset_id) VALUES (:seq, :asset_id)",
        [{"seq": first + i, "asset_id": asset_id} for i, asset_id in enumerate(changed)],
    )
    if last // 1000 != (first - 1) // 1000:
        session.do("DELETE FROM change WHERE seq <= :seq", seq=last - KEPT_CHANGES)


def next_number(session: Session, name: str, step: int = 1) -> int:
    """Advance a counter and give its new value. Others wait for it until the commit."""
    rows = session.fetch(
        "INSERT INTO counter (name, value) VALUES (:name, :step)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value",
        name=name,
        step=step,
    )
    return int(rows[0][0])
