"""Running one job: claim it, run its handler in a child, report on the way, end it; every write fenced by the claim."""

from secretary.runner.runner import Runner, RunnerLimits

__all__ = ["Runner", "RunnerLimits"]
