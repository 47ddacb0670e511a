// What a job's webhook was told, with every attempt, and a way to tell it again.

import { graphql } from "../api.js";
import { element, fill } from "../elements.js";
import { accepted } from "../failures.js";
import { icon } from "../parts/icons.js";
import { problem } from "../parts/problem.js";
import { counted, dateAndTime, duration } from "../wording.js";

const LOOK_EVERY = 4_000;
const STATUSES = { DELIVERED: "COMPLETED", FAILED: "FAILED", PENDING: "PENDING", SUPERSEDED: "CANCELLED" };
const WORDS = { DELIVERED: "Delivered", FAILED: "Given up", PENDING: "To be sent", SUPERSEDED: "Overtaken" };
const PHASES = { PROCESSING: "Progress", COMPLETED: "Completed", ERROR: "Failed" };

const DELIVERIES = graphql`
  query DashboardDeliveries($id: ID!) {
    job(id: $id) {
      webhookDeliveries {
        id
        phase
        status
        url
        createdAt
        nextAttemptAt
        attempts {
          number
          startedAt
          duration
          statusCode
          error
        }
      }
    }
  }
`;

const REDELIVER = graphql`
  mutation DashboardRedeliver($id: ID!) {
    redeliverWebhook(deliveryId: $id) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`;

/** The deliveries, looked at again as long as they are on the page. */
export async function deliveries(jobId, { api, socket, notices }) {
  const place = element("div", { class: "deliveries" });
  let drawn = "";
  const draw = async () => {
    const { job } = await api.ask(DELIVERIES, { id: jobId });
    const found = job?.webhookDeliveries ?? [];
    if (JSON.stringify(found) === drawn) return;
    drawn = JSON.stringify(found);
    fill(place, found.length === 0 ? element("p", { class: "muted" }, "Nothing was told so far.") : found.map((each) => delivery(each, again)));
  };
  const again = async (id) => {
    try {
      accepted((await api.ask(REDELIVER, { id })).redeliverWebhook);
      notices.done("It is sent again.");
      await draw();
    } catch (error) {
      notices.error(error.message);
    }
  };
  await draw();
  let wasThere = false;
  const timer = setInterval(() => {
    if (wasThere && !place.isConnected) clearInterval(timer);
    wasThere ||= place.isConnected;
    if (!place.isConnected || place.offsetParent === null || !socket.live) return;
    draw().catch((error) => fill(place, problem(error)));
  }, LOOK_EVERY);
  return place;
}

function delivery({ id, phase, status, url, createdAt, nextAttemptAt, attempts }, again) {
  const mayRepeat = phase !== "PROCESSING" && status !== "PENDING";
  return element(
    "section",
    { class: "delivery" },
    element(
      "div",
      { class: "panel-head" },
      element("h2", {}, PHASES[phase], " ", element("span", { class: "status", "data-status": STATUSES[status] }, WORDS[status])),
      mayRepeat && element("button", { type: "button", class: "button", onclick: () => again(id) }, icon("retry"), "Send again"),
    ),
    element("p", { class: "muted" }, `To ${url}, ${dateAndTime(createdAt)}. `, counted(attempts.length, "attempt"), nextAttemptAt && `, the next one ${dateAndTime(nextAttemptAt)}`, "."),
    attempts.length > 0 && element("ol", { class: "attempts" }, attempts.map((attempt) => element("li", {}, element("span", { class: "attempt-number" }, `${attempt.number}`), element("span", {}, dateAndTime(attempt.startedAt)), element("span", {}, attempt.error ?? `answered ${attempt.statusCode}`), element("span", { class: "muted" }, duration(attempt.duration))))),
  );
}
