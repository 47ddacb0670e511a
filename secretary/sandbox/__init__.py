"""A child process with limits, in which one document's danger is kept: what kills the child fails that job and nothing else."""

from secretary.sandbox.child_process import ChildDied, ChildProcess
from secretary.sandbox.limits import ChildLimits
from secretary.sandbox.messages import Done, Failed, Logged, Message, Reported, Task
from secretary.sandbox.pool import Pool

__all__ = [
    "ChildDied",
    "ChildLimits",
    "ChildProcess",
    "Done",
    "Failed",
    "Logged",
    "Message",
    "Pool",
    "Reported",
    "Task",
]
