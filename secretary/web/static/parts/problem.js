// A sentence on what went wrong, where it went wrong.

import { element } from "../elements.js";
import { icon } from "./icons.js";

/** A notice for an error, with a button to try again where that makes sense. */
export function problem(error, { retry = null } = {}) {
  return element(
    "div",
    { class: "problem", role: "alert" },
    icon("warning"),
    element("p", {}, error.message),
    retry && element("button", { type: "button", class: "button", onclick: retry }, "Try again"),
  );
}
