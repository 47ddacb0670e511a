"""How often each owner has asked, counted in Redis for all web processes together."""

import logging
import time
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST_SECONDS: Final = 1.0
_MINUTE: Final = 60_000_000
_KEY: Final = "secretary:rate:"

# The generic cell rate algorithm (ITU-T I.371): one number for each owner, the instant at which all it has asked would be paid
# for at the steady rate. It may lie a minute ahead, so a whole minute's requests may come at once. Microseconds.
_COUNT: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local cost = tonumber(ARGV[1])
local paid = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0')) + cost
local wait = paid - now - tonumber(ARGV[2])
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.0f', paid), 'PX', math.ceil((paid - now) / 1000))
return 0
"""


class RequestRates:
    """Whether an owner may ask once more. While Redis is away everybody may: the limit protects the service, not the data."""

    def __init__(self, redis: Redis, *, per_minute: int) -> None:
        self.per_minute = per_minute
        self._count = redis.register_script(_COUNT)
        self._down = False
        self._try_again_at = 0.0

    async def count(self, owner: str) -> float:
        """Count one request; 0 when it may be answered, else the seconds until one may be, and then it was not counted."""
        if not self.per_minute or time.monotonic() < self._try_again_at:
            return 0.0
        try:
            wait = await self._count(keys=[_KEY + owner], args=[_MINUTE / self.per_minute, _MINUTE])
        except (RedisError, OSError) as error:
            if not self._down:
                logger.warning("Redis does not answer; requests are not counted meanwhile: %s", error)
            self._down = True
            # When it hangs rather than refuses, not every request may wait for it.
            self._try_again_at = time.monotonic() + REST_SECONDS
            return 0.0
        self._down = False
        return float(wait) / 1_000_000
