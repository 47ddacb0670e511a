// A job's texts: page by page as they were read, as Markdown, or as they are.

import { element } from "../elements.js";
import { markdown } from "../markdown/markdown.js";
import { icon } from "../parts/icons.js";
import { downloadButton } from "../produced-files.js";
import { inWords } from "../wording.js";
import { viewPictures } from "../picture-viewer.js";

const LONGEST = 300_000;

/** The text of each page, with how it was read, and the pages that could not be. */
export function pageTexts({ textContents, failedPages }) {
  const failed = failedPages.map(({ page, code, message }) => ({ page, node: element("section", { class: "page-text" }, pageTitle(page), element("p", { class: "problem" }, icon("warning"), element("span", {}, message, element("code", {}, ` ${code}`)))) }));
  const read = textContents.map((text) => ({ page: text.page, node: pageText(text) }));
  return element("div", { class: "page-texts" }, [...read, ...failed].sort((one, other) => one.page - other.page).map(({ node }) => node));
}

function pageText({ page, content, method, engine, confidence, reason }) {
  const sure = confidence === null ? "" : `, ${Math.round(confidence * 100)} % sure`;
  const how = method === "native" ? "the document's own text" : `read by ${engine ?? inWords(method)}${sure}`;
  return element(
    "section",
    { class: "page-text" },
    pageTitle(page, element("span", { class: "muted", title: reason }, how)),
    content.trim() === "" ? element("p", { class: "muted" }, "No text on this page.") : element("p", { class: "plain-text" }, content),
  );
}

function pageTitle(page, ...more) {
  return element("h2", {}, `Page ${page}`, more);
}

/** A text as it is. */
export function plainText(text, context) {
  return element("div", {}, tools(context, text), element("p", { class: "plain-text" }, text.slice(0, LONGEST)), text.length > LONGEST && element("p", { class: "muted" }, "The rest is in the file."));
}

/** A Markdown text, rendered, with the pictures among the job's files. `name` is where it lies among them. */
export function rendered(text, context, files, name) {
  const pictures = [];
  const imageFor = (destination, alt) => {
    const file = files.near(name, destination);
    if (!file?.mediaType.startsWith("image/")) return null;
    const place = pictures.push({ file, alt: alt || file.name }) - 1;
    return element("button", { type: "button", class: "picture-button", "aria-label": `Open ${alt || file.name}`, onclick: () => viewPictures(pictures, place, files) }, files.picture(file, ""));
  };
  return element("div", {}, tools(context, text, files.get(name)), markdown(text, { imageFor }));
}

/** The Markdown of a file. */
export async function renderedFile(file, context, files) {
  return rendered(await files.text(file), context, files, file.name);
}

/** Anything as JSON. */
export function asJson(value, context, file = null) {
  const text = JSON.stringify(value, null, 2);
  const cut = text.length > LONGEST;
  return element(
    "div",
    {},
    tools(context, text, file),
    element("pre", { class: "json", tabindex: "0", role: "region", "aria-label": "JSON" }, cut ? text.slice(0, LONGEST) : text),
    cut && element("p", { class: "muted" }, "Only the beginning is shown; Copy takes all of it."),
  );
}

function tools(context, text, file = null) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      context.notices.done("Copied.");
    } catch {
      context.notices.error("The browser does not let this page copy. Select the text and copy it.");
    }
  };
  return element(
    "div",
    { class: "panel-tools" },
    element("button", { type: "button", class: "button", onclick: copy }, "Copy"),
    file && downloadButton(context, { url: file.url, filename: file.name.split("/").at(-1), label: `Download ${file.name}`, children: [icon("download"), "Download"] }),
  );
}
