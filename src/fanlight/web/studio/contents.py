"""What is known of a channel's contents: whether they are read, how far, and by which job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.model import JobState

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.model import Job, Reading

READING = "index_channel"


@dataclass(frozen=True, slots=True)
class Contents:
    """How a channel's page tells of what lies there."""

    reading: Reading | None
    """How far it was read; `None` if never."""
    job: Job | None
    """What reads it now, or will."""
    followed: bool
    """Whether changes are read by themselves from now on."""


async def contents_of(fanlight: Fanlight, channel_id: str) -> Contents:
    """Put it together; nothing is asked of the service."""
    reading = await fanlight.library.reading(channel_id)
    job = await _job_of(fanlight, channel_id)
    known = reading is not None and (reading.whole or reading.in_part)
    return Contents(reading, job, known and fanlight.settings.follow != "off")


async def _job_of(fanlight: Fanlight, channel_id: str) -> Job | None:
    for state in (JobState.RUNNING, JobState.WAITING):
        for job in (await fanlight.jobs.list(state)).items:
            if job.task == READING and job.arguments.get("channel_id") == channel_id:
                return job
    return None
