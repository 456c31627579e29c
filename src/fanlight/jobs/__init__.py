"""Tasks over a job engine: what the server does by itself, or takes a while over."""

from fanlight.jobs.port import JobEngine, Run, Task
from fanlight.jobs.run import Pace
from fanlight.jobs.service import Jobs, compose_jobs, open_engine

__all__ = ["JobEngine", "Jobs", "Pace", "Run", "Task", "compose_jobs", "open_engine"]
