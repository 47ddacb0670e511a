// What can go wrong with a call, as errors whose messages are sentences to show.

/** The service could not be reached, or its answer was none of its own. */
export class Unreachable extends Error {
  constructor(message = "The service does not answer. It is tried again when the connection is back.") {
    super(message);
    this.name = "Unreachable";
  }
}

/** The service answered that it did not do it; `code` says what kind of refusal it is, `fields` which inputs are wrong. */
export class Refused extends Error {
  constructor(message, { code = null, fields = [], retryAfterSeconds = null } = {}) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The key opens nothing (any more). */
export class KeyRefused extends Refused {
  constructor(message = "This key opens nothing here.") {
    super(message, { code: "UNAUTHORIZED" });
    this.name = "KeyRefused";
  }
}

/** The member of a result union, or its refusal thrown. */
export function accepted(result) {
  if (result.__typename.endsWith("Error")) {
    throw new Refused(result.message, result);
  }
  return result;
}

/** The error of an answer's `errors`, or null when there are none. */
export function errorIn(answer) {
  const [first] = answer.errors ?? [];
  if (!first) return null;
  const { code, fields, retryAfterSeconds } = first.extensions ?? {};
  return code === "UNAUTHORIZED" ? new KeyRefused() : new Refused(first.message, { code, fields, retryAfterSeconds });
}
