// The steps of a job: passed, present, and still to come.

import { graphql } from "../api.js";
import { element, fill, mark } from "../elements.js";
import { inWords } from "../wording.js";
import { icon } from "./icons.js";

const JOB_TYPE_STEPS = graphql`
  query JobTypeSteps {
    jobTypes {
      name
      steps {
        name
        percent
      }
    }
  }
`;
const WORDS = { passed: "done", present: "now", stopped: "it ended here", ahead: "to come" };
// Steps that a job goes through only when it was asked for what they do.
const ON_DEMAND = {
  "pdf processing_images": (parameters) => parameters.include_images,
  "pdf applying_template": (parameters) => parameters.template,
  "transformer reading_file": (parameters) => parameters.url,
};

/** The steps that jobs of this type go through; none where the type does not say. */
export async function stepsOf(api, jobType) {
  const { jobTypes } = await api.ask(JOB_TYPE_STEPS);
  return jobTypes.find(({ name }) => name === jobType)?.steps ?? [];
}

/** A list of them; `set(job)` moves on in it. A type that does not name its steps shows those that were seen. */
export function jobSteps(known, job) {
  const steps = known.filter(({ name }) => (ON_DEMAND[`${job.jobType} ${name}`] ?? (() => true))(job.parameters));
  const seen = [];
  const node = element("ol", { class: "steps", "aria-label": "Steps" });
  let drawn = "";
  const set = (now) => {
    if (known.length === 0) note(seen, now);
    const shown = known.length === 0 ? seen : steps;
    const states = shown.map((_, index) => stateOf(index, placeOf(shown, now.progress), now.status));
    const text = JSON.stringify([shown, states]);
    node.hidden = shown.length === 0;
    if (text === drawn) return;
    drawn = text;
    fill(node, shown.map(({ name }, index) => line(name, states[index])));
  };
  return { node, set };
}

function note(seen, { status, progress }) {
  if (status === "PENDING") seen.length = 0;
  if (status === "PROCESSING" && !seen.some(({ name }) => name === progress.step)) seen.push({ name: progress.step, percent: progress.percent });
}

function placeOf(steps, { step, percent }) {
  return Math.max(steps.findIndex(({ name }) => name === step), steps.findLastIndex((each) => each.percent <= percent));
}

function stateOf(index, place, status) {
  if (status === "COMPLETED") return "passed";
  if (status === "PENDING" || index > place) return "ahead";
  if (index < place) return "passed";
  return status === "PROCESSING" ? "present" : "stopped";
}

function line(name, state) {
  const node = element("li", { "data-state": state }, element("span", { class: "step-mark" }, state === "passed" ? icon("check") : state === "stopped" ? icon("close") : null), element("span", { class: "step-name" }, inWords(name), element("span", { class: "visually-hidden" }, `, ${WORDS[state]}`)));
  mark(node, "aria-current", state === "present" ? "step" : null);
  return node;
}
