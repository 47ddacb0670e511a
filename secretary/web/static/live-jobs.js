// A live list of jobs: read page by page by cursor, kept up to date by one subscription, with a slow look at the whole as the net
// under it, which also finds what was deleted elsewhere.

import { graphql } from "./api.js";
import { Unreachable } from "./failures.js";

const PAGE = 100;
const NET_EVERY = 8_000;
const RECOUNT_AFTER = 800;
const GATHER = 50;

const JOBS = graphql`
  query Jobs($first: Int, $after: String, $filter: JobFilter, $orderBy: JobOrder) {
    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        jobType
        status
        createdAt
        completedAt
        userId
        progress {
          sequence
          step
          percent
          message
        }
        error {
          code
          message
        }
        batch {
          id
          name
        }
      }
    }
  }
`;

// The status is no part of this filter: a job that leaves the wanted statuses must be told, too.
const JOB_CHANGES = graphql`
  subscription JobChanges($filter: JobFilter) {
    jobChanges(filter: $filter) {
      id
      name
      jobType
      status
      createdAt
      completedAt
      userId
      progress {
        sequence
        step
        percent
        message
      }
      error {
        code
        message
      }
      batch {
        id
        name
      }
    }
  }
`;

/** Fires `change` with `changed` and `gone`, sets of ids; `start()` it, and `stop()` it when the view is left. */
export class LiveJobs extends EventTarget {
  #api;
  #socket;
  #wanted;
  #jobs = new Map();
  #cursor = null;
  #reading = null;
  #turn = 0;
  #moved = 0;
  #stop = () => {};
  #net = null;
  #recount = null;
  #told = [];
  #gathering = null;

  /** `filter` is a JobFilter of the schema. */
  constructor({ api, socket, filter }) {
    super();
    this.#api = api;
    this.#socket = socket;
    this.#wanted = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== "" && value?.length !== 0));
    this.total = null;
    this.hasMore = false;
    this.error = null;
  }

  get size() {
    return this.#jobs.size;
  }

  get(id) {
    return this.#jobs.get(id);
  }

  /** Newest first. */
  sorted() {
    return [...this.#jobs.values()].sort(newestFirst);
  }

  start() {
    const { status: _, ...filter } = this.#wanted;
    this.#stop = this.#socket.subscribe(JOB_CHANGES, { filter }, {
      next: ({ jobChanges }) => this.#gather(jobChanges),
      reread: () => this.reread(),
    });
    this.#net = setInterval(() => this.#castNet(), NET_EVERY);
  }

  stop() {
    this.#turn += 1;
    clearInterval(this.#net);
    clearTimeout(this.#recount);
    clearTimeout(this.#gathering);
    this.#stop();
  }

  /** Read again as many as are shown. Throws Unreachable only; what the service refuses is kept in `error`. */
  async reread() {
    const turn = ++this.#turn;
    const before = this.#jobs;
    const fresh = new Map();
    let page = { hasNextPage: true, endCursor: null };
    this.error = null;
    try {
      do {
        page = await this.#page(page.endCursor, fresh);
        if (turn !== this.#turn) return;
      } while (page.hasNextPage && fresh.size < before.size);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof Unreachable) throw error;
      this.error = error;
    }
    // What was told while it was read may be newer than what was read.
    for (const [id, job] of fresh) if (newer(this.#jobs.get(id), job)) fresh.set(id, this.#jobs.get(id));
    const gone = [...this.#jobs.keys()].filter((id) => !fresh.has(id));
    this.#jobs = fresh;
    this.#tell(fresh.keys(), gone);
  }

  /** Read the next page. */
  async more() {
    if (!this.hasMore || this.#reading !== null) return this.#reading;
    const turn = this.#turn;
    const fresh = new Map();
    this.#reading = this.#page(this.#cursor, fresh).finally(() => (this.#reading = null));
    await this.#reading;
    if (turn === this.#turn) this.#take([...fresh.values()], { read: true });
  }

  /** Forget a job, as this page has deleted it. */
  remove(id) {
    if (!this.#jobs.delete(id)) return;
    this.#moved -= 1;
    this.#tell([], [id]);
    this.#countSoon();
  }

  async #page(after, into) {
    const { jobs } = await this.#api.ask(JOBS, { first: PAGE, after, filter: this.#wanted });
    for (const job of jobs.nodes) into.set(job.id, job);
    this.total = jobs.totalCount;
    this.#moved = 0;
    this.hasMore = jobs.pageInfo.hasNextPage;
    this.#cursor = jobs.pageInfo.endCursor ?? after;
    return jobs.pageInfo;
  }

  /** What is told comes in bursts, which are taken in as one. */
  #gather(job) {
    this.#told.push(job);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#take(this.#told.splice(0));
    }, GATHER);
  }

  /** Take in what was told, or what was `read` as the next page. */
  #take(jobs, { read = false } = {}) {
    const [changed, gone] = [[], []];
    for (const job of jobs) {
      const known = this.#jobs.get(job.id);
      if (known && newer(known, job)) continue;
      if (!this.#wants(job)) {
        if (this.#jobs.delete(job.id)) gone.push(job.id);
      } else if (known || read || this.#belongs(job)) {
        this.#jobs.set(job.id, job);
        changed.push(job.id);
        if (!known && !read) this.#moved += 1;
      }
    }
    this.#moved -= gone.length;
    if (changed.length + gone.length > 0) this.#tell(changed, gone);
    if (this.#moved !== 0) this.#countSoon();
  }

  #wants(job) {
    return !this.#wanted.status || this.#wanted.status.includes(job.status);
  }

  /** Whether an unknown job stands among those that were read, not on a page that was not. */
  #belongs(job) {
    if (!this.hasMore) return true;
    let last = null;
    for (const each of this.#jobs.values()) if (last === null || newestFirst(last, each) < 0) last = each;
    return last === null || newestFirst(job, last) < 0;
  }

  #countSoon() {
    clearTimeout(this.#recount);
    this.#recount = setTimeout(() => this.#castNet(), RECOUNT_AFTER);
  }

  async #castNet() {
    if (!this.#socket.live || document.hidden) return;
    const turn = this.#turn;
    const expected = this.total === null ? null : this.total + this.#moved;
    try {
      const orderBy = { field: "UPDATED_AT", direction: "DESC" };
      const { jobs } = await this.#api.ask(JOBS, { first: PAGE, filter: this.#wanted, orderBy });
      if (turn !== this.#turn) return;
      this.#take(jobs.nodes);
      clearTimeout(this.#recount);
      const missing = jobs.totalCount < (expected ?? 0) || (!this.hasMore && jobs.totalCount !== this.size);
      this.total = jobs.totalCount;
      this.#moved = 0;
      if (missing) await this.reread();
      else this.#tell([], []);
    } catch (error) {
      // The socket notices by itself when the service is gone; the next look makes up for this one.
      if (!(error instanceof Unreachable)) this.error = error;
    }
  }

  #tell(changed, gone) {
    this.dispatchEvent(Object.assign(new Event("change"), { changed: new Set(changed), gone: new Set(gone) }));
  }
}

function newer(one, other) {
  return one !== undefined && one.progress.sequence > other.progress.sequence;
}

/** Sorts jobs as the service lists them. */
export function newestFirst(one, other) {
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? 1 : -1;
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0;
}
