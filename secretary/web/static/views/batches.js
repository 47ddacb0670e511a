// All batches, newest first, each with one bar for the whole.

import { graphql } from "../api.js";
import { element, fill, say } from "../elements.js";
import { Refused } from "../failures.js";
import { batchNameOf, batchProgress } from "../parts/batch-progress.js";
import { markedWhileLost, staleChip } from "../parts/connection.js";
import { icon } from "../parts/icons.js";
import { problem } from "../parts/problem.js";
import { ago, counted, dateAndTime } from "../wording.js";

const PAGE = 25;
const QUIET = 1_000;

const BATCHES = graphql`
  query Batches($first: Int, $after: String) {
    batches(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        status
        percent
        jobCount
        pendingCount
        processingCount
        completedCount
        failedCount
        cancelledCount
        createdAt
      }
    }
  }
`;

const CHANGED_BATCHES = graphql`
  subscription ChangedBatches {
    jobChanges {
      id
      batch {
        id
      }
    }
  }
`;

export function show(root, { api, socket }) {
  const list = element("ul", { class: "batch-list", "aria-label": "Batches", role: "list" });
  const count = element("p", { class: "muted" });
  const rest = element("div", {});
  const stale = staleChip(socket);
  const rows = new Map();
  let pages = 1;
  let timer = null;
  let turn = 0;

  const read = async () => {
    const own = ++turn;
    const found = [];
    let page = { hasNextPage: true, endCursor: null };
    let total = 0;
    try {
      for (let read = 0; read < pages && page.hasNextPage; read += 1) {
        const { batches } = await api.ask(BATCHES, { first: PAGE, after: page.endCursor });
        found.push(...batches.nodes);
        page = batches.pageInfo;
        total = batches.totalCount;
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fill(rest, problem(error));
      return;
    }
    if (own === turn) draw(found, total, page.hasNextPage);
  };
  const draw = (batches, total, hasMore) => {
    const wanted = batches.map((batch) => {
      if (!rows.has(batch.id)) rows.set(batch.id, batchLine(batch));
      rows.get(batch.id).set(batch);
      return rows.get(batch.id).node;
    });
    // Moved only when they differ, so that the focus stays where it is.
    if (wanted.length !== list.children.length || wanted.some((node, index) => list.children[index] !== node)) fill(list, wanted);
    say(count, counted(total, "batch", "batches"));
    fill(rest, total === 0 && nothing(), hasMore && element("button", { type: "button", class: "button more", onclick: more }, "Show more"));
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      // The socket notices by itself when the service is gone, and then everything is read again.
      read().catch(() => {});
    }, QUIET);
  };
  const more = () => {
    pages += 1;
    soon();
  };
  fill(
    root,
    element("div", { class: "view-header" }, element("h1", {}, "Batches"), stale.chip, count),
    list,
    rest,
  );
  const unmark = markedWhileLost(socket, list);
  const unsubscribe = socket.subscribe(CHANGED_BATCHES, {}, { next: ({ jobChanges }) => jobChanges.batch && soon(), reread: read });
  return () => {
    turn += 1;
    clearTimeout(timer);
    unsubscribe();
    unmark();
    stale.stop();
  };
}

function batchLine(batch) {
  const name = batchNameOf(batch);
  const progress = batchProgress(name);
  const time = element("time", { datetime: batch.createdAt, title: dateAndTime(batch.createdAt) });
  return {
    node: element(
      "li",
      { class: "batch" },
      element("div", { class: "job-what" }, element("a", { class: "job-name", href: `#/batches/${batch.id}` }, name), element("div", { class: "job-meta" }, counted(batch.jobCount, "job"), " ", time)),
      progress.badge,
      element("div", { class: "batch-progress" }, progress.bar, progress.counts),
    ),
    set(now) {
      progress.set(now);
      say(time, ago(now.createdAt));
    },
  };
}

function nothing() {
  return element(
    "div",
    { class: "empty" },
    icon("batches"),
    element("p", {}, "No batches yet. Several PDFs dropped at once become one. ", element("a", { href: "#/new" }, "Start some"), "."),
  );
}
