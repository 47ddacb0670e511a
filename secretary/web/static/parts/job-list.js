// A list of jobs on the page. Changes are gathered and shown once a frame, and only lines that changed are touched; lines out of
// sight cost no layout (`content-visibility` in jobs.css), so that a thousand stay smooth.

import { element } from "../elements.js";
import { newestFirst } from "../live-jobs.js";
import { JobRow } from "./job-row.js";

const CLOCK = 20_000;
const FRAME_BUDGET = 10;

/** Shows what `jobs`, a LiveJobs, holds. `onAction(action, job)` is called for the buttons of a line. */
export class JobList {
  #jobs;
  #rows = new Map();
  #dirty = new Set();
  #frame = null;
  #clock = null;
  #options;

  constructor({ jobs, label, onAction, withBatch = true, withOwner = false }) {
    this.#jobs = jobs;
    this.#options = { withBatch, withOwner };
    this.node = element("ul", {
      class: "job-list", "aria-label": label, role: "list",
      onclick: (event) => this.#act(event, onAction),
      onkeydown: (event) => this.#walk(event),
    });
    this.onChange = ({ changed, gone }) => {
      for (const id of [...changed, ...gone]) this.#dirty.add(id);
      this.#frame ??= requestAnimationFrame(() => this.#draw());
    };
    jobs.addEventListener("change", this.onChange);
    this.#clock = setInterval(() => this.#rows.forEach((row) => row.setTime()), CLOCK);
  }

  stop() {
    this.#jobs.removeEventListener("change", this.onChange);
    clearInterval(this.#clock);
    cancelAnimationFrame(this.#frame);
  }

  /** Show what changed, as much of it as fits into a frame; the rest in the next one. */
  #draw() {
    const until = performance.now() + FRAME_BUDGET;
    const fresh = [];
    for (const id of this.#dirty) {
      if (performance.now() > until) break;
      this.#dirty.delete(id);
      const [job, row] = [this.#jobs.get(id), this.#rows.get(id)];
      if (job === undefined) this.#drop(id, row);
      else if (row === undefined) fresh.push(job);
      else if (row.job !== job) row.set(job);
    }
    this.#insert(fresh.sort(newestFirst));
    this.#frame = this.#dirty.size > 0 ? requestAnimationFrame(() => this.#draw()) : null;
  }

  /** Put new lines, sorted, each before the first of those there that is older. */
  #insert(jobs) {
    let next = this.node.firstElementChild;
    for (const job of jobs) {
      while (next !== null && newestFirst(this.#rows.get(next.dataset.id).job, job) < 0) next = next.nextElementSibling;
      const row = new JobRow(this.#options);
      row.set(job);
      this.#rows.set(job.id, row);
      this.node.insertBefore(row.node, next);
    }
  }

  #drop(id, row) {
    if (row === undefined) return;
    const focused = row.node.contains(document.activeElement);
    const neighbour = row.node.nextElementSibling ?? row.node.previousElementSibling;
    row.node.remove();
    this.#rows.delete(id);
    if (focused && neighbour) this.#rows.get(neighbour.dataset.id).focus();
  }

  #act(event, onAction) {
    const button = event.target.closest("[data-action]");
    if (button === null) return;
    onAction(button.dataset.action, this.#rows.get(button.closest("li").dataset.id).job);
  }

  /** Arrow keys go from job to job. */
  #walk(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const line = event.target.closest("li");
    if (!step || line?.[step] === null || line === null) return;
    event.preventDefault();
    this.#rows.get(line[step].dataset.id).focus();
  }
}
