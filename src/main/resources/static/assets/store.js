// What was last heard from the server, for all parts of the page.

const MOST_SAMPLES = 150;

export const store = {
  me: undefined,
  process: undefined,
  remotes: [],
  ports: [],
  gateways: [],
  bans: [],
  history: emptyHistory(),
};

function emptySeries() {
  return { live: [], bytesIn: [], bytesOut: [] };
}

function emptyHistory() {
  return { at: [], all: emptySeries(), ports: {} };
}

export const mayClose = () => ['operator', 'admin'].includes(store.me?.role);
/** A server may know no remotes. */
export const hasServer = () => store.process?.tunnels.some((end) => end.role === 'server') ?? true;
/** Only a server has something to change. */
export const mayChange = () => store.me?.role === 'admin' && hasServer();
/** Nobody has said yet what this server exposes. */
export const isEmpty = () => hasServer() && ownRemotes().length === 0;
export const hasBothRoles = () => hasServer() && store.remotes.some((remote) => remote.role === 'client');

/** The remotes that count: those of the server, or this process itself where it is none. */
export const ownRemotes = () => (hasServer() ? store.remotes.filter((remote) => remote.role === 'server') : store.remotes);

/** What answers here. A remote has a server too, which is another process. */
export const processName = () => (hasServer() ? 'server' : 'remote');

export const remotesTitle = () => (hasServer() ? 'Remotes' : 'This remote');

export const lastSample = () => store.history.at.at(-1);

export function forgetHistory() {
  store.history = emptyHistory();
}

function joined(before, fresh, drop) {
  const result = {};
  for (const name of ['live', 'bytesIn', 'bytesOut']) {
    result[name] = [...before[name], ...fresh[name]].slice(drop);
  }
  return result;
}

/** Adds what was measured since. A port that is new has had nothing before. */
export function addHistory(fresh) {
  const history = store.history;
  const length = history.at.length;
  const drop = Math.max(0, length + fresh.at.length - MOST_SAMPLES);
  const zeros = () => ({ live: Array(length).fill(0), bytesIn: Array(length).fill(0), bytesOut: Array(length).fill(0) });
  if (fresh.at.length > 0) {
    const ports = {};
    for (const [bind, series] of Object.entries(fresh.ports)) {
      ports[bind] = joined(history.ports[bind] ?? zeros(), series, drop);
    }
    store.history = { at: [...history.at, ...fresh.at].slice(drop), all: joined(history.all, fresh.all, drop), ports };
  }
}

const last = (values) => values?.at(-1) ?? 0;

export const rates = (series) => ({ in: last(series?.bytesIn), out: last(series?.bytesOut) });
