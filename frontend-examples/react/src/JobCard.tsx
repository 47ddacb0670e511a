import { useMutation, useQuery, useSubscription } from "urql";
import { CancelJobDocument, JobProgressDocument, type JobStatus, JobTextDocument } from "./generated";
import { ORIGIN, type Service, refusalOf, sentenceOf } from "./service";

const ENDED: JobStatus[] = ["COMPLETED", "FAILED", "CANCELLED"];

/** One job, live to its end. The subscription is complete with the state that ends the job, so nothing is asked meanwhile. */
export function JobCard({ id, service }: { id: string; service: Service }) {
  const [{ data, error }] = useSubscription({ query: JobProgressDocument, variables: { jobId: id } });
  const [cancelled, cancel] = useMutation(CancelJobDocument);
  if (error) return <p role="alert">{sentenceOf(error)}</p>;
  const progress = data?.jobProgress;
  const failed = progress?.job.error;
  const ended = progress && ENDED.includes(progress.status);
  return (
    <>
      <progress max={100} value={progress?.percent ?? 0} aria-label="Progress" />
      <div className="row">
        <p role="status">{progress?.message ?? progress?.step ?? "…"}</p>
        {!ended && <button onClick={() => cancel({ id })}>Cancel</button>}
        {progress?.job.archiveUrl && (
          <button onClick={() => download(service, `${ORIGIN}${progress.job.archiveUrl}`, `${id}.zip`)}>Download</button>
        )}
      </div>
      <p role="alert">{failed ? `${failed.code}: ${failed.message}` : refusalOf(cancelled.data?.cancelJob, cancelled.error)}</p>
      {progress?.status === "COMPLETED" && <JobText id={id} />}
    </>
  );
}

function JobText({ id }: { id: string }) {
  const [{ data, error }] = useQuery({ query: JobTextDocument, variables: { id } });
  if (error) return <p role="alert">{sentenceOf(error)}</p>;
  const results = data?.job?.results;
  if (results?.__typename !== "PdfResults") return null;
  return (
    <details>
      <summary>Text</summary>
      <pre tabIndex={0}>{results.structuredData.extractedText}</pre>
    </details>
  );
}

/** A link cannot send the key, so the file is fetched first. */
async function download({ headers }: Service, url: string, name: string) {
  const response = await fetch(url, { headers });
  if (!response.ok) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
