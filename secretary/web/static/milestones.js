// What is said aloud of many jobs: their ends, gathered, and quarters of the way while only few run.

import { nameOf } from "./parts/job-row.js";
import { ended, STATUS_TEXTS } from "./parts/status.js";
import { counted } from "./wording.js";

const GATHER = 1_500;
const FEW = 3;

export class Milestones {
  #announcer;
  #known = new Map();
  #ends = [];
  #timer = null;

  constructor(announcer) {
    this.#announcer = announcer;
  }

  /** Look at the present state of jobs; the first look at a job says nothing. */
  hear(jobs) {
    const running = jobs.filter((job) => job.status === "PROCESSING").length;
    for (const job of jobs) {
      const before = this.#known.get(job.id);
      const now = { status: job.status, quarter: Math.floor(job.progress.percent / 25) };
      this.#known.set(job.id, now);
      if (before === undefined) continue;
      if (ended(now.status) && !ended(before.status)) this.#ended(job);
      else if (now.status === "PROCESSING" && now.quarter > before.quarter && running <= FEW) this.#quarter(job, now.quarter);
    }
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #quarter(job, quarter) {
    this.#announcer.say(`${nameOf(job)}: ${quarter * 25} percent.`);
  }

  #ended(job) {
    this.#ends.push(job);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#announcer.say(sentence(this.#ends.splice(0)));
    }, GATHER);
  }
}

function sentence(jobs) {
  if (jobs.length === 1) return `${nameOf(jobs[0])}: ${STATUS_TEXTS[jobs[0].status].toLowerCase()}.`;
  const groups = Map.groupBy(jobs, (job) => job.status);
  return `${[...groups].map(([status, of]) => `${counted(of.length, "job")} ${STATUS_TEXTS[status].toLowerCase()}`).join(", ")}.`;
}
