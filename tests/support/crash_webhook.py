"""A process that tells a job's webhook, and kills itself before or after the n-th write it makes.

``python -m support.crash_webhook FOLDER JOB_ID SECRET KILL_AT``, with KILL_AT as in `support.crash`. Its writes are the
claim of the attempt and the mark that it was delivered.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sitebookify.egress import Egress
from sitebookify.repository import JobRepository
from sitebookify.runner.webhooks import WebhookSender
from support.crash import Fuse, FusedStore


async def main(folder: Path, job_id: str, secret: str, kill_at: str) -> None:
    jobs = JobRepository(FusedStore(folder, Fuse(kill_at)))
    async with Egress(allow_private=True, user_agent="test") as egress:
        await WebhookSender(jobs=jobs, egress=egress, secrets=[secret]).announce(job_id)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
