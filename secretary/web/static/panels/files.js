// The files a job produced, to be downloaded.

import { element } from "../elements.js";
import { icon } from "../parts/icons.js";
import { downloadButton } from "../produced-files.js";
import { size } from "../wording.js";

export function fileList(job, context) {
  const line = ({ name, mediaType, size: bytes, url }) => element(
    "li",
    {},
    icon("file"),
    element("span", { class: "file-name" }, name),
    element("span", { class: "muted" }, `${mediaType.split(";")[0]}, ${size(bytes)}`),
    downloadButton(context, { url, filename: name.split("/").at(-1), label: `Download ${name}`, children: [icon("download")], kind: "icon-button" }),
  );
  return element("ul", { class: "file-list", role: "list" }, job.files.map(line));
}
