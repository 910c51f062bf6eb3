// The admin API. What is asked for lies beside this page, wherever that is.

import { forget, headers } from './session.js';
import { readEvents } from './sse.js';

const PATIENCE_MILLIS = 10_000;
const CHANGE_PATIENCE_MILLIS = 30_000;
const API = 'api/v1/';

/** The server has answered, and says what is wrong: errors has each thing with its JSON pointer, if it says so much. */
export class Refused extends Error {
  constructor(status, message, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** Nobody is logged in any more. */
export class LoggedOut extends Error {}

/** There was no answer, or none of this server. */
export class Lost extends Error {}

/** Resolves to what is answered, as json, and its tag. */
async function answer(path, { patience = PATIENCE_MILLIS, more = {}, ...options } = {}) {
  let response;
  try {
    response = await fetch(path, {
      cache: 'no-store',
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
      ...options,
      headers: { Accept: 'application/json', ...headers(), ...more },
    });
  } catch (e) {
    throw new Lost(e.name === 'TimeoutError' ? 'it does not answer' : 'it cannot be reached');
  }
  if (response.status === 401 || response.type === 'opaqueredirect') {
    throw new LoggedOut();
  }
  const json = await response.json().catch(() => undefined);
  if (response.ok && json !== undefined) {
    return { json, tag: response.headers.get('ETag') };
  } else if (response.status === 503 || response.status < 500) {
    throw new Refused(response.status, json?.detail ?? `the answer was ${response.status}`, json?.errors);
  }
  throw new Lost(`its answer was ${response.status}`);
}

const ask = async (path, options) => (await answer(path, options)).json;

export const query = (parameters) => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') {
      search.set(key, value);
    }
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};

export const read = (path, parameters = {}) => ask(API + path + query(parameters));

/** What is no JSON, as a blob: the login is no part of an address that a browser could be sent to. */
export async function readBlob(path, parameters = {}) {
  const response = await fetch(API + path + query(parameters), { cache: 'no-store', redirect: 'manual', headers: headers() }).catch(() => {
    throw new Lost('it cannot be reached');
  });
  if (response.status === 401 || response.type === 'opaqueredirect') {
    throw new LoggedOut();
  } else if (!response.ok) {
    throw new Refused(response.status, (await response.json().catch(() => undefined))?.detail ?? `the answer was ${response.status}`);
  }
  return response.blob().catch(() => {
    throw new Lost('its answer was cut');
  });
}

/** A path may have parameters already. */
const at = (path, parameters) => API + path + (path.includes('?') ? query(parameters).replace('?', '&') : query(parameters));

/** With the tag that a change of it has to show. */
export const readTagged = (path, parameters = {}) => answer(at(path, parameters));

/** Adds or changes something, or with dryRun only tries to; tag is of what was seen of it before, fresh says that there is to be none. */
export const change = (method, path, { body, tag, fresh, dryRun } = {}) => ask(at(path, { 'dry-run': dryRun || undefined }), {
  method,
  patience: CHANGE_PATIENCE_MILLIS,
  body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  more: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(tag ? { 'If-Match': tag } : {}), ...(fresh ? { 'If-None-Match': '*' } : {}) },
});

export const remotePath = (name, ...rest) => ['remotes', name, ...rest].map(encodeURIComponent).join('/');

export const remove = (path, parameters = {}) => ask(API + path + query(parameters), { method: 'DELETE' });

export async function logOut() {
  await fetch('logout', { method: 'POST', redirect: 'manual', headers: headers() });
  forget();
}

/**
 * Gives each event to take as it comes, until the server, the signal or a cut ends it. The latest come first, so that who comes later sees
 * them too; or those behind the last one that was seen.
 */
export async function listen(last, signal, take) {
  const response = await fetch(`${API}events${last === undefined ? '?recent=1000' : ''}`, {
    cache: 'no-store',
    redirect: 'manual',
    signal,
    headers: { Accept: 'text/event-stream', ...headers(), ...(last === undefined ? {} : { 'Last-Event-ID': last }) },
  });
  if (!response.ok) {
    throw new Refused(response.status, `the answer was ${response.status}`);
  }
  await readEvents(response.body, take);
}
