// Queries, mutations, uploads and downloads. Every one goes to this server only, with the session's key in a header.

import { addressOf } from "./addresses.js";
import { errorIn, KeyRefused, Unreachable } from "./failures.js";

/** Marks a GraphQL document in a module. The service finds it by this mark, so nothing may be put into it. */
export function graphql(strings) {
  return strings[0];
}

const UPLOAD_FILE = graphql`
  mutation UploadFile($file: Upload!) {
    uploadFile(file: $file) {
      __typename
      ... on UploadFilePayload {
        file {
          id
          filename
          size
          mediaType
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`;

export class Api {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** Run a query or a mutation and hand out its data. Throws Unreachable, Refused or KeyRefused; the latter ends the session. */
  async ask(document, variables = {}, { signal, key = this.#session.key } = {}) {
    const response = await reached(addressOf("/graphql"), {
      method: "POST",
      headers: { Accept: "application/graphql-response+json", "Content-Type": "application/json", ...authorization(key) },
      body: JSON.stringify({ query: document, variables }),
      signal,
    });
    return this.#dataOf(await answerOf(response), key);
  }

  /** Send a file for later jobs, telling `onProgress` what part of it has gone, from 0 to 1. Hands out the result union's member. */
  async upload(file, { onProgress = () => {}, signal } = {}) {
    const key = this.#session.key;
    const form = new FormData();
    form.append("operations", JSON.stringify({ query: UPLOAD_FILE, variables: { file: null } }));
    form.append("map", JSON.stringify({ 0: ["variables.file"] }));
    form.append("0", file);
    const answer = await sent(addressOf("/graphql"), form, { headers: authorization(key), onProgress, signal });
    return this.#dataOf(answer, key).uploadFile;
  }

  /** A produced file or an archive, by the `url` or `archiveUrl` that the job tells, as a Blob. */
  async file(path, { signal } = {}) {
    const key = this.#session.key;
    const response = await reached(addressOf(path), { headers: authorization(key), signal });
    if (response.ok) return response.blob();
    if (response.status === 401) this.#end(key);
    const { error } = await answerOf(response);
    throw new Unreachable(error?.message ?? `The file could not be fetched (${response.status}).`);
  }

  #dataOf(answer, key) {
    const error = errorIn(answer);
    if (error instanceof KeyRefused) this.#end(key);
    if (error) throw error;
    return answer.data;
  }

  #end(key) {
    if (key === this.#session.key) this.#session.end("Your key opens nothing here any more. Sign in with another one.");
  }
}

function authorization(key) {
  return { Authorization: `Bearer ${key}` };
}

async function reached(address, options) {
  try {
    return await fetch(address, { cache: "no-store", credentials: "omit", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable();
  }
}

async function answerOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(`The answer was not the service's own (status ${response.status}).`);
  }
}

// fetch() does not tell how much of a body has gone.
function sent(address, form, { headers, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries({ Accept: "application/json", ...headers })) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    request.onload = () => {
      try {
        resolve(JSON.parse(request.responseText));
      } catch {
        reject(new Unreachable(`The answer was not the service's own (status ${request.status}).`));
      }
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
