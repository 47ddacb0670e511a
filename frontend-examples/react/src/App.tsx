import { useState } from "react";
import { Provider } from "urql";
import { JobsPage } from "./JobsPage";
import { KeyForm } from "./KeyForm";
import type { Service } from "./service";

/** The key is asked for first, and lives as long as the page. */
export function App() {
  const [service, setService] = useState<Service>();
  return (
    <main>
      <h1>Read PDFs</h1>
      {service ? (
        <Provider value={service.client}>
          <JobsPage service={service} />
        </Provider>
      ) : (
        <KeyForm onService={setService} />
      )}
    </main>
  );
}
