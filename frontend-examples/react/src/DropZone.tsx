import { type DragEvent, useState } from "react";

/** Takes PDFs, dropped or chosen. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    for (const file of event.dataTransfer.files) onFile(file);
  }

  function dragged(event: DragEvent) {
    event.preventDefault();
    setOver(event.type === "dragover");
  }

  return (
    <label className={over ? "drop over" : "drop"} onDragOver={dragged} onDragLeave={dragged} onDrop={drop}>
      Drop PDFs here, or choose them
      <input
        type="file"
        accept=".pdf"
        multiple
        onChange={({ target }) => {
          for (const file of target.files ?? []) onFile(file);
          target.value = ""; // so that the same file may be chosen again
        }}
      />
    </label>
  );
}
