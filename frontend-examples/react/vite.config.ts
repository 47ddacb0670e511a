import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In development the page and the service share Vite's origin, so that the service needs no setting for it.
const service = process.env.SECRETARY_URL ?? "http://localhost:5001";

export default defineConfig({
  plugins: [react()],
  server: {
    proxy: {
      "/graphql": { target: service, ws: true },
      "/api": { target: service },
    },
  },
});
