// One job: where it stands, its steps, what came of it, and what can be done about it.

import { element, fill } from "../elements.js";
import { adviceFor } from "../error-advice.js";
import { act } from "../job-actions.js";
import { LiveJob } from "../live-job.js";
import { Milestones } from "../milestones.js";
import { panelsOf } from "../panels/panels.js";
import { markedWhileLost } from "../parts/connection.js";
import { icon } from "../parts/icons.js";
import { jobHead } from "../parts/job-head.js";
import { JobLog } from "../parts/job-log.js";
import { nameOf } from "../parts/job-row.js";
import { jobSteps, stepsOf } from "../parts/job-steps.js";
import { problem } from "../parts/problem.js";
import { ended } from "../parts/status.js";
import { Tabs } from "../parts/tabs.js";
import { ProducedFiles } from "../produced-files.js";

export async function show(root, context) {
  const { api, socket, params } = context;
  const live = new LiveJob({ api, socket, id: params.id });
  await live.start();
  if (live.job === null) {
    unknown(root, "There is no such job", "It may have been deleted, or it belongs to somebody else.");
    return () => live.stop();
  }
  try {
    return page(root, live, await stepsOf(api, live.job.jobType), context);
  } catch (error) {
    live.stop();
    throw error;
  }
}

function unknown(root, heading, sentence) {
  fill(root, element("h1", {}, heading), element("p", {}, sentence, " ", element("a", { href: "#/" }, "See the jobs"), "."));
}

function page(root, live, known, context) {
  const { api, socket, announcer, title, query, setQuery, go } = context;
  const { job } = live;
  const onAction = async (action) => {
    if (!(await act(action, live.job, context))) return;
    if (action === "delete") go("/");
    else live.look();
  };
  const head = jobHead(context, onAction);
  const steps = jobSteps(known, job);
  const log = new JobLog(socket, job.id);
  const said = element("div", { class: "job-said-place" });
  const milestones = new Milestones(announcer);
  const tabs = new Tabs({ label: "What there is of it", onChoice: (id) => (query.set("tab", id), setQuery(query)) });
  if (query.has("tab")) tabs.choose(query.get("tab"));
  let files = new ProducedFiles(api, []);
  let shown = { status: null, results: null };
  let told = null;
  const draw = () => {
    if (live.job === null) {
      leave();
      unknown(root, "This job is gone", "It was deleted just now.");
      return;
    }
    head.set(live.job);
    steps.set(live.job);
    milestones.hear([live.job]);
    const text = JSON.stringify([live.error?.message, live.job.status, live.job.error, live.job.warnings]);
    if (text !== told) fill(said, sayings(live));
    told = text;
    if (!ended(live.job.status)) log.follow();
    if (live.job.status === shown.status && live.results === shown.results && live.job.files === files.files) return;
    shown = { status: live.job.status, results: live.results };
    files.stop();
    files = new ProducedFiles(api, live.job.files);
    // Its first panel is what came of it; before there is anything, the log tells most.
    tabs.set(panelsOf(live.job, live.results, context, files, log.node), live.results ? null : "log");
  };
  const unmarks = [head.node, steps.node, head.facts].map((node) => markedWhileLost(socket, node));
  const leave = () => {
    live.removeEventListener("change", draw);
    for (const each of [live, head, log, milestones, files]) each.stop();
    unmarks.forEach((unmark) => unmark());
  };
  fill(root, head.node, steps.node, said, head.facts, tabs.node);
  title(nameOf(job));
  live.addEventListener("change", draw);
  log.follow();
  draw();
  return leave;
}

/** What there is to say of its end, and of what was only partly possible. */
function sayings({ job, error }) {
  return [
    error && problem(error),
    job.error && job.status === "FAILED" && element(
      "div",
      { class: "job-error" },
      icon("warning"),
      element("div", {}, element("h2", {}, "It failed ", element("code", {}, job.error.code)), element("p", {}, job.error.message), element("p", { class: "advice" }, element("strong", {}, "What to do: "), adviceFor(job.error.code)), details(job.error.details)),
    ),
    job.status === "CANCELLED" && element("p", { class: "notice" }, icon("cancel"), element("span", {}, "It was cancelled. ", adviceFor("JOB_CANCELLED"))),
    job.warnings.length > 0 && element(
      "div",
      { class: "job-warnings" },
      icon("warning"),
      element("div", {}, element("h2", {}, "Only partly possible"), element("ul", {}, job.warnings.map((warning) => element("li", {}, warning)))),
    ),
  ];
}

function details(value) {
  if (value === null || value === undefined) return null;
  return element("details", {}, element("summary", {}, "Details"), element("pre", {}, JSON.stringify(value, null, 2)));
}
