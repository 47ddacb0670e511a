// Which panels a job has: those of its results by their type, then what every job has.

import { element } from "../elements.js";
import { deliveries } from "./deliveries.js";
import { fileList } from "./files.js";
import { facts, fields, pictures, picturesOf, slides, tables } from "./findings.js";
import { asJson, pageTexts, plainText, rendered, renderedFile } from "./texts.js";

const MAKERS = { PdfResults: pdfPanels, TransformerResults: transformerPanels, SessionResults: sessionPanels, CustomResults: customPanels };

/** The panels of a job in their order. `log` is the node of its log. */
export function panelsOf(job, results, context, files, log) {
  const all = [
    ...(results ? MAKERS[results.__typename](results, context, files) : []),
    job.files.length > 0 && { id: "files", text: "Files", count: job.files.length, load: () => fileList(job, context) },
    { id: "log", text: "Log", load: () => log },
    job.parameters.webhook && { id: "webhook", text: "Webhook", load: () => deliveries(job.id, context) },
    { id: "input", text: "Input", load: () => asJson(job.parameters, context) },
  ];
  return all.filter(Boolean);
}

function pdfPanels(results, context, files) {
  const { metadata, tables: found, templateFields, templateFilling, transformedText } = results.structuredData;
  const { pages, embedded } = picturesOf(results.assets, files);
  const texts = files.files.filter(({ name }) => name.endsWith(".md") && !name.includes("/"));
  const document = texts.find(({ name }) => !name.endsWith(".transformed.md"));
  const filled = texts.find(({ name }) => name.endsWith(".transformed.md"));
  return [
    { id: "text", text: "Text", load: () => pageTexts(metadata) },
    document && { id: "markdown", text: "Markdown", load: () => renderedFile(document, context, files) },
    transformedText && { id: "filled", text: "Filled template", load: () => rendered(transformedText, context, files, filled?.name ?? "") },
    templateFields && { id: "fields", text: "Fields", load: () => fields(templateFields, templateFilling) },
    found.length > 0 && { id: "tables", text: "Tables", count: found.length, load: () => tables(found, context, files) },
    pages.length > 0 && { id: "pages", text: "Pages", count: pages.length, load: () => pictures(pages, files) },
    embedded.length > 0 && { id: "images", text: "Images", count: embedded.length, load: () => pictures(embedded, files) },
    { id: "document", text: "Document", load: () => facts(without(metadata, "textContents", "failedPages")) },
    jsonPanel(results, context, files),
  ];
}

function transformerPanels(results, context, files) {
  const { source, sourceLanguage, targetLanguage, filling } = results.structuredData;
  return [
    { id: "markdown", text: "Markdown", load: () => rendered(results.transformedText, context, files, "transformed.md") },
    { id: "fields", text: "Fields", load: () => fields(results.templateFields, filling) },
    { id: "source", text: "Source", load: () => facts({ ...source, sourceLanguage, targetLanguage, characters: filling.characters }) },
    jsonPanel(results, context, files),
  ];
}

function sessionPanels(results, context, files) {
  const { filling, transcript, templateFields, ...session } = results.structuredData;
  const slidesOf = results.attachments.length;
  return [
    { id: "markdown", text: "Report", load: () => rendered(results.markdownContent, context, files, results.markdownFile) },
    { id: "session", text: "Session", load: () => facts({ ...session, transcript: transcript && Object.values(transcript).filter((value) => typeof value === "string") }) },
    results.videoTranscript && { id: "transcript", text: "Transcript", load: () => plainText(results.videoTranscript, context) },
    { id: "web", text: "Web page", load: () => rendered(results.webText, context, files, results.markdownFile) },
    slidesOf > 0 && { id: "slides", text: "Slides", count: slidesOf, load: () => slides(results.attachments, files) },
    templateFields && { id: "fields", text: "Fields", load: () => fields(templateFields, filling) },
    jsonPanel(results, context, files),
  ];
}

function customPanels({ data }, context) {
  const plain = data !== null && typeof data === "object" && !Array.isArray(data);
  return [
    plain && { id: "results", text: "Results", load: () => ownFacts(data) },
    { id: "json", text: "JSON", load: () => asJson(data, context) },
  ];
}

// Every type has these; the files and what is said above tell the same.
function ownFacts(data) {
  const own = without(data, "assets", "target_dir", "warnings");
  return Object.keys(own).length > 0 ? facts(own) : element("p", { class: "muted" }, "It handed out no results of its own.");
}

function jsonPanel(results, context, files) {
  const file = files.files.find(({ name }) => name.endsWith(".json") && !name.includes("/"));
  return { id: "json", text: "JSON", load: () => asJson(without(results, "__typename"), context, file) };
}

function without(value, ...names) {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
