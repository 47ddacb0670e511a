// The templates that jobs can fill, each with a preview.

import { graphql } from "../api.js";
import { element, fill } from "../elements.js";
import { icon } from "../parts/icons.js";
import { counted } from "../wording.js";

const TEMPLATES = graphql`
  query DashboardTemplates {
    templates {
      name
      source
      languages
      error
      fields {
        name
      }
    }
  }
`;
export const SOURCES = { BUNDLED: "Comes with secretary", USER: "Your own" };

export async function show(root, { api }) {
  const { templates } = await api.ask(TEMPLATES);
  fill(
    root,
    element("div", { class: "view-header" }, element("h1", {}, "Templates")),
    element("p", { class: "muted" }, "A template asks questions of a text; the answers become a document of its shape."),
    element("ul", { class: "template-list", role: "list" }, templates.map(card)),
  );
}

function card({ name, source, languages, error, fields }) {
  return element(
    "li",
    { class: "card template-card" },
    element("h2", {}, icon("templates"), element("a", { href: `#/templates/${encodeURIComponent(name)}` }, name)),
    element("p", { class: "muted" }, SOURCES[source], languages.length > 0 && `, also in ${languages.join(", ")}`),
    error ? element("p", { class: "field-error" }, "It cannot be used: ", error) : element("p", {}, counted(fields.length, "question"), fields.length > 0 && element("span", { class: "muted" }, `: ${fields.slice(0, 6).map((field) => field.name).join(", ")}${fields.length > 6 ? " …" : ""}`)),
  );
}
