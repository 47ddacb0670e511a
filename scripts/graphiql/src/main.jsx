// The page at /graphql: asks once for the key, then shows GraphiQL with that key, over HTTP and over the socket.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';

import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { EXAMPLES_PLUGIN, FIRST_TABS } from './examples.jsx';
import { KeyForm } from './key-form.jsx';
import { forgetKey, keptKey } from './key.js';

const ADDRESS = new URL(location.pathname, location.origin);
const PLUGINS = [EXAMPLES_PLUGIN, HISTORY_PLUGIN];

function fetcherWith(key) {
  const authorization = `Bearer ${key}`;
  const socket = new URL(ADDRESS);
  socket.protocol = socket.protocol.replace('http', 'ws');
  return createGraphiQLFetcher({
    url: ADDRESS.href,
    headers: { Authorization: authorization },
    wsClient: createClient({ url: socket.href, connectionParams: { authorization }, lazy: true }),
  });
}

function Explorer({ session, onLeave }) {
  const fetcher = useMemo(() => fetcherWith(session.key), [session.key]);
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={PLUGINS}
      defaultTabs={FIRST_TABS}
      isHeadersEditorEnabled={false}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>
        <span className="session">
          {session.userId}
          {session.isAdmin && ' (admin)'}
          <button type="button" className="graphiql-un-styled leave" onClick={onLeave}>
            Forget key
          </button>
        </span>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

function Page() {
  const [session, setSession] = useState(null);
  if (session === null) return <KeyForm address={ADDRESS.href} kept={keptKey()} onEnter={setSession} />;
  const leave = () => {
    forgetKey();
    setSession(null);
  };
  return <Explorer session={session} onLeave={leave} />;
}

createRoot(document.getElementById('page')).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
