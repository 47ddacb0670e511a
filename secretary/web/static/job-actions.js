// Cancel, run again, delete: asked about where something is lost, and told of where they were refused.

import { graphql } from "./api.js";
import { confirmed } from "./dialogs.js";
import { accepted } from "./failures.js";
import { nameOf } from "./parts/job-row.js";

const CANCEL_JOB = graphql`
  mutation CancelJob($id: ID!) {
    cancelJob(id: $id) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`;

const RETRY_JOB = graphql`
  mutation RetryJob($id: ID!) {
    retryJob(id: $id) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`;

const DELETE_JOB = graphql`
  mutation DeleteJob($id: ID!) {
    deleteJob(id: $id) {
      __typename
      ... on DeleteJobPayload {
        deletedJobId
      }
      ... on Error {
        code
        message
      }
    }
  }
`;

const ACTIONS = {
  cancel: {
    document: CANCEL_JOB,
    field: "cancelJob",
    done: (name) => `${name} is cancelled.`,
    question: (name, job) => job.status === "PROCESSING" && {
      title: "Cancel this job?",
      sentence: `${name} is running. What it has done so far is lost; it can be run again.`,
      action: "Cancel the job",
    },
  },
  retry: { document: RETRY_JOB, field: "retryJob", done: (name) => `${name} runs again.`, question: () => null },
  delete: {
    document: DELETE_JOB,
    field: "deleteJob",
    done: (name) => `${name} is deleted.`,
    question: (name) => ({
      title: "Delete this job?",
      sentence: `${name}, its results and its files are removed for good.`,
      action: "Delete the job",
    }),
  },
};

/** Do `cancel`, `retry` or `delete` to a job (id, name, jobType, status); says whether it was done. */
export async function act(action, job, { api, notices }) {
  const { document, field, done, question } = ACTIONS[action];
  const name = nameOf(job);
  const asked = question(name, job);
  if (asked && !(await confirmed(asked))) return false;
  try {
    accepted((await api.ask(document, { id: job.id }))[field]);
  } catch (error) {
    // Already gone is what was wanted.
    if (action === "delete" && error.code === "JOB_NOT_FOUND") return true;
    notices.error(error.message);
    return false;
  }
  notices.done(done(name));
  return true;
}
