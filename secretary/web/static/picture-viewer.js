// Pictures opened large, one after the other.

import { element, fill, say } from "./elements.js";
import { icon } from "./parts/icons.js";

/** Open the picture at `place` of `pictures`, `{ file, alt }` each; arrow keys lead to the others. */
export function viewPictures(pictures, place, files) {
  const image = element("img", { alt: "" });
  const caption = element("p", { class: "viewer-caption", "aria-live": "polite" });
  const stage = element("div", { class: "viewer-stage" }, image);
  const step = (by) => {
    place = (place + by + pictures.length) % pictures.length;
    show();
  };
  const button = (label, picture, onclick) => element("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick }, icon(picture));
  const several = pictures.length > 1;
  const dialog = element(
    "dialog",
    { class: "viewer", "aria-label": "Picture", onkeydown: (event) => several && step({ ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0) },
    element("div", { class: "viewer-bar" }, caption, several && button("Previous picture", "back", () => step(-1)), several && button("Next picture", "forward", () => step(1)), button("Close", "close", () => dialog.close())),
    stage,
  );
  const show = async () => {
    const shown = pictures[place];
    say(caption, several ? `${shown.alt} (${place + 1} of ${pictures.length})` : shown.alt);
    try {
      const address = await files.address(shown.file);
      if (shown !== pictures[place]) return;
      image.src = address;
      image.alt = shown.alt;
      fill(stage, image);
    } catch (error) {
      fill(stage, element("p", {}, error.message));
    }
  };
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  show();
}
