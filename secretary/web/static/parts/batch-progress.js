// How far a batch is: one bar for all its jobs, and how many of them stand where.

import { element, fill, mark, say } from "../elements.js";
import { counted } from "../wording.js";
import { progressBar, shownStatus, STATUS_TEXTS, statusBadge } from "./status.js";

const COUNTS = {
  PENDING: "pendingCount", PROCESSING: "processingCount", COMPLETED: "completedCount", FAILED: "failedCount", CANCELLED: "cancelledCount",
};

/** What a batch is called, also when nobody named it. */
export function batchNameOf(batch) {
  return batch.name || `Batch ${batch.id.slice(-8)}`;
}

/** Bar, badge and counts; `set(batch)` with status, percent and the counts moves them. */
export function batchProgress(name) {
  const bar = progressBar();
  const badge = statusBadge();
  const percent = element("span", { class: "job-percent", "aria-hidden": "true" });
  const counts = element("ul", { class: "batch-counts", "aria-label": `Jobs of ${name}` });
  let shown = "";
  return {
    bar: element("div", { class: "batch-bar" }, bar.node, percent),
    badge: badge.node,
    counts,
    set(batch) {
      const status = shownStatus(batch);
      bar.set({ percent: batch.percent, status, label: `Progress of ${name}` });
      badge.set(status);
      say(percent, `${Math.floor(batch.percent)} %`);
      const there = Object.entries(COUNTS).filter(([, field]) => batch[field] > 0);
      const text = there.map(([status, field]) => `${status}${batch[field]}`).join();
      if (text === shown) return;
      shown = text;
      fill(counts, there.map(([status, field]) => element("li", { "data-status": status }, `${batch[field].toLocaleString("en")} ${STATUS_TEXTS[status].toLowerCase()}`)));
      mark(counts, "title", counted(batch.jobCount, "job"));
    },
  };
}
