// Which inputs a job type's form has: made from the JSON Schema that the service tells of its parameters, so that job types of other
// packages have forms, too. For the three that come with the service, what is wanted most often comes first.

import { inWords } from "./wording.js";

/** Named by the part of the form where they stand; what is not named follows under "More". */
const ORDER = {
  pdf: ["extraction_method", "language", "template", "target_language", "page_start", "page_end", "include_images", "include_tables", "password"],
  transformer: ["text", "url", "template", "template_content", "target_language", "source_language"],
  session: ["event", "session", "track", "filename", "url", "day", "speakers", "template", "target_language", "source_language"],
};
/** The files and the address of a PDF have a place of their own above the others. */
const ELSEWHERE = { pdf: ["filename", "url"] };
const LABELS = {
  extraction_method: "Method", language: "Language of the scan", include_images: "Include images", include_tables: "Include tables", include_markdown: "Include Markdown",
  page_start: "First page", page_end: "Last page", use_cache: "Use an earlier equal result", force_refresh: "Do it anew",
  template_content: "A template of your own", starttime: "Starts at", endtime: "Ends at", filename: "Name of the report",
};
const METHODS = {
  native: "The document's own text", ocr: "OCR of every page", combined: "Own text, OCR where needed",
  mistral_ocr: "Mistral OCR", openai_vision: "A vision model",
};
const AREAS = new Set(["text", "template_content", "video_transcript"]);
const LANGUAGES = new Set(["language", "target_language", "source_language"]);

/** The specs of a form's fields (parts/field.js): those that come first, and the others. `templates` are the names to choose from. */
export function formOf({ name, parametersSchema }, templates) {
  const properties = Object.entries(parametersSchema.properties ?? {}).filter(([each]) => each !== "webhook" && !ELSEWHERE[name]?.includes(each));
  const required = new Set(parametersSchema.required ?? []);
  const specs = new Map(properties.map(([each, schema]) => [each, specOf(each, schema, { required: required.has(each), templates, root: parametersSchema })]));
  const first = ORDER[name] ?? [...specs.keys()];
  const shown = first.filter((each) => specs.has(each));
  return {
    first: shown.map((each) => specs.get(each)),
    more: [...specs.keys()].filter((each) => !shown.includes(each)).map((each) => specs.get(each)),
  };
}

function specOf(name, property, { required, templates, root }) {
  const schema = plain(property, root);
  const fallback = property.default ?? undefined;
  const spec = {
    name, required, label: LABELS[name] ?? inWords(property.title ?? name), hint: property.description, value: fallback,
  };
  if (name === "template") return { ...spec, kind: "choice", options: [["", "None"], ...templates.map((each) => [each, each])], value: fallback ?? "" };
  if (schema.enum) return { ...spec, kind: "choice", options: schema.enum.map((each) => [each, METHODS[each] ?? String(each)]), value: fallback ?? schema.enum[0] };
  if (LANGUAGES.has(name)) spec.placeholder = name === "language" ? "de, en" : "de";
  return { ...spec, kind: kindOf(name, schema), value: schema.type === "object" || schema.type === "array" ? undefined : fallback };
}

function kindOf(name, schema) {
  if (schema.type === "boolean") return "check";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "array" && (schema.items?.type ?? "string") === "string") return "list";
  if (schema.type !== "string") return "json";
  if (name === "password") return "password";
  if (name.endsWith("url")) return "url";
  return AREAS.has(name) ? "area" : "text";
}

/** The schema without what says that it may be left out, and with what it refers to. */
function plain(schema, root) {
  const options = (schema.anyOf ?? schema.oneOf ?? [schema]).filter(({ type }) => type !== "null");
  const found = options.find(({ type }) => type === "array") ?? options[0] ?? schema;
  const referred = found.$ref ?? found.allOf?.[0]?.$ref;
  return referred ? plain(referred.replace("#/", "").split("/").reduce((node, part) => node?.[part], root) ?? {}, root) : found;
}
