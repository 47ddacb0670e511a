// Starting jobs: what kind, on what, and how.

import { graphql } from "../api.js";
import { earlierJob, enterEarlier } from "../earlier-job.js";
import { element, fill, mark, say } from "../elements.js";
import { Refused } from "../failures.js";
import { formOf } from "../job-forms.js";
import { field } from "../parts/field.js";
import { fileDrop } from "../parts/file-drop.js";
import { problem } from "../parts/problem.js";
import { createBatch, createJob, jobInput, shownAtFields } from "../submitting.js";
import { counted, inWords } from "../wording.js";

const CHOICES = graphql`
  query NewJobChoices {
    jobTypes {
      name
      description
      parametersSchema
    }
    templates {
      name
      error
    }
  }
`;

const FIRST_TYPES = ["pdf", "transformer", "session"];
const TYPE_TEXTS = { pdf: "PDF", transformer: "Text or web page", session: "Conference session" };

export async function show(root, context) {
  const { api, query, setQuery } = context;
  const [{ jobTypes, templates }, earlier] = await Promise.all([api.ask(CHOICES), earlierJob(api, query.get("like"))]);
  const usable = templates.filter(({ error }) => error === null).map(({ name }) => name);
  const known = [...FIRST_TYPES.map((name) => jobTypes.find((type) => type.name === name)), ...jobTypes.filter(({ name }) => !FIRST_TYPES.includes(name))].filter(Boolean);
  const place = element("div", {});
  let leave = () => {};
  const choose = (type) => {
    leave();
    query.set("type", type.name);
    setQuery(query);
    tabs.forEach((tab) => mark(tab, "aria-pressed", String(tab.dataset.type === type.name)));
    leave = shownForm(place, type, usable, context, earlier?.jobType === type.name ? earlier : null);
  };
  const tabs = known.map((type) =>
    element("button", { type: "button", class: "chip", "data-type": type.name, onclick: () => choose(type) }, TYPE_TEXTS[type.name] ?? inWords(type.name)),
  );
  fill(
    root,
    element("div", { class: "view-header" }, element("h1", {}, "New job")),
    element("div", { class: "chips", role: "group", "aria-label": "Kind of job" }, tabs),
    place,
  );
  // Whoever comes from a template has a text for it, or changes to the PDF.
  const wanted = query.get("type") ?? earlier?.jobType ?? (query.has("template") ? "transformer" : null);
  choose(known.find(({ name }) => name === wanted) ?? known[0]);
  return () => leave();
}

function shownForm(place, type, templates, context, earlier) {
  const { first, more } = formOf(type, templates);
  const template = [...first, ...more].find((spec) => spec.name === "template");
  if (template && templates.includes(context.query.get("template"))) template.value = context.query.get("template");
  const fields = new Map([...first, ...more].map((spec) => [spec.name, field(spec)]));
  const name = field({ name: "name", label: "Name", kind: "text", hint: "To find it by in the list." });
  const source = type.name === "pdf" ? pdfSource(context.staged) : null;
  const raw = TYPE_TEXTS[type.name] ? null : rawParameters(fields);
  const said = element("div", {});
  const button = element("button", { type: "submit", class: "button primary" }, "Start");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    mark(form, "aria-busy", "true");
    for (const each of [...fields.values(), name, ...(source?.fields ?? [])]) each.error(null);
    source?.drop.error("");
    fill(said);
    try {
      await started(type, { fields, name, source, raw }, context);
    } catch (error) {
      refused(error, { fields, name, source, raw, said });
    } finally {
      button.disabled = false;
      mark(form, "aria-busy", null);
    }
  };
  const form = element(
    "form",
    { class: "job-form", novalidate: true, onsubmit: submit },
    element("p", { class: "muted" }, type.description),
    source?.node,
    raw?.switch,
    element("div", { class: "fields" }, name.node, first.map((spec) => fields.get(spec.name).node)),
    more.length > 0 && element("details", { class: "more-fields" }, element("summary", {}, "More"), element("div", { class: "fields" }, more.map((spec) => fields.get(spec.name).node))),
    raw?.node,
    said,
    element("div", { class: "buttons" }, button),
  );
  fill(place, form);
  source?.follow(button);
  raw?.bind(form);
  if (earlier) enterEarlier(earlier, { fields, name, source });
  return () => {
    source?.stop();
    // What was another job's file is nothing that somebody chose.
    if (earlier) source?.staged.clear();
  };
}

