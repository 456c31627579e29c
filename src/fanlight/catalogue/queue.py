"""PostgreSQL: the procrastinate job beside each row of `job` that is not at its end.

Only procrastinate's own SQL functions are called, in the transaction of the row, so that neither
can be there without the other. What they mean is told in `fanlight.jobs.distributed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fanlight.catalogue.session import Session
from fanlight.catalogue.settings import Settings
from fanlight.catalogue.types import to_json

TASK = "fanlight.run"
_VERSION = "procrastinate"

_PUT = """
SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[CAST(ROW(
    CAST(:queue AS varchar), CAST(:task AS varchar), 0, CAST(:lock AS text), NULL,
    CAST(:arguments AS jsonb), CAST(:due_at AS timestamptz)
) AS procrastinate_job_to_defer_v1)]))
"""


class Queue:
    """Procrastinate's tables, as far as the catalogue writes to them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, job_id: int, task: str, *, lock: str | None, due_at: datetime | None) -> int:
        """Have a job handed out, in the queue of its task's name; returns the queue's number."""
        arguments = to_json({"job": str(job_id)})
        rows = self._session.fetch(
            _PUT, queue=task, task=TASK, lock=lock, arguments=arguments, due_at=due_at
        )
        return int(rows[0][0])

    def withdraw(self, ticket: int) -> None:
        """Take a waiting job out of the queue; have the worker of a running one told to stop."""
        self._session.fetch(
            "SELECT procrastinate_cancel_job_v1(:ticket, true, true)", ticket=ticket
        )

    def install(self, version: str, schema: str, migrations: Sequence[tuple[str, str]]) -> None:
        """Make procrastinate's tables, or bring them up to `version`; safe in two processes.

        `migrations` are the package's scripts by name, which begins with the version
        (`03.04.00_01_...`) they lead to.
        """
        self._session.lock("procrastinate")
        if self._there():
            have = str(Settings(self._session).get(_VERSION))
            if have == version:
                return
            for name, script in sorted(migrations):
                if _parts(have) < _parts(name) <= _parts(version):
                    self._script(script)
        else:
            self._script(schema)
        Settings(self._session).set(_VERSION, version)

    def _there(self) -> bool:
        return self._session.fetch("SELECT to_regclass('procrastinate_jobs')")[0][0] is not None

    def _script(self, script: str) -> None:
        """Several statements at once: without parameters, so that psycopg sends them as one."""
        self._session.driver.execute(script)


def _parts(version: str) -> tuple[int, ...]:
    """`3.10.0` and `03.04.00_01_name.sql` as numbers that compare."""
    return tuple(int(part) for part in version.partition("_")[0].split(".")[:3])
