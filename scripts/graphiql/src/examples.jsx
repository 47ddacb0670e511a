// The recorded operations of frontend-examples, to be opened with a click, their variables ready to be filled in.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Kind, parse } from 'graphql';

const FILES = import.meta.glob('../../../frontend-examples/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const EXAMPLES = Object.entries(FILES).map(([path, query]) => ({
  name: path.replace(/^.*\/(.*)\.graphql$/, '$1').replaceAll('-', ' '),
  says: query.startsWith('#') ? query.slice(1, query.indexOf('\n')).trim() : '',
  query,
  variables: variablesOf(query),
}));

const WELCOME = `# Run an operation with Ctrl-Enter; Ctrl-Space completes what you type.
# More of them are under "Examples" on the left, and the whole schema is in the book above it.

`;

export const FIRST_TABS = EXAMPLES.filter(({ name }) => name === 'overview').map(({ query }) => ({
  query: WELCOME + query,
}));

export const EXAMPLES_PLUGIN = { title: 'Examples', icon: Icon, content: Examples };

function Icon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 4h12M4 10h12M4 16h7M14 13l4 3-4 3z" />
    </svg>
  );
}

function Examples() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  // The editors are loaded after the page.
  const ready = queryEditor !== undefined && variableEditor !== undefined;

  function open({ query, variables }) {
    addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
  }

  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example.name}>
            <button
              type="button"
              className="graphiql-un-styled"
              disabled={!ready}
              onClick={() => open(example)}
            >
              {example.name}
            </button>
            <p>{example.says}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

// Every variable that must be given, empty, as JSON.
function variablesOf(query) {
  const operations = parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const wanted = operations
    .flatMap(({ variableDefinitions }) => variableDefinitions)
    .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue)
    .map(({ variable, type }) => [variable.name.value, emptyOf(type.type.name?.value)]);
  return wanted.length ? JSON.stringify(Object.fromEntries(wanted), null, 2) : '';
}

function emptyOf(type) {
  const job = { job: { pdf: { filename: '' } } };
  return { CreateJobInput: job, CreateBatchInput: { name: '', jobs: [job] } }[type] ?? '';
}
