// The few pictures that the page uses, drawn on a grid of 24 with a pen of 1.75. They are decoration: words stand beside them.

import { drawing } from "../elements.js";

const PATHS = {
  jobs: ["M4 6h16", "M4 12h16", "M4 18h10"],
  new: ["M12 5v14", "M5 12h14"],
  batches: ["M4 8l8-4 8 4-8 4z", "M4 12l8 4 8-4", "M4 16l8 4 8-4"],
  templates: ["M5 3h10l4 4v14H5z", "M9 12h6", "M9 16h4"],
  queue: ["M4 5h16v5H4z", "M4 14h16v5H4z", "M8 7.500h.01", "M8 16.500h.01"],
  charts: ["M4 20h16", "M7 16v-5", "M12 16V6", "M17 16v-8"],
  warning: ["M12 4l9 16H3z", "M12 10v4", "M12 17h.01"],
  check: ["M5 12.500l4.500 4.500L19 7.500"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  edit: ["M4 20h4L19 9l-4-4L4 16z", "M13 7l4 4"],
  retry: ["M19 12a7 7 0 1 1-2.050-4.950", "M19 4v4h-4"],
  cancel: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M9 9l6 6", "M15 9l-6 6"],
  delete: ["M5 7h14", "M10 4h4", "M7 7l1 13h8l1-13"],
  download: ["M12 4v11", "M7.500 11L12 15.500 16.500 11", "M5 20h14"],
  upload: ["M12 16V5", "M7.500 9L12 4.500 16.500 9", "M5 20h14"],
  search: ["M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "M16 16l4.500 4.500"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
  signout: ["M14 4h5v16h-5", "M11 8l-4 4 4 4", "M7 12h8"],
  system: ["M4 5h16v11H4z", "M9 20h6"],
  light: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 3v1.500", "M12 19.500V21", "M3 12h1.500", "M19.500 12H21", "M5.600 5.600l1 1", "M17.400 17.400l1 1", "M5.600 18.400l1-1", "M17.400 6.600l1-1"],
  dark: ["M19 14.500A8 8 0 0 1 9.500 5 8 8 0 1 0 19 14.500z"],
  back: ["M15 5l-7 7 7 7"],
  forward: ["M9 5l7 7-7 7"],
  link: ["M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.700-5.700l-1 1", "M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.700 5.700l1-1"],
};

/** One of them, hidden from screen readers. */
export function icon(name) {
  const attributes = { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" };
  return drawing("svg", attributes, PATHS[name].map((d) => drawing("path", { d })));
}
