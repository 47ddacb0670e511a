// The live list of jobs, narrowed by status, type, batch and name. What narrows it stands in the address.

import { graphql } from "../api.js";
import { element, fill, mark, say } from "../elements.js";
import { batchNameOf } from "../parts/batch-progress.js";
import { staleChip } from "../parts/connection.js";
import { icon } from "../parts/icons.js";
import { liveList } from "../parts/live-list.js";
import { STATUS_TEXTS } from "../parts/status.js";
import { counted, dateAndTime } from "../wording.js";

const TYPED = 250;

const CHOICES = graphql`
  query FilterChoices {
    jobTypes {
      name
    }
    batches(first: 100) {
      nodes {
        id
        name
        createdAt
      }
    }
  }
`;

export function show(root, context) {
  const { query, setQuery } = context;
  const place = element("div", { class: "jobs-place" });
  const count = element("p", { class: "muted", id: "job-count" });
  const stale = staleChip(context.socket);
  let leave = () => {};
  const list = () => {
    leave();
    const filter = filterOf(query);
    leave = liveList(place, context, { filter, label: "Jobs", empty: () => nothing(filter), onChange: (jobs) => say(count, counted(jobs.total ?? 0, "job")) });
  };
  const changed = () => {
    setQuery(query);
    list();
  };
  fill(
    root,
    element(
      "div",
      { class: "view-header" },
      element("h1", {}, "Jobs"),
      stale.chip,
      count,
      element("a", { class: "button primary", href: "#/new" }, icon("new"), "New job"),
    ),
    filters(query, context.api, changed),
    place,
  );
  list();
  return () => {
    leave();
    stale.stop();
  };
}

/** A JobFilter from what stands in the address. */
function filterOf(query) {
  return {
    status: query.getAll("status").filter((status) => status in STATUS_TEXTS),
    jobType: query.get("type"),
    batchId: query.get("batch"),
    nameContains: query.get("name"),
  };
}

function nothing(filter) {
  const narrowed = Object.values(filter).some((value) => value?.length);
  return element(
    "div",
    { class: "empty" },
    icon(narrowed ? "search" : "file"),
    narrowed
      ? element("p", {}, "No job matches. ", element("a", { href: "#/" }, "Show all jobs"), ".")
      : element("p", {}, "No jobs yet. Drop a PDF anywhere on this page, or ", element("a", { href: "#/new" }, "start one"), "."),
  );
}

function filters(query, api, changed) {
  const set = (name, value) => {
    if (value) query.set(name, value);
    else query.delete(name);
    changed();
  };
  const types = choice("Type", "Any type", query.get("type"), (value) => set("type", value));
  const batches = choice("Batch", "Any batch", query.get("batch"), (value) => set("batch", value));
  api.ask(CHOICES).then(
    (known) => {
      types.offer(known.jobTypes.map(({ name }) => [name, name]));
      batches.offer(known.batches.nodes.map((batch) => [batch.id, `${batchNameOf(batch)}, ${dateAndTime(batch.createdAt)}`]));
    },
    // The list beneath says that the service does not answer; without choices, what the address says still holds.
    () => {},
  );
  return element("div", { class: "filters", role: "group", "aria-label": "Filter the jobs" }, search(query, set), types.node, batches.node, statuses(query, changed));
}

function search(query, set) {
  let timer = null;
  const input = element("input", {
    type: "search", value: query.get("name"), placeholder: "Search by name", "aria-label": "Search by name", spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => set("name", input.value.trim()), TYPED);
    },
  });
  return element("div", { class: "search" }, icon("search"), input);
}

function choice(label, any, value, onChoice) {
  const select = element("select", { "aria-label": label, onchange: () => onChoice(select.value) });
  const offer = (options) => {
    const known = value && !options.some(([id]) => id === value) ? [[value, value], ...options] : options;
    fill(select, element("option", { value: "" }, any), known.map(([id, text]) => element("option", { value: id }, text)));
    select.value = value ?? "";
  };
  offer([]);
  return { node: select, offer };
}

function statuses(query, changed) {
  const chips = Object.entries(STATUS_TEXTS).map(([status, text]) => {
    const chip = element("button", { type: "button", class: "chip", "data-status": status, onclick: () => toggle(chip, status) }, text);
    mark(chip, "aria-pressed", String(query.getAll("status").includes(status)));
    return chip;
  });
  const toggle = (chip, status) => {
    const chosen = new Set(query.getAll("status"));
    if (!chosen.delete(status)) chosen.add(status);
    query.delete("status");
    for (const each of chosen) query.append("status", each);
    mark(chip, "aria-pressed", String(chosen.has(status)));
    changed();
  };
  return element("div", { class: "chips", role: "group", "aria-label": "Status" }, chips);
}
