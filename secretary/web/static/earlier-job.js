// A job that has been, as the beginning of a new one: what was asked of it is entered into the form.

import { graphql } from "./api.js";

const EARLIER_JOB = graphql`
  query EarlierJob($id: ID!) {
    job(id: $id) {
      id
      jobType
      name
      parameters
      error {
        code
        message
      }
    }
  }
`;
/** Which field is to be changed, where the code says so. */
const WRONG = { ENCRYPTED_FILE: "password", WRONG_PASSWORD: "password", TOO_MANY_PAGES: "page_end", PAGE_RANGE: "page_start", TEMPLATE_ERROR: "template" };
/** What the service writes in the place of a secret. */
const SECRET = "***";

/** The job (id, jobType, name, parameters, error), or null when there is none (any more). */
export async function earlierJob(api, id) {
  return id ? (await api.ask(EARLIER_JOB, { id })).job : null;
}

/** Enter what was asked of it. Its file need not be sent again: `source` (the place of files and address, or null) is given it as it is. */
export function enterEarlier({ name: called, parameters, error }, { fields, name, source }) {
  if (called) name.set(called);
  for (const [each, value] of Object.entries(parameters)) {
    if (value !== null && value !== SECRET) fields.get(each)?.set(value);
  }
  if (error) fields.get(WRONG[error.code])?.error(error.message);
  if (source === null) return;
  if (parameters.url) source.url.set(parameters.url);
  if (parameters.filename) source.staged.keep(parameters.filename, called ?? parameters.filename);
}
