"""All SQL: what the rest of the service may ask of the database, one class per table group, each call one short transaction."""

from secretary.store.batches import Batches
from secretary.store.claims import Claim, Claims, Ended
from secretary.store.database import Database
from secretary.store.deliveries import Deliveries, DeliveryClaim, Outcome
from secretary.store.delivery_log import Delivery, DeliveryLog
from secretary.store.ends import ProgressReceiver
from secretary.store.gone import Gone, Left
from secretary.store.jobs import JobFilter, Jobs, NewBatch, OrderField
from secretary.store.keys import Keys
from secretary.store.logs import LogLine, Logs
from secretary.store.moves import Moves
from secretary.store.paging import Cursor, InvalidCursor, Page, PageRequest
from secretary.store.statistics import Durations, HourCounts, HoursAndDurations, Statistics
from secretary.store.uploads import Uploads
from secretary.store.usage import Room, Usage
from secretary.store.workers import Workers

__all__ = [
    "Batches",
    "Claim",
    "Claims",
    "Cursor",
    "Database",
    "Deliveries",
    "Delivery",
    "DeliveryClaim",
    "DeliveryLog",
    "Durations",
    "Ended",
    "Gone",
    "HourCounts",
    "HoursAndDurations",
    "InvalidCursor",
    "JobFilter",
    "Jobs",
    "Keys",
    "Left",
    "LogLine",
    "Logs",
    "Moves",
    "NewBatch",
    "OrderField",
    "Outcome",
    "Page",
    "PageRequest",
    "ProgressReceiver",
    "Room",
    "Statistics",
    "Store",
    "Uploads",
    "Usage",
    "Workers",
]


class Store:
    """Everything the service keeps, behind one connection pool."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.jobs = Jobs(database)
        self.moves = Moves(database)
        self.batches = Batches(database)
        self.claims = Claims(database)
        self.keys = Keys(database)
        self.logs = Logs(database)
        self.usage = Usage(database)
        self.statistics = Statistics(database)
        self.workers = Workers(database)
        self.deliveries = Deliveries(database)
        self.delivery_log = DeliveryLog(database)
        self.uploads = Uploads(database)
        self.gone = Gone(database)

    async def close(self) -> None:
        await self.database.close()
