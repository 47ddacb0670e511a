import { useState } from "react";
import { type Client, useClient } from "urql";
import { CreateJobDocument, UploadFileDocument } from "./generated";
import { accepted } from "./service";

export interface StartedJob {
  number: number;
  name: string;
  id?: string;
  refusal?: string;
}

/** The jobs started in this page, newest first, and how to start one. */
export function useStartedJobs() {
  const client = useClient();
  const [jobs, setJobs] = useState<StartedJob[]>([]);

  async function start(file: File) {
    const job: StartedJob = { number: Math.random(), name: file.name };
    const change = (news: Partial<StartedJob>) =>
      setJobs((known) => known.map((one) => (one.number === job.number ? { ...one, ...news } : one)));
    setJobs((known) => [job, ...known]);
    try {
      change({ id: await created(client, file) });
    } catch (refused) {
      change({ refusal: (refused as Error).message });
    }
  }

  return [jobs, start] as const;
}

/** Sends the file and creates its job; the job's id. */
async function created(client: Client, file: File): Promise<string> {
  const sent = await client.mutation(UploadFileDocument, { file });
  const { file: kept } = accepted(sent.data?.uploadFile, sent.error);
  const input = { name: file.name, job: { pdf: { filename: kept.id } } };
  const answer = await client.mutation(CreateJobDocument, { input });
  return accepted(answer.data?.createJob, answer.error).job.id;
}
