// Where files are dropped or chosen, and the list of those that are to be sent.

import { element, mark, say } from "../elements.js";
import { counted, size } from "../wording.js";
import { icon } from "./icons.js";

/** The place; `stop()` it when the view is left. */
export function fileDrop(staged) {
  const input = element("input", {
    type: "file", id: "files", class: "visually-hidden", accept: "application/pdf,.pdf", multiple: true, "aria-describedby": "files-error",
    onchange: () => {
      staged.add(input.files);
      input.value = "";
    },
  });
  const error = element("p", { class: "field-error", id: "files-error", role: "alert" });
  const list = element("ul", { class: "staged", "aria-label": "Files to send" });
  const lines = new Map();
  const node = element(
    "div",
    { class: "file-drop" },
    input,
    element("label", { class: "drop-place", for: "files" }, icon("upload"), element("span", {}, element("strong", {}, "Choose PDFs"), " or drop them anywhere on this page")),
    error,
    list,
  );
  const draw = () => {
    for (const [each, line] of lines) if (!staged.files.includes(each)) lines.delete(each) && line.node.remove();
    for (const each of staged.files) {
      if (!lines.has(each)) {
        lines.set(each, stagedLine(each, staged));
        list.append(lines.get(each).node);
      }
      lines.get(each).set();
    }
  };
  staged.addEventListener("change", draw);
  draw();
  return { node, input, error: (text) => say(error, text), stop: () => staged.removeEventListener("change", draw) };
}

function stagedLine(each, staged) {
  const { name } = each.file;
  const said = element("p", { class: "field-error" });
  const bar = element("progress", { max: "1", "aria-label": `Upload of ${name}` });
  const remove = element("button", { type: "button", class: "icon-button", "aria-label": `Remove ${name}`, onclick: () => staged.remove(each) }, icon("close"));
  const node = element(
    "li",
    {},
    icon("file"),
    element("div", { class: "staged-what" }, element("span", {}, name, " ", element("span", { class: "muted" }, each.file.size === null ? "kept by the service" : size(each.file.size))), bar, said),
    remove,
  );
  return {
    node,
    set() {
      bar.value = each.sent;
      bar.hidden = each.file.size === null || (each.sent === 0 && each.id === null);
      mark(node, "data-state", each.error ? "refused" : each.id ? "kept" : null);
      say(said, each.error ?? "");
    },
  };
}

/** Lets files be dropped on the whole page: they are staged, and `onDrop` is called. */
export function dropAnywhere(staged, announcer, onDrop) {
  const veil = element("div", { class: "drop-veil", hidden: true }, icon("upload"), element("p", {}, "Drop the files to start jobs"));
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const listeners = {
    dragover: (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      veil.hidden = false;
    },
    dragleave: (event) => {
      if (event.relatedTarget === null) veil.hidden = true;
    },
    drop: (event) => {
      veil.hidden = true;
      if (!carriesFiles(event)) return;
      event.preventDefault();
      staged.add(event.dataTransfer.files);
      announcer.say(`${counted(event.dataTransfer.files.length, "file")} added.`);
      onDrop();
    },
  };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener);
  return {
    node: veil,
    stop: () => Object.entries(listeners).forEach(([name, listener]) => removeEventListener(name, listener)),
  };
}
