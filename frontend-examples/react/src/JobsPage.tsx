import { useSyncExternalStore } from "react";
import { DropZone } from "./DropZone";
import { JobCard } from "./JobCard";
import type { Service } from "./service";
import { useStartedJobs } from "./useStartedJobs";

export function JobsPage({ service }: { service: Service }) {
  const [jobs, start] = useStartedJobs();
  const lost = useSyncExternalStore(service.line.subscribe, service.line.isLost);
  return (
    <>
      <DropZone onFile={start} />
      <p className="line" role="status">
        {lost && "The connection is lost; what you see may be old. It comes back by itself."}
      </p>
      {jobs.map((job) => (
        <article key={job.number} aria-label={job.name}>
          <h2>{job.name}</h2>
          {job.refusal && <p role="alert">{job.refusal}</p>}
          {job.id && <JobCard id={job.id} service={service} />}
          {!job.id && !job.refusal && <p role="status">Sending …</p>}
        </article>
      ))}
    </>
  );
}
