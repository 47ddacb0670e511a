// One template: what it asks, and its text with the places of the answers marked.

import { graphql } from "../api.js";
import { element, fill, mark } from "../elements.js";
import { icon } from "../parts/icons.js";
import { problem } from "../parts/problem.js";
import { templateText } from "../parts/template-text.js";
import { SOURCES } from "./templates.js";

const TEMPLATE = graphql`
  query DashboardTemplate($language: String) {
    templates {
      name
      source
      languages
      variables
      error
      fields {
        name
        question
        isList
      }
      text(language: $language)
    }
  }
`;

export async function show(root, context) {
  const { api, params, title, query, setQuery } = context;
  const found = async (language) => (await api.ask(TEMPLATE, { language })).templates.find(({ name }) => name === params.name);
  const template = await found(query.get("language"));
  if (template === undefined) {
    fill(root, element("h1", {}, "There is no such template"), element("p", {}, element("a", { href: "#/templates" }, "See the templates"), "."));
    return;
  }
  title(template.name);
  const place = element("div", { class: "template-preview", tabindex: "0", role: "region", "aria-label": "Its text" });
  const draw = (text) => fill(place, text === null ? element("p", { class: "muted" }, "The file is no text.") : templateText(text));
  const choose = async (language) => {
    if (language) query.set("language", language);
    else query.delete("language");
    setQuery(query);
    try {
      draw((await found(language))?.text ?? null);
    } catch (error) {
      fill(place, problem(error));
    }
  };
  draw(template.text);
  fill(
    root,
    element("p", {}, element("a", { class: "back", href: "#/templates" }, "All templates")),
    element("div", { class: "view-header" }, element("h1", {}, template.name), element("span", { class: "muted" }, SOURCES[template.source]), template.error === null && element("a", { class: "button primary", href: `#/new?template=${encodeURIComponent(template.name)}` }, icon("new"), "Use this template")),
    template.error && element("p", { class: "problem" }, icon("warning"), element("span", {}, template.error)),
    element("div", { class: "template-page" }, element("section", { class: "card", "aria-label": "Preview" }, languageChoice(template, query.get("language"), choose), place), questions(template)),
  );
}

function languageChoice({ languages }, present, choose) {
  if (languages.length === 0) return null;
  const all = [null, ...languages];
  const buttons = all.map((language) => element("button", { type: "button", class: "chip", "aria-pressed": String(language === (languages.includes(present) ? present : null)), onclick: () => {
    buttons.forEach((button, index) => mark(button, "aria-pressed", String(all[index] === language)));
    choose(language);
  } }, language ?? "Usual"));
  return element("div", { class: "chips", role: "group", "aria-label": "Language" }, buttons);
}

function questions({ fields, variables }) {
  return element(
    "section",
    { class: "template-questions", "aria-label": "What it asks" },
    element("h2", {}, "What it asks"),
    fields.length === 0 ? element("p", { class: "muted" }, "Nothing.") : element("dl", {}, fields.map(({ name, question, isList }) => element("div", {}, element("dt", {}, name, isList && element("span", { class: "muted" }, " (a list)")), element("dd", {}, question)))),
    variables.length > 0 && element("p", { class: "muted" }, `It is also given: ${variables.join(", ")}.`),
  );
}
