"""What a caller can do: the one place both doors go through. It checks rights, validates, commits, and only then rings and tells."""

from secretary.service.batches import BatchService, BatchView
from secretary.service.jobs import Created, JobService
from secretary.service.overview import Overview, QueueState
from secretary.service.policy import Policy, refused_fields
from secretary.service.service import Service
from secretary.service.uploads import KeptUpload, UploadService
from secretary.service.watching import BatchChange, Watching

__all__ = [
    "BatchChange",
    "BatchService",
    "BatchView",
    "Created",
    "JobService",
    "KeptUpload",
    "Overview",
    "Policy",
    "QueueState",
    "Service",
    "UploadService",
    "Watching",
    "refused_fields",
]
