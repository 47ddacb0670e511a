// A job's log, line by line as it is written.

import { graphql } from "../api.js";
import { element } from "../elements.js";
import { dateAndTime, timeOfDay } from "../wording.js";

const MOST = 2_000;
const NEAR = 40;

const JOB_LOGS = graphql`
  subscription DashboardJobLogs($jobId: ID!, $after: String) {
    jobLogs(jobId: $jobId, after: $after) {
      id
      timestamp
      level
      message
    }
  }
`;

export class JobLog {
  #socket;
  #jobId;
  #last = null;
  #unsubscribe = null;
  #waiting = [];
  #frame = null;
  #list = element("ol", { class: "log-lines" });
  #nothing = element("p", { class: "muted log-nothing" }, "Nothing was logged so far.");
  #left = element("p", { class: "muted", hidden: true }, `Older lines than the last ${MOST.toLocaleString("en")} are left out here.`);

  constructor(socket, jobId) {
    this.#socket = socket;
    this.#jobId = jobId;
    this.#list.hidden = true;
    this.node = element("div", { class: "log", tabindex: "0", role: "region", "aria-label": "Log" }, this.#left, this.#nothing, this.#list);
  }

  /** Follow it, if it is not followed already: again after the job was run again. */
  follow() {
    const over = () => (this.#unsubscribe = null);
    this.#unsubscribe ??= this.#socket.subscribe(JOB_LOGS, () => ({ jobId: this.#jobId, after: this.#last }), {
      next: ({ jobLogs }) => this.#take(jobLogs),
      complete: over,
      error: over,
    });
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  #take(line) {
    if (this.#last !== null && Number(line.id) <= Number(this.#last)) return;
    this.#last = line.id;
    this.#waiting.push(line);
    this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  /** What came since the last frame. */
  #draw() {
    this.#frame = null;
    this.#nothing.hidden = true;
    this.#list.hidden = false;
    // Who has scrolled up to read is left there.
    const atEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
    this.#list.append(...this.#waiting.splice(0).slice(-MOST).map(logLine));
    while (this.#list.childElementCount > MOST) this.#list.firstElementChild.remove();
    this.#left.hidden = this.#list.childElementCount < MOST;
    if (atEnd) this.node.scrollTop = this.node.scrollHeight;
  }
}

function logLine({ timestamp, level, message }) {
  const time = element("time", { datetime: timestamp, title: dateAndTime(timestamp) }, timeOfDay(timestamp));
  return element("li", { "data-level": level }, time, element("span", { class: "log-level" }, level), element("span", {}, message));
}
