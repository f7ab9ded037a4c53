"""The processes that compute apart from the server: jobs, mistakes, a crash, cancelling, and their end."""

import asyncio
import os
import time

import psutil
import pytest

from space_app.workers import Pool
from spacehub.errors import SpaceHubError
from spacehub.serving.titles import texts
from tests.processes import finish


async def gone(pid: int) -> bool:
    for _ in range(200):
        if not psutil.pid_exists(pid):
            return True
        await asyncio.sleep(0.05)
    return False


def test_a_pool_from_first_job_to_last():
    async def use() -> None:
        pool = Pool(1, idle_seconds=0.3)
        first = await pool.run(os.getpid)
        assert first != os.getpid()
        assert await pool.run(os.getpid) == first
        with pytest.raises(SpaceHubError, match="text"):
            await pool.run(texts.one, 3)
        assert await pool.run(os.getpid) == first

        # Cancelling ends the job's process at once; the next job gets a new one.
        job = asyncio.create_task(pool.run(time.sleep, 60))
        await asyncio.sleep(0.2)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert await gone(first)
        second = await pool.run(os.getpid)

        # So does a crash.
        with pytest.raises(SpaceHubError, match="ended unexpectedly"):
            await pool.run(os._exit, 1)
        third = await pool.run(os.getpid)
        assert len({first, second, third}) == 3

        # One without a job for long ends.
        assert await gone(third)
        fourth = await pool.run(os.getpid)
        pool.close()
        assert await gone(fourth)

    finish(use())
