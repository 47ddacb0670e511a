// A job's or batch's status as a word with a colour, and how far it is as a bar.

import { element, mark, say } from "../elements.js";

export const STATUS_TEXTS = {
  PENDING: "Waiting",
  PROCESSING: "Running",
  COMPLETED: "Completed",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
};

const WORDS = { ...STATUS_TEXTS, PARTLY: "Partly done" };

/** What is shown of a batch: one that has completed, but not with all of its jobs, must not look as if nothing were wrong. */
export function shownStatus({ status, failedCount, cancelledCount }) {
  return status === "COMPLETED" && failedCount + cancelledCount > 0 ? "PARTLY" : status;
}

/** A status in words. */
export function statusWords(status) {
  return WORDS[status];
}

/** Whether it has ended. */
export function ended(status) {
  return status !== "PENDING" && status !== "PROCESSING";
}

/** A word in the colour of a status, or of a `shownStatus`; `set(status)` changes it. */
export function statusBadge() {
  const node = element("span", { class: "status" });
  return {
    node,
    set(status) {
      mark(node, "data-status", status);
      say(node, statusWords(status));
    },
  };
}

/** A bar; `set({ percent, status, label })` moves it. `label` is what it is the progress of. */
export function progressBar() {
  const filled = element("div", { class: "bar-filled" });
  const node = element("div", { class: "bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, filled);
  let shown = null;
  return {
    node,
    set({ percent, status, label }) {
      const whole = Math.floor(percent);
      mark(node, "aria-valuenow", whole);
      mark(node, "aria-valuetext", `${whole} %, ${statusWords(status).toLowerCase()}`);
      mark(node, "aria-label", label);
      mark(node, "data-status", status);
      if (shown !== percent) filled.style.transform = `scaleX(${percent / 100})`;
      shown = percent;
    },
  };
}
