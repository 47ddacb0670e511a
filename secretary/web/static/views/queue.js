// Queue and workers at a glance, and the last hours as charts.

import { graphql } from "../api.js";
import { element, fill, mark, say } from "../elements.js";
import { Unreachable } from "../failures.js";
import { durationsChart, hoursChart } from "../parts/charts.js";
import { markedWhileLost, staleChip } from "../parts/connection.js";
import { icon } from "../parts/icons.js";
import { nameOf } from "../parts/job-row.js";
import { problem } from "../parts/problem.js";
import { progressBar } from "../parts/status.js";
import { ago, counted } from "../wording.js";

const LOOK_EVERY = 2_000;
const COUNT_EVERY = 30_000;
const SPANS = [
  [24, "24 hours"],
  [168, "7 days"],
];

const QUEUE = graphql`
  query DashboardQueue {
    queue {
      pending
      processing
      workers {
        id
        startedAt
        lastSeenAt
        job {
          id
          name
          jobType
          status
          progress {
            percent
          }
        }
      }
    }
  }
`;

const STATISTICS = graphql`
  query DashboardStatistics($hours: Int!) {
    statistics(hours: $hours) {
      hours {
        start
        created
        completed
        failed
        cancelled
      }
      durations {
        jobType
        count
        mean
        median
        p95
      }
    }
  }
`;

// Only to notice reconnections and what happens at once; the figures are asked for.
const CHANGES = graphql`
  subscription DashboardQueueChanges {
    jobChanges {
      id
      status
    }
  }
`;

export function show(root, context) {
  const { api, socket } = context;
  const stale = staleChip(socket);
  const place = element("div", { class: "queue-place" });
  const [charts, said] = [element("div", { class: "charts" }), element("div", {})];
  const state = queueState(context);
  let hours = Number(context.query.get("hours")) === 168 ? 168 : 24;
  const readQueue = asked(said, async () => state.set((await api.ask(QUEUE)).queue));
  let statistics = null;
  const draw = () => statistics && drawCharts(charts, statistics);
  const readCharts = asked(charts, async () => {
    ({ statistics } = await api.ask(STATISTICS, { hours }));
    draw();
  });
  const choose = (wanted) => {
    hours = wanted;
    context.query.set("hours", wanted);
    context.setQuery(context.query);
    readCharts().catch(() => {});
  };
  fill(place, state.node, said);
  fill(root, element("div", { class: "view-header" }, element("h1", {}, "Queue"), stale.chip), place, element("section", { class: "charts-section", "aria-labelledby": "charts-heading" }, element("div", { class: "view-header" }, element("h2", { id: "charts-heading" }, "Jobs over time"), spanChoice(() => hours, choose)), charts));
  const unsubscribe = socket.subscribe(CHANGES, {}, { next: soon(() => readQueue().catch(() => {})), reread: () => Promise.all([readQueue(), readCharts()]) });
  const whenLive = (read) => () => socket.live && !document.hidden && read().catch(() => {});
  const timers = [setInterval(whenLive(readQueue), LOOK_EVERY), setInterval(whenLive(readCharts), COUNT_EVERY)];
  const width = new ResizeObserver(() => Math.abs(roomIn(charts) - Number(charts.dataset.width)) > 1 && draw());
  width.observe(charts);
  const unmark = [markedWhileLost(socket, place), markedWhileLost(socket, charts)];
  return () => {
    timers.forEach(clearInterval);
    width.disconnect();
    unsubscribe();
    unmark.forEach((each) => each());
    stale.stop();
  };
}

/** Reads; what the service refuses is said in its place, and that it cannot be reached is thrown on. */
function asked(place, read) {
  return async () => {
    try {
      await read();
      if (place.dataset.problem) fill(place);
      delete place.dataset.problem;
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      place.dataset.problem = "true";
      fill(place, problem(error));
    }
  };
}

/** Many calls within a moment are one. */
function soon(act) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      act();
    }, 400);
  };
}

function spanChoice(present, choose) {
  const buttons = SPANS.map(([hours, text]) => element("button", { type: "button", class: "chip", "aria-pressed": String(hours === present()), onclick: () => {
    choose(hours);
    buttons.forEach((button, index) => mark(button, "aria-pressed", String(SPANS[index][0] === hours)));
  } }, text));
  return element("div", { class: "chips", role: "group", "aria-label": "How far back" }, buttons);
}

function queueState({ session }) {
  const whose = session.viewer.isAdmin ? "" : "yours ";
  const figures = Object.fromEntries(["pending", "processing", "workers"].map((name) => [name, element("span", { class: "figure-number" }, "–")]));
  const figure = (name, text) => element("div", { class: "figure", "data-figure": name }, figures[name], element("span", {}, text));
  const list = element("ul", { class: "worker-list", role: "list", "aria-label": "Workers" });
  const none = element("p", { class: "problem", hidden: true }, icon("warning"), element("span", {}, "No worker is running, so nothing that waits will be done. An operator starts one with “secretary worker”."));
  const rows = new Map();
  const set = ({ pending, processing, workers }) => {
    say(figures.pending, pending.toLocaleString("en"));
    say(figures.processing, processing.toLocaleString("en"));
    say(figures.workers, workers.length.toLocaleString("en"));
    none.hidden = workers.length > 0;
    for (const { id } of workers) if (!rows.has(id)) rows.set(id, workerRow(session.viewer.isAdmin ? "ready" : "no job of yours"));
    for (const [id, row] of rows) if (!workers.some((worker) => worker.id === id)) rows.delete(id) && row.node.remove();
    workers.forEach((worker, index) => {
      const { node, set: show } = rows.get(worker.id);
      show(worker);
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
    });
  };
  const node = element("div", {}, element("div", { class: "figures-row" }, figure("pending", `${whose}waiting`), figure("processing", `${whose}running`), figure("workers", "workers")), none, list);
  return { node, set };
}

// Of other people's jobs the service does not tell, so a worker without a job need not be idle.
function workerRow(idle) {
  const bar = progressBar();
  const [what, since] = [element("span", { class: "worker-job" }), element("span", { class: "muted" })];
  const name = element("span", { class: "worker-name" });
  const node = element("li", {}, element("div", { class: "worker-who" }, name, since), what, bar.node);
  let drawn = null;
  return {
    node,
    set({ id, startedAt, job }) {
      say(name, `Worker ${id.slice(-8)}`);
      name.title = id;
      say(since, `started ${ago(startedAt)}`);
      bar.node.hidden = job === null;
      if (job) bar.set({ percent: job.progress.percent, status: job.status, label: `Progress of ${nameOf(job)}` });
      const text = job ? `${job.id} ${nameOf(job)}` : "";
      if (text === drawn) return;
      drawn = text;
      fill(what, job ? element("a", { href: `#/jobs/${job.id}` }, nameOf(job)) : element("span", { class: "muted" }, idle));
    },
  };
}

// Within the frame of a chart.
function roomIn(place) {
  return Math.max(280, place.clientWidth - 34);
}

function drawCharts(place, { hours, durations }) {
  const created = hours.reduce((sum, hour) => sum + hour.created, 0);
  const open = new Set([...place.querySelectorAll("details")].map((each, index) => (each.open ? index : -1)));
  const width = roomIn(place);
  place.dataset.width = width;
  fill(place, hoursChart(hours, width), durations.length > 0 ? durationsChart(durations, width) : element("p", { class: "muted" }, created === 0 ? "There were no jobs in this time." : `${counted(created, "job")} created, none completed in this time.`));
  [...place.querySelectorAll("details")].forEach((each, index) => (each.open = open.has(index)));
}
