// One input of a form, with its label, its hint, and the place where a refusal of it is shown.

import { element, fill, mark, say } from "../elements.js";

let count = 0;

/**
 * `spec` has name, label, kind (text, password, number, url, area, check, choice, list, json), and maybe hint, required, options
 * (pairs of value and text), placeholder, value. `value()` is undefined when nothing was given; it throws SyntaxError for JSON that is none. `set` enters a
 * value as the service would tell it.
 */
export function field(spec) {
  const id = `field-${(count += 1)}`;
  const error = element("p", { class: "field-error", id: `${id}-error` });
  const hint = spec.hint && element("p", { class: "hint", id: `${id}-hint` }, spec.hint);
  const input = INPUTS[spec.kind](spec, { id, "aria-describedby": [error.id, hint?.id].filter(Boolean).join(" "), "aria-required": spec.required && spec.kind !== "check" ? "true" : null });
  const label = element("label", { for: id }, spec.label, spec.required && element("span", { class: "required" }, " (required)"));
  const node = spec.kind === "check"
    ? element("div", { class: "field" }, element("div", { class: "check" }, input, label), hint, error)
    : element("div", { class: `field field-${spec.kind}` }, label, input, hint, error);
  return {
    name: spec.name,
    node,
    input,
    value: () => VALUES[spec.kind](input, spec),
    set: (value) => (ENTRIES[spec.kind] ?? enter)(input, value),
    error(text) {
      say(error, text ?? "");
      mark(input, "aria-invalid", text ? "true" : null);
    },
  };
}

const text = (type) => (spec, attributes) =>
  element("input", { type, ...attributes, placeholder: spec.placeholder, value: spec.value, autocomplete: type === "password" ? "new-password" : "off" });

const INPUTS = {
  text: text("text"),
  password: text("password"),
  url: (spec, attributes) => element("input", { type: "text", inputmode: "url", spellcheck: "false", autocomplete: "off", ...attributes, placeholder: spec.placeholder, value: spec.value }),
  number: text("number"),
  list: text("text"),
  area: (spec, attributes) => element("textarea", { ...attributes, placeholder: spec.placeholder, value: spec.value }),
  json: (spec, attributes) => element("textarea", { ...attributes, class: "code", spellcheck: "false", placeholder: spec.placeholder ?? "{ }", value: spec.value }),
  check(spec, attributes) {
    const input = element("input", { type: "checkbox", ...attributes });
    input.checked = spec.value === true;
    return input;
  },
  choice(spec, attributes) {
    const select = element("select", attributes);
    fill(select, spec.options.map(([value, label]) => element("option", { value }, label)));
    select.value = spec.value ?? "";
    return select;
  },
};

const enter = (input, value) => (input.value = String(value));

const ENTRIES = {
  check: (input, value) => (input.checked = value === true),
  list: (input, value) => (input.value = [value].flat().join(", ")),
  json: (input, value) => (input.value = JSON.stringify(value, null, 2)),
};

const given = (input) => input.value.trim() || undefined;

const VALUES = {
  text: given,
  // A password may begin or end with a space.
  password: (input) => input.value || undefined,
  url: given,
  area: (input) => (input.value.trim() === "" ? undefined : input.value),
  number: (input) => (input.value === "" ? undefined : Number(input.value)),
  check: (input, spec) => (input.checked === (spec.value === true) ? undefined : input.checked),
  choice: given,
  list: (input) => (input.value.trim() ? input.value.split(",").map((part) => part.trim()).filter(Boolean) : undefined),
  json: (input) => (input.value.trim() ? JSON.parse(input.value) : undefined),
};
