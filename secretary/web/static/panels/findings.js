// What was found in a document: tables, pictures of its pages, the fields of a template, facts.

import { element } from "../elements.js";
import { icon } from "../parts/icons.js";
import { viewPictures } from "../picture-viewer.js";
import { downloadButton } from "../produced-files.js";
import { inWords } from "../wording.js";

const MOST_ROWS = 200;

/** Every table, with its CSV file. */
export function tables(found, context, files) {
  const counts = new Map();
  return element("div", { class: "found-tables" }, found.map(({ page, rows }) => {
    const number = (counts.get(page) ?? 0) + 1;
    counts.set(page, number);
    const csv = files.get(`tables/page-${String(page).padStart(4, "0")}-table-${number}.csv`);
    return foundTable({ page, number, rows, csv }, context);
  }));
}

function foundTable({ page, number, rows, csv }, context) {
  const name = `Page ${page}, table ${number}`;
  const [head, ...body] = rows;
  const line = (cells, tag) => element("tr", {}, cells.map((cell) => element(tag, { scope: tag === "th" ? "col" : null }, cell ?? "")));
  return element(
    "section",
    { class: "found-table" },
    element("div", { class: "panel-head" }, element("h2", {}, name), csv && downloadButton(context, { url: csv.url, filename: csv.name.split("/").at(-1), label: `Download ${name} as CSV`, children: [icon("download"), "CSV"] })),
    element("div", { class: "table-place", tabindex: "0", role: "region", "aria-label": name }, element("table", {}, head && element("thead", {}, line(head, "th")), element("tbody", {}, body.slice(0, MOST_ROWS).map((cells) => line(cells, "td"))))),
    body.length > MOST_ROWS && element("p", { class: "muted" }, `The first ${MOST_ROWS} of ${body.length.toLocaleString("en")} rows; all of them are in the CSV file.`),
  );
}

/** Pictures as a grid, each opened large; `shown` holds `{ preview, file, alt }`. */
export function pictures(shown, files) {
  return element("ul", { class: "picture-grid", role: "list" }, shown.map(({ preview, alt }, place) =>
    element("li", {}, element("button", { type: "button", class: "picture-button", "aria-label": `Open ${alt}`, onclick: () => viewPictures(shown, place, files) }, files.picture(preview, ""), element("span", {}, alt)))));
}

/** The pages and the embedded images of a PDF, from the names of its assets. */
export function picturesOf(assets, files) {
  const known = assets.map((name) => files.get(name)).filter(Boolean);
  const stem = (file) => file.name.replace(/^[^/]+\//, "").replace(/\.\w+$/, "");
  const full = new Map(known.filter(({ name }) => name.startsWith("images/page-")).map((file) => [stem(file), file]));
  const previews = known.filter(({ name }) => name.startsWith("previews/"));
  const pages = previews.map((preview) => ({ preview, file: full.get(stem(preview)) ?? preview, alt: `Page ${Number(stem(preview).replace(/\D/g, ""))}` }));
  const own = new Set([...previews, ...full.values()]);
  const embedded = known.filter((file) => !own.has(file) && file.mediaType.startsWith("image/")).map((file) => ({ preview: file, file, alt: file.name.split("/").at(-1) }));
  return { pages, embedded };
}

/** The pages of a session's attachments. */
export function slides(attachments, files) {
  return element("div", {}, attachments.map(({ name, url, pages, error }) => element(
    "section",
    { class: "found-table" },
    element("h2", {}, element("a", { href: /^https?:/i.test(url) ? url : null, rel: "noopener noreferrer", target: "_blank" }, name)),
    error && element("p", { class: "problem" }, icon("warning"), error),
    pictures(pages.map(({ page, preview, image }) => ({ preview: files.get(preview), file: files.get(image) ?? files.get(preview), alt: `Page ${page}` })).filter(({ preview }) => preview), files),
  )));
}

/** A template's fields with their values, who filled them, and where each stands in the text. */
export function fields(values, filling) {
  return element(
    "div",
    {},
    filling && element("p", { class: "filled-by" }, providerSentence(filling)),
    element(
      "div",
      { class: "table-place", tabindex: "0", role: "region", "aria-label": "Fields" },
      element(
        "table",
        { class: "fields-table" },
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Field"), element("th", { scope: "col" }, "Value"), element("th", { scope: "col" }, "In the text"))),
        element("tbody", {}, Object.entries(values).map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, inWords(name)), element("td", {}, shownValue(value)), element("td", {}, placesOf(filling?.places?.[name]))))),
      ),
    ),
    filling?.notes.length > 0 && element("ul", { class: "notes" }, filling.notes.map((note) => element("li", {}, note))),
  );
}

function providerSentence({ provider, model, template, usage }) {
  const from = `Template ${template}. `;
  if (provider === "rules") return `${from}Filled by the built-in rules: each value is a piece of the text, word for word.`;
  if (provider === "none") return `${from}It has no fields to fill.`;
  const took = usage ? `, in ${usage.requests} ${usage.requests === 1 ? "request" : "requests"}` : "";
  return `${from}Written by the language model ${model ?? "of this server"}${took}. Check what matters.`;
}

function placesOf(places) {
  const lines = [...new Set((places ?? []).map(({ line }) => line))];
  if (lines.length === 0) return "";
  return `${lines.length === 1 ? "line" : "lines"} ${lines.slice(0, 5).join(", ")}${lines.length > 5 ? " …" : ""}`;
}

/** A value of any shape, for people. */
export function shownValue(value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return element("span", { class: "muted" }, "–");
  if (Array.isArray(value)) return value.every(isPlain) ? element("ul", { class: "value-list" }, value.map((each) => element("li", {}, String(each)))) : element("code", {}, JSON.stringify(value));
  if (typeof value === "object") return element("code", {}, JSON.stringify(value));
  return String(value);
}

function isPlain(value) {
  return value !== null && typeof value !== "object";
}

/** Names and values. */
export function facts(entries) {
  return element("dl", { class: "facts" }, Object.entries(entries).map(([name, value]) => element("div", {}, element("dt", {}, inWords(name.replace(/([A-Z])/g, "_$1"))), element("dd", {}, shownValue(value)))));
}
