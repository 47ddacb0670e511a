import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  logLevel: 'error',
  build: {
    outDir: '../../secretary/graphql/graphiql',
    emptyOutDir: true,
    assetsDir: '.',
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 10_000,
  },
  experimental: {
    // The page is at /graphql without a slash at its end, its files are below it; so it works behind a prefix too.
    renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? `graphql/${file}` : { relative: true }),
  },
  worker: { format: 'es' },
  // Two copies of graphql would not know each other's types.
  resolve: { dedupe: ['graphql', 'react', 'react-dom'] },
});
