import { useState } from "react";
import { ViewerDocument } from "./generated";
import { type Service, accepted, serviceFor } from "./service";

/** Asks for a key until one opens the service. */
export function KeyForm({ onService }: { onService: (service: Service) => void }) {
  const [refusal, setRefusal] = useState("");

  async function enter(form: FormData) {
    const service = serviceFor(String(form.get("key")));
    const { data, error } = await service.client.query(ViewerDocument, {});
    try {
      accepted(data?.viewer, error);
      onService(service);
    } catch (refused) {
      setRefusal((refused as Error).message);
    }
  }

  return (
    <form action={enter}>
      <label>
        API key <input name="key" type="password" autoComplete="off" required />
      </label>
      <button>Open</button>
      <p role="alert">{refusal}</p>
    </form>
  );
}