/** Files or an address, and what becomes of several files. */
function pdfSource(staged) {
  const drop = fileDrop(staged);
  const url = field({ name: "url", label: "or the address of a PDF", kind: "url", placeholder: "https://…" });
  const batch = field({ name: "batch_name", label: "Name of the batch", kind: "text" });
  const single = field({ name: "single", label: "As single jobs, not as one batch", kind: "check" });
  const several = element("div", { class: "fields several" }, batch.node, single.node);
  let button = null;
  const draw = () => {
    const many = staged.files.length;
    several.hidden = many < 2;
    batch.node.hidden = single.input.checked;
    url.node.hidden = many > 0;
    if (button) say(button, many > 1 ? `Start ${counted(many, "job")}` : "Start");
  };
  staged.addEventListener("change", draw);
  single.input.addEventListener("change", draw);
  draw();
  return {
    drop, url, batch, single, staged,
    fields: [url, batch],
    node: element("div", { class: "pdf-source" }, drop.node, several, url.node),
    follow(given) {
      button = given;
      draw();
    },
    stop() {
      drop.stop();
      staged.removeEventListener("change", draw);
    },
  };
}

/** For job types of other packages: their parameters as JSON in the place of the form. */
function rawParameters(fields) {
  const input = field({ name: "parameters", label: "Parameters as JSON", kind: "json", hint: "One object, as the job type's schema describes it." });
  input.node.hidden = true;
  const box = field({ name: "raw", label: "Write the parameters as JSON", kind: "check" });
  return {
    field: input,
    switch: box.node,
    node: input.node,
    get chosen() {
      return box.input.checked;
    },
    bind: () =>
      box.input.addEventListener("change", () => {
        input.node.hidden = !box.input.checked;
        for (const each of fields.values()) each.node.hidden = box.input.checked;
        if (box.input.checked && !input.input.value) input.input.value = JSON.stringify(valuesOf(fields), null, 2);
      }),
  };
}

/** What the fields say. Throws Refused for JSON that is none. */
function valuesOf(fields) {
  const values = {};
  for (const each of fields.values()) {
    try {
      const value = each.value();
      if (value !== undefined) values[each.name] = value;
    } catch (error) {
      throw new Refused("This is not JSON.", { fields: [{ path: [each.name], message: `This is not JSON: ${error.message}.` }] });
    }
  }
  return values;
}

async function started(type, { fields, name, source, raw }, context) {
  const { api, go, notices } = context;
  const parameters = raw?.chosen ? (valuesOf(new Map([["parameters", raw.field]])).parameters ?? {}) : valuesOf(fields);
  const called = name.value();
  if (source === null || source.staged.files.length === 0) {
    const url = source?.url.value();
    if (source && !url) throw new Refused("Choose a PDF, or give the address of one.", { fields: [{ path: ["filename"], message: "Choose a PDF, or give the address of one." }] });
    await createJob(api, jobInput(type.name, url ? { ...parameters, url } : parameters, called ?? lastPart(url)));
    notices.done("The job is started.");
    go("/");
    return;
  }
  if (!(await source.staged.send(api))) throw new Refused("Not every file could be sent. Remove those, or send them again.");
  const jobs = source.staged.files.map(({ id, file }) => jobInput(type.name, { ...parameters, filename: id }, nameFor(file, called, source)));
  await createAll(jobs, source, context);
  source.staged.clear();
}

async function createAll(jobs, source, { api, go, notices }) {
  if (jobs.length > 1 && !source.single.input.checked) {
    const id = await createBatch(api, { name: source.batch.value(), jobs });
    notices.done(`${counted(jobs.length, "job")} started as one batch.`);
    go(`/batches/${id}`);
    return;
  }
  for (const job of jobs) await createJob(api, job);
  notices.done(jobs.length === 1 ? "The job is started." : `${counted(jobs.length, "job")} started.`);
  go("/");
}

function nameFor(file, called, { staged }) {
  if (!called) return file.name;
  return staged.files.length === 1 ? called : `${called} · ${file.name}`;
}

function lastPart(url) {
  return url?.split(/[?#]/)[0].split("/").filter(Boolean).at(-1);
}

function refused(error, { fields, name, source, raw, said }) {
  const places = new Map(raw?.chosen ? [["parameters", raw.field]] : fields);
  places.set("name", name);
  if (source) {
    places.set("url", source.url);
    places.set("filename", source.drop);
    places.set("name", source.staged.files.length > 1 && !source.single.input.checked ? source.batch : name);
  }
  const sentences = error instanceof Refused ? shownAtFields(error, places) : [error.message];
  const hidden = [...places.values()].find((each) => each.input?.getAttribute("aria-invalid") && each.input.closest("details"));
  if (hidden) hidden.input.closest("details").open = true;
  fill(said, sentences.map((message) => problem({ message })));
}
