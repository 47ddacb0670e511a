// One job as a line of a list: what it is, where it stands, what can be done.

import { element, fill, mark, say } from "../elements.js";
import { ago, dateAndTime, inWords } from "../wording.js";
import { icon } from "./icons.js";
import { ended, progressBar, statusBadge } from "./status.js";

/** What a job is called, also when nobody named it. */
export function nameOf(job) {
  return job.name || `${inWords(job.jobType)} ${job.id.slice(-8)}`;
}

/** The line; `set(job)` shows another state of it, touching only what is different. */
export class JobRow {
  #name = element("a", { class: "job-name" });
  #type = element("span", {});
  #time = element("time", {});
  #owner = element("span", { class: "job-owner" });
  #batch = element("a", { class: "job-batch", hidden: true });
  #status = statusBadge();
  #bar = progressBar();
  #percent = element("span", { class: "job-percent", "aria-hidden": "true" });
  #said = element("span", { class: "job-said" });
  #actions = { cancel: button("cancel"), retry: button("retry"), delete: button("delete") };

  constructor({ withBatch, withOwner }) {
    this.withBatch = withBatch;
    this.withOwner = withOwner;
    this.node = element(
      "li",
      { class: "job" },
      element("div", { class: "job-what" }, this.#name, element("div", { class: "job-meta" }, this.#type, this.#time, this.#owner, this.#batch)),
      this.#status.node,
      element("div", { class: "job-progress" }, this.#bar.node, this.#percent, this.#said),
      element("div", { class: "job-actions" }, Object.values(this.#actions)),
    );
  }

  set(job) {
    const { node } = this;
    const name = nameOf(job);
    this.job = job;
    mark(node, "data-id", job.id);
    mark(node, "data-status", job.status);
    say(this.#name, name);
    mark(this.#name, "href", `#/jobs/${job.id}`);
    say(this.#type, job.jobType);
    mark(this.#time, "datetime", job.createdAt);
    this.setTime();
    say(this.#owner, this.withOwner ? (job.userId ?? "") : "");
    this.#showBatch(job);
    this.#status.set(job.status);
    this.#bar.set({ percent: job.progress.percent, status: job.status, label: `Progress of ${name}` });
    say(this.#percent, `${job.progress.percent} %`);
    say(this.#said, wordsFor(job));
    for (const [action, each] of Object.entries(this.#actions)) {
      each.hidden = !possible(action, job.status);
      mark(each, "aria-label", `${inWords(action)} ${name}`);
    }
  }

  /** The time since it was created, which grows by itself. */
  setTime() {
    say(this.#time, ago(this.job.createdAt));
    if (!this.#time.title) this.#time.title = dateAndTime(this.job.createdAt);
  }

  focus() {
    this.#name.focus();
  }

  #showBatch(job) {
    this.#batch.hidden = !(this.withBatch && job.batch);
    if (this.#batch.hidden || this.#batch.dataset.id === job.batch.id) return;
    this.#batch.dataset.id = job.batch.id;
    this.#batch.href = `#/batches/${job.batch.id}`;
    fill(this.#batch, icon("batches"), job.batch.name || "batch");
  }
}

function button(action) {
  return element("button", { type: "button", class: "icon-button", "data-action": action, title: inWords(action) }, icon(action));
}

function possible(action, status) {
  if (action === "cancel") return !ended(status);
  if (action === "retry") return status === "FAILED" || status === "CANCELLED";
  return true;
}

function wordsFor(job) {
  if (job.status === "FAILED" && job.error) return job.error.message;
  if (job.status === "PROCESSING") return job.progress.message || inWords(job.progress.step);
  return "";
}
