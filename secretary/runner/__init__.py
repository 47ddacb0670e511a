"""Running one job: claim it, run its handler in a child, report on the way, end it; every write fenced by the claim."""

from secretary.runner.runner import Runner, RunnerLimits
from secretary.runner.sent_inputs import SentInputs

__all__ = ["Runner", "RunnerLimits", "SentInputs"]
