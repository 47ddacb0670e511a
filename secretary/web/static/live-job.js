// One job, live: read once, followed by its progress to the end, and looked at now and then afterwards, as others may run it again or
// delete it.

import { graphql } from "./api.js";
import { Refused } from "./failures.js";
import { JOB_RESULTS } from "./job-results.js";
import { ended } from "./parts/status.js";

const LOOK_EVERY = 6_000;

const JOB = graphql`
  query DashboardJob($id: ID!) {
    job(id: $id) {
      id
      name
      jobType
      status
      parameters
      warnings
      attempt
      maxAttempts
      priority
      fromCache
      userId
      createdAt
      updatedAt
      startedAt
      completedAt
      archiveUrl
      progress {
        sequence
        step
        percent
        message
      }
      error {
        code
        message
        details
      }
      files {
        name
        mediaType
        size
        url
      }
      batch {
        id
        name
      }
    }
  }
`;

const JOB_PROGRESS = graphql`
  subscription DashboardJobProgress($jobId: ID!, $afterSequence: Int) {
    jobProgress(jobId: $jobId, afterSequence: $afterSequence) {
      sequence
      status
      step
      percent
      message
    }
  }
`;

/** Fires `change`; `job` is what is known of it, null when there is none (any more), `results` what it handed out. */
export class LiveJob extends EventTarget {
  #api;
  #socket;
  #id;
  #unsubscribe = null;
  #timer = null;
  #stopped = false;

  constructor({ api, socket, id }) {
    super();
    this.#api = api;
    this.#socket = socket;
    this.#id = id;
    this.job = null;
    this.results = null;
    this.error = null;
  }

  /** Read it, and follow it when it is there. Throws what the first reading throws. */
  async start() {
    await this.#read();
    if (this.job === null || this.#stopped) return;
    this.#follow();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  stop() {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Look whether something has changed, as after an action; the connection says by itself when the service does not answer. */
  async look() {
    if (!this.#socket.live || document.hidden) return;
    try {
      await this.#reread();
    } catch {
      // Once the socket has noticed and is back, everything is read again.
    }
  }

  #follow() {
    // It has just been read.
    let fresh = true;
    const over = () => (this.#unsubscribe = null);
    this.#unsubscribe = this.#socket.subscribe(JOB_PROGRESS, () => ({ jobId: this.#id, afterSequence: this.job.progress.sequence }), {
      next: ({ jobProgress }) => this.#take(jobProgress),
      complete: over,
      error: over,
      reread: async () => {
        if (!fresh) await this.#reread();
        fresh = false;
      },
    });
  }

  async #reread() {
    try {
      await this.#read();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.error = error;
      this.#tell();
      return;
    }
    if (this.#stopped || this.job === null) return;
    if (this.#unsubscribe === null && !ended(this.job.status)) this.#follow();
  }

  #take({ status, ...progress }) {
    if (this.job === null || progress.sequence <= this.job.progress.sequence) return;
    const before = this.job.status;
    this.job = { ...this.job, status, progress };
    this.#tell();
    // Everything else changes only when the status does.
    if (status !== before) this.look();
  }

  async #read() {
    const { job } = await this.#api.ask(JOB, { id: this.#id });
    // What was told meanwhile is newer.
    if (job && this.job && job.progress.sequence < this.job.progress.sequence) return;
    const known = this.results !== null && job?.progress.sequence === this.job?.progress.sequence;
    const wanted = job?.status === "COMPLETED" && !known;
    const results = wanted ? (await this.#api.ask(JOB_RESULTS, { id: this.#id })).job?.results ?? null : this.results;
    if (this.#stopped) return;
    const same = this.error === null && JSON.stringify(job) === JSON.stringify(this.job);
    this.results = job?.status === "COMPLETED" ? results : null;
    this.error = null;
    // What has not changed stays the same object, so that nobody draws it anew.
    if (!same) this.job = job && { ...job, files: kept(this.job?.files, job.files) };
    if (!same || !known) this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

function kept(before, now) {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
