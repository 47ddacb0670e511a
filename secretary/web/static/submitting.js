// Creating what a form describes: one job, several, or a batch; and which field a refusal is about.

import { graphql } from "./api.js";
import { accepted } from "./failures.js";

const CREATE_JOB = graphql`
  mutation CreateJob($input: CreateJobInput!) {
    createJob(input: $input) {
      __typename
      ... on CreateJobPayload {
        job {
          id
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInputError {
        fields {
          path
          message
        }
      }
      ... on RateLimitedError {
        retryAfterSeconds
      }
    }
  }
`;

const CREATE_BATCH = graphql`
  mutation CreateBatch($input: CreateBatchInput!) {
    createBatch(input: $input) {
      __typename
      ... on CreateBatchPayload {
        batch {
          id
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInputError {
        fields {
          path
          message
        }
      }
      ... on RateLimitedError {
        retryAfterSeconds
      }
    }
  }
`;

/** A CreateJobInput. The form speaks of parameters as the job type's schema does, so a job of any type is made in the same way. */
export function jobInput(jobType, parameters, name) {
  return { job: { custom: { jobType, parameters } }, ...(name ? { name } : {}) };
}

/** Create a batch; its id. Throws Refused with the wrong fields. */
export async function createBatch(api, { name, jobs }) {
  const result = accepted((await api.ask(CREATE_BATCH, { input: { jobs, ...(name ? { name } : {}) } })).createBatch);
  return result.batch.id;
}

/** Create one job; its id. Throws Refused with the wrong fields. */
export async function createJob(api, input) {
  return accepted((await api.ask(CREATE_JOB, { input })).createJob).job.id;
}

/**
 * Show a refusal where it belongs: at the fields whose names its paths hold. What belongs nowhere comes back as sentences;
 * `index` of the path says of which job of a batch it is.
 */
export function shownAtFields(refusal, fields) {
  const homeless = [];
  let first = null;
  for (const { path, message } of refusal.fields) {
    const found = path.toReversed().map((part) => fields.get(part)).find(Boolean);
    if (found === undefined) homeless.push(message);
    else {
      found.error(message);
      first ??= found;
    }
  }
  first?.input.focus();
  if (refusal.fields.length === 0) return [refusal.message];
  return [...new Set(homeless)];
}
