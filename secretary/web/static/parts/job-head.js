// What stands above a job's results: its name, where it stands, how far it is, what can be done, and the facts, which come after what went
// wrong.

import { element, fill, say } from "../elements.js";
import { mayHelpAsBefore } from "../error-advice.js";
import { downloadButton } from "../produced-files.js";
import { dateAndTime, duration, inWords } from "../wording.js";
import { staleChip } from "./connection.js";
import { icon } from "./icons.js";
import { nameOf } from "./job-row.js";
import { ended, progressBar, statusBadge } from "./status.js";

const TICK = 1_000;

/** `set(job)` shows another state; `onAction(action)` is told of the buttons. */
export function jobHead(context, onAction) {
  const { socket } = context;
  const heading = element("h1", {});
  const [badge, bar, stale] = [statusBadge(), progressBar(), staleChip(socket)];
  const [percent, said] = [element("span", { class: "job-percent", "aria-hidden": "true" }), element("p", { class: "job-now" })];
  const buttons = element("div", { class: "buttons" });
  const facts = element("dl", { class: "facts job-facts" });
  const took = element("dd", {});
  let [job, drawn] = [null, null];
  const tick = () => job?.status === "PROCESSING" && socket.live && say(took, duration(secondsOf(job)));
  const timer = setInterval(tick, TICK);
  const set = (now) => {
    const { progress, ...rest } = now;
    const changed = JSON.stringify(rest) !== drawn;
    drawn = JSON.stringify(rest);
    job = now;
    say(heading, nameOf(job));
    heading.title = nameOf(job);
    badge.set(job.status);
    bar.set({ percent: progress.percent, status: job.status, label: `Progress of ${nameOf(job)}` });
    say(percent, `${progress.percent} %`);
    say(said, ended(job.status) ? "" : progress.message || inWords(progress.step));
    if (!changed) return;
    say(took, job.startedAt === null ? "" : duration(secondsOf(job)));
    fill(facts, factsOf(job, took));
    fill(buttons, actionsOf(job, context, onAction));
  };
  const node = element(
    "section",
    { class: "job-head", "aria-label": "The job" },
    element("p", {}, element("a", { class: "back", href: "#/" }, "All jobs")),
    element("div", { class: "view-header" }, heading, stale.chip, badge.node, buttons),
    element("div", { class: "job-far" }, bar.node, percent),
    said,
  );
  return { node, facts, set, stop: () => (clearInterval(timer), stale.stop()) };
}

function secondsOf({ startedAt, completedAt }) {
  return Math.max(0, ((completedAt === null ? Date.now() : new Date(completedAt)) - new Date(startedAt)) / 1000);
}

function factsOf(job, took) {
  const time = (instant) => element("time", { datetime: instant }, dateAndTime(instant));
  const ran = job.startedAt !== null;
  const source = job.parameters.url ?? job.parameters.filename;
  return [
    fact("Type", job.jobType),
    fact("Source", typeof source === "string" && sourceOf(source)),
    fact("Batch", job.batch && element("a", { href: `#/batches/${job.batch.id}` }, job.batch.name || "batch")),
    fact("Owner", job.userId),
    fact("Created", time(job.createdAt)),
    fact("Started", ran && time(job.startedAt)),
    fact("Ended", job.completedAt !== null && time(job.completedAt)),
    ran && element("div", {}, element("dt", {}, ended(job.status) ? "Took" : "Running for"), took),
    fact("Attempt", job.attempt > 0 && (job.attempt > 1 || job.status === "FAILED") && `${job.attempt} of ${job.maxAttempts}`),
    fact("Priority", job.priority !== 0 && String(job.priority)),
    fact("Results", job.fromCache && "taken from an equal earlier job"),
    fact("Id", element("code", {}, job.id)),
  ];
}

function fact(name, value) {
  return value ? element("div", {}, element("dt", {}, name), element("dd", {}, value)) : null;
}

function sourceOf(source) {
  if (/^file-[0-9a-f-]{36}$/.test(source)) return "an uploaded file";
  if (!/^https?:\/\//i.test(source)) return source;
  return element("a", { href: source, rel: "noopener noreferrer", target: "_blank" }, source);
}

function actionsOf(job, context, onAction) {
  const button = (action, picture, text, kind = "") => element("button", { type: "button", class: `button ${kind}`.trim(), onclick: () => onAction(action) }, icon(picture), text);
  const archive = job.archiveUrl !== null && downloadButton(context, { url: job.archiveUrl, filename: `${nameOf(job)}.zip`, children: [icon("download"), "Download all"] });
  const again = job.status === "FAILED" || job.status === "CANCELLED";
  const asBefore = again && mayHelpAsBefore(job.error?.code);
  const changed = element("a", { class: `button ${again && !asBefore ? "primary" : ""}`.trim(), href: `#/new?like=${job.id}` }, icon("edit"), "Run with changes");
  return [
    archive,
    !ended(job.status) && button("cancel", "cancel", "Cancel"),
    again && button("retry", "retry", "Run again", asBefore ? "primary" : ""),
    ended(job.status) && changed,
    button("delete", "delete", "Delete", "danger"),
  ];
}
