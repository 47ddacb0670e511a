// One batch: one bar for the whole, its jobs live, and what can be done to all of them.

import { graphql } from "../api.js";
import { confirmed } from "../dialogs.js";
import { element, fill } from "../elements.js";
import { accepted, Refused } from "../failures.js";
import { batchNameOf, batchProgress } from "../parts/batch-progress.js";
import { markedWhileLost, staleChip } from "../parts/connection.js";
import { icon } from "../parts/icons.js";
import { liveList } from "../parts/live-list.js";
import { problem } from "../parts/problem.js";
import { ended, shownStatus, statusWords } from "../parts/status.js";
import { counted, dateAndTime } from "../wording.js";

const BATCH = graphql`
  query Batch($id: ID!) {
    batch(id: $id) {
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
      userId
    }
  }
`;

const BATCH_PROGRESS = graphql`
  subscription BatchProgress($batchId: ID!) {
    batchProgress(batchId: $batchId) {
      batchId
      status
      percent
      jobCount
      pendingCount
      processingCount
      completedCount
      failedCount
      cancelledCount
    }
  }
`;

const CANCEL_BATCH = graphql`
  mutation CancelBatch($id: ID!) {
    cancelBatch(id: $id) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`;

const RETRY_BATCH = graphql`
  mutation RetryBatch($id: ID!, $onlyFailed: Boolean!) {
    retryBatch(id: $id, onlyFailed: $onlyFailed) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`;

export async function show(root, context) {
  const { api, socket, params, title } = context;
  const { batch } = await api.ask(BATCH, { id: params.id });
  if (batch === null) {
    fill(root, element("h1", {}, "There is no such batch"), element("p", {}, "It may have been removed, or it belongs to somebody else. ", element("a", { href: "#/batches" }, "See the batches"), "."));
    return () => {};
  }
  title(batchNameOf(batch));
  const head = batchHead(batch, context);
  const place = element("div", { class: "jobs-place" });
  fill(root, head.node, place);
  const leave = liveList(place, context, {
    filter: { batchId: batch.id }, label: "Jobs of this batch", withBatch: false,
    empty: () => element("p", { class: "muted" }, "Its jobs have been deleted."),
    // A batch that had ended may go on: a job of it was run again.
    onChange: head.follow,
  });
  const unmark = markedWhileLost(socket, head.node);
  return () => {
    leave();
    unmark();
    head.stop();
  };
}

function batchHead(batch, context) {
  const { api, socket, announcer } = context;
  const progress = batchProgress(batchNameOf(batch));
  const stale = staleChip(socket);
  const said = element("div", {});
  const actions = batchActions(batch, context);
  let state = batch;
  let unsubscribe = null;
  const set = (now) => {
    if (ended(now.status) && !ended(state.status)) announcer.say(`${batchNameOf(batch)}: ${statusWords(shownStatus(now)).toLowerCase()}.`);
    state = now;
    progress.set(now);
    actions.set(now);
  };
  const read = async () => {
    try {
      const { batch: now } = await api.ask(BATCH, { id: batch.id });
      if (now) set(now);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fill(said, problem(error));
    }
  };
  const follow = () => {
    unsubscribe ??= socket.subscribe(BATCH_PROGRESS, { batchId: batch.id }, {
      next: ({ batchProgress: now }) => set(now),
      complete: () => (unsubscribe = null),
      error: () => (unsubscribe = null),
      reread: read,
    });
  };
  set(batch);
  follow();
  const node = element(
    "section",
    { class: "batch-head" },
    element("p", {}, element("a", { class: "back", href: "#/batches" }, "All batches")),
    element("div", { class: "view-header" }, element("h1", {}, batchNameOf(batch)), stale.chip, progress.badge, actions.node),
    progress.bar,
    progress.counts,
    element("p", { class: "muted" }, `${counted(batch.jobCount, "job")}, created ${dateAndTime(batch.createdAt)}`),
    said,
  );
  return {
    node,
    follow,
    stop() {
      unsubscribe?.();
      stale.stop();
    },
  };
}

function batchActions(batch, { api, notices }) {
  const run = async (document, field, variables, done) => {
    try {
      accepted((await api.ask(document, { id: batch.id, ...variables }))[field]);
      notices.done(done);
    } catch (error) {
      notices.error(error.message);
    }
  };
  const cancel = actionButton("cancel", "Cancel all", async () => {
    const question = { title: "Cancel this batch?", sentence: "Every job of it that has not ended is cancelled. What they have done so far is lost.", action: "Cancel the batch" };
    if (await confirmed(question)) await run(CANCEL_BATCH, "cancelBatch", {}, "The batch is cancelled.");
  });
  const failed = actionButton("retry", "Run failed again", () => run(RETRY_BATCH, "retryBatch", { onlyFailed: true }, "The failed jobs run again."));
  const all = actionButton("retry", "Run failed and cancelled again", () => run(RETRY_BATCH, "retryBatch", { onlyFailed: false }, "The failed and cancelled jobs run again."));
  return {
    node: element("div", { class: "buttons" }, cancel, failed, all),
    set(now) {
      cancel.hidden = ended(now.status);
      failed.hidden = now.failedCount === 0;
      all.hidden = now.cancelledCount === 0;
    },
  };
}

function actionButton(picture, text, onclick) {
  return element("button", { type: "button", class: "button", onclick }, icon(picture), text);
}
