"""One worker for one queue: `python -m jobs.worker talk`.

RQ's simple worker, which runs the job in its own process: nothing to orphan when it is killed, nothing to import twice.
One queue each, for a worker that listens on two loses what it has just taken when it is killed (`reliability.md` §2.1).
"""

import logging
import sys
from pkgutil import resolve_name

from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from assistant import wiring
from assistant.doorbells import Doorbell
from assistant.gateways.rq_queue import connect, rung

QUEUES = sorted({bell.queue for bell in Doorbell})


class Listener(SimpleWorker):
    """Takes down the ring before it starts the job, so that whatever is rung from now on is another job."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        self.connection.delete(rung(str(job.func_name)))
        super().execute_job(job, queue)


def work(queue_name: str) -> None:
    """Work one queue until told to stop; all that its jobs need is loaded before the first comes."""
    for bell in Doorbell:
        if bell.queue == queue_name:
            resolve_name(bell.job)
    # No time-out on the socket: the worker waits on it for its next job, and RQ bounds that wait itself.
    connection = connect(wiring.settings().redis_url, patient=True)
    queue = Queue(queue_name, connection=connection, serializer=JSONSerializer)
    worker = Listener(
        [queue],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
        job_monitoring_interval=5,
    )
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in QUEUES]:
        sys.exit(f"usage: python -m jobs.worker {'|'.join(QUEUES)}")
    logging.getLogger("rq").setLevel(logging.WARNING)
    work(sys.argv[1])
