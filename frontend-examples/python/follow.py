"""Sends a PDF to secretary, follows its job with a bar, and prints the text that was read.

    python follow.py report.pdf         or, to follow a job that is there: python follow.py job-…

The key is asked for unless SECRETARY_API_KEY has it; SECRETARY_URL is where the service is when not on this machine's port 5001."""

import asyncio
import os
import sys
from getpass import getpass
from pathlib import Path

from gql import Client, FileVar, GraphQLRequest
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportError,
    TransportQueryError,
    TransportServerError,
)
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from rich.console import Console
from rich.progress import Progress
from websockets.exceptions import ConnectionClosed

UPLOAD_FILE = """
mutation UploadFile($file: Upload!) {
  uploadFile(file: $file) {
    __typename
    ... on UploadFilePayload { file { id filename size sha256 mediaType } }
    ... on Error { code message }
  }
}"""
CREATE_JOB = """
mutation CreateJob($input: CreateJobInput!) {
  createJob(input: $input) {
    __typename
    ... on CreateJobPayload { replayed job { id status progress { sequence percent } } }
    ... on Error { code message }
    ... on InvalidInputError { fields { path message } }
    ... on ConflictError { existingId }
    ... on RateLimitedError { retryAfterSeconds }
  }
}"""
JOB_PROGRESS = """
subscription JobProgress($jobId: ID!, $afterSequence: Int) {
  jobProgress(jobId: $jobId, afterSequence: $afterSequence) {
    jobId sequence status step percent message timestamp
    job { id status archiveUrl error { code message details } files { name mediaType size url } }
  }
}"""
JOB_TEXT = """
query JobText($id: ID!) {
  job(id: $id) {
    results {
      __typename
      ... on PdfResults { structuredData { extractedText } }
      ... on TransformerResults { transformedText }
      ... on SessionResults { markdownContent }
    }
  }
}"""
KEY_REFUSED = {401, 4403}  # an answer's status, and the code that a socket is closed with
NOT_VALID = "This API key is not valid (any more)."


class Refused(Exception):
    """The service will not do it, and says why."""


class Secretary:
    """One service and one key."""

    def __init__(self, url, key):
        self.endpoint = f"{url.rstrip('/')}/graphql"
        self.authorization = {"authorization": f"Bearer {key}"}

    async def ask(self, document, **variables):
        """The answer of a query or mutation; a file goes with it where a variable is one."""
        transport = HTTPXAsyncTransport(self.endpoint, headers=self.authorization, timeout=60)
        request = GraphQLRequest(document, variable_values=variables)
        with_file = any(isinstance(value, FileVar) for value in variables.values())
        async with Client(transport=transport) as session:
            (answer,) = (await session.execute(request, upload_files=with_file)).values()
        if answer and "code" in answer:  # a refusal is a member of the union, not an exception
            raise Refused(f"{answer['code']}: {answer['message']}")
        return answer

    async def create(self, path):
        """Sends the file and creates its job; the job's id."""
        sent = await self.ask(UPLOAD_FILE, file=FileVar(path))
        job = {"pdf": {"filename": sent["file"]["id"]}}
        created = await self.ask(CREATE_JOB, input={"job": job, "name": Path(path).name})
        return created["job"]["id"]

    async def progress(self, job_id, *, lost=print):
        """Every state of the job, from the present one to the end. A lost connection is told to `lost` and taken up again
        after the last state seen."""
        seen, pause = None, 1
        while True:
            variables = {"jobId": job_id, "afterSequence": seen}
            request = GraphQLRequest(JOB_PROGRESS, variable_values=variables)
            try:
                async with Client(transport=self._socket()) as session:
                    async for answer in session.subscribe(request):
                        state = answer["jobProgress"]
                        seen, pause = state["sequence"], 1
                        yield state
            except TransportConnectionFailed as error:
                if _closed_with(error) in KEY_REFUSED:
                    raise Refused(NOT_VALID) from None
                if seen is None:
                    raise
            else:
                return  # the stream is complete, and so is the job
            lost(f"The connection is lost; coming back in {pause} s.")
            await asyncio.sleep(pause)
            pause = min(2 * pause, 15)

    async def text(self, job_id):
        results = (await self.ask(JOB_TEXT, id=job_id))["results"]
        if results["__typename"] == "PdfResults":
            return results["structuredData"]["extractedText"]
        return results.get("transformedText") or results.get("markdownContent") or ""

    def _socket(self):
        return WebsocketsTransport(
            self.endpoint.replace("http", "ws", 1),
            subprotocols=["graphql-transport-ws"],
            init_payload=self.authorization,
        )


def _closed_with(error):
    closed = error.__cause__
    return closed.rcvd.code if isinstance(closed, ConnectionClosed) and closed.rcvd else None


async def follow(secretary, what):
    """Shows the bar; the text, or Refused when the job fails."""
    console = Console(stderr=True)
    job_id = what if what.startswith("job-") else await secretary.create(what)
    with Progress(console=console) as bars:
        bar = bars.add_task(job_id)
        async for state in secretary.progress(job_id, lost=bars.print):
            bars.update(bar, completed=state["percent"], description=state["message"] or state["step"])
    if error := state["job"]["error"]:
        raise Refused(f"{error['code']}: {error['message']}")
    return await secretary.text(job_id)


def main(what=None):
    if what is None:
        sys.exit(__doc__)
    key = os.environ.get("SECRETARY_API_KEY") or getpass("API key: ")
    secretary = Secretary(os.environ.get("SECRETARY_URL", "http://localhost:5001"), key)
    try:
        print(asyncio.run(follow(secretary, what)))
    except TransportQueryError as error:  # what no union foresees, such as a job that is not there
        sys.exit(error.errors[0]["message"])
    except TransportServerError as error:
        sys.exit(NOT_VALID if error.code in KEY_REFUSED else str(error))
    except (Refused, OSError, TransportError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:2])
