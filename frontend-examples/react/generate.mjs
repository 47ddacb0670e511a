// Writes src/generated.ts, the types of the operations that this app sends: `npm run generate` after a change of either.
// Where this folder was copied to, put schema.graphql and operations/ beside it and say so here.
import { readFile, writeFile } from "node:fs/promises";
import { codegen } from "@graphql-codegen/core";
import * as documentNodes from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const SCHEMA = "../../schema.graphql";
const OPERATIONS = "../operations";
const NAMES = ["change-job", "create-job", "job-progress", "job-text", "upload-file", "viewer"];
const TARGET = process.argv[2] ?? "src/generated.ts";

const parsed = async (path) => parse(await readFile(new URL(path, import.meta.url), "utf8"));
const documents = await Promise.all(
  NAMES.map(async (name) => ({ location: name, document: await parsed(`${OPERATIONS}/${name}.graphql`) })),
);
const text = await codegen({
  filename: TARGET,
  schema: await parsed(SCHEMA),
  documents,
  config: {
    enumsAsTypes: true,
    useTypeImports: true,
    scalars: { DateTime: "string", ID: "string", JSON: "unknown", Upload: "File" },
  },
  plugins: [{ operations: {} }, { documentNodes: {} }],
  pluginMap: { operations, documentNodes },
});
await writeFile(TARGET, `// Written by \`npm run generate\`; do not edit.\n${text}`);
