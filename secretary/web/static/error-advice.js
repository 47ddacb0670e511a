// What to do when a job has failed: a sentence for each code. The job's own message says what it was about this time.

export const ADVICE = {
  INVALID_FILE: "Check that the file opens in a PDF reader, save it anew there, and send it again.",
  FILE_NOT_FOUND: "The file went away before the job ran. Upload it again, or put it back, and run the job again.",
  FILE_NOT_ALLOWED: "Upload the file, or put it into one of the folders that this server may read.",
  EXPIRED: "The uploaded file is kept no longer. Upload it again in a new job.",
  TOO_LARGE: "Send a smaller file or split it; an operator can raise the limit.",
  ENCRYPTED_FILE: "Run it with changes: give the document's password.",
  WRONG_PASSWORD: "Run it with changes: with the right password, which is case-sensitive.",
  TOO_MANY_PAGES: "Ask for a part of the document by its first and last page.",
  PAGE_RANGE: "Choose pages that the document has.",
  URL_NOT_ALLOWED: "Use a public http or https address, or download the file and upload it here.",
  FETCH_FAILED: "Open the address in a browser. When it works there, run the job again; otherwise upload the file instead.",
  OCR_UNAVAILABLE: "Choose another method or language; an operator can install what is missing, which “secretary doctor” names.",
  PROVIDER_NOT_CONFIGURED: "Choose another method, or ask the operator to set up the provider that is named.",
  PROVIDER_FAILED: "The other service had trouble. Run the job again in a while.",
  TEMPLATE_ERROR: "Mend the template where the message points to, then run the job again.",
  OUTPUT_INVALID: "The language model did not answer as the template asks. Run the job again, or ask simpler questions; what it said is among the files.",
  TIMEOUT: "Ask for fewer pages, or run it again when the server is less busy; an operator can allow more time.",
  OUT_OF_MEMORY: "Ask for fewer pages at once; an operator can allow more memory.",
  CRASHED: "The document brings its reader down. Save it anew in a PDF program and send that.",
  WORKER_LOST: "The worker stopped in the middle of it. Run the job again; when it happens again, tell the operator.",
  JOB_CANCELLED: "Run it again when it is wanted after all.",
  INTERNAL: "Something unforeseen happened. Run it again; when it fails again, give the message to the operator, whose log says more.",
};

const AS_BEFORE = new Set([
  "FILE_NOT_FOUND", "FETCH_FAILED", "OCR_UNAVAILABLE", "PROVIDER_NOT_CONFIGURED", "PROVIDER_FAILED", "TEMPLATE_ERROR", "OUTPUT_INVALID", "TIMEOUT", "WORKER_LOST", "JOB_CANCELLED", "INTERNAL",
]);

/** Whether a job that ended with this code may well complete when it is run again just as it was. */
export function mayHelpAsBefore(code) {
  return AS_BEFORE.has(code) || !(code in ADVICE);
}

/** What to do about an error code, also one that this page does not know. */
export function adviceFor(code) {
  return ADVICE[code] ?? ADVICE.INTERNAL;
}
