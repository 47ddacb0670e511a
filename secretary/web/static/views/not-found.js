// What is shown where nothing is.

import { element, fill } from "../elements.js";

export function show(root) {
  fill(
    root,
    element("h1", {}, "There is nothing here"),
    element("p", {}, "The address names no page of this dashboard. ", element("a", { href: "#/" }, "See the jobs"), "."),
  );
}
