// The admin API. What is asked for lies beside this page, wherever that is.

import { forget, headers } from './session.js';
import { readEvents } from './sse.js';

const PATIENCE_MILLIS = 10_000;
const API = 'api/v1/';

/** The server has answered, and says what is wrong. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Nobody is logged in any more. */
export class LoggedOut extends Error {}

/** There was no answer, or none of this server. */
export class Lost extends Error {}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, {
      cache: 'no-store',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
      ...options,
      headers: { Accept: 'application/json', ...headers() },
    });
  } catch (e) {
    throw new Lost(e.name === 'TimeoutError' ? 'it does not answer' : 'it cannot be reached');
  }
  if (response.status === 401 || response.type === 'opaqueredirect') {
    throw new LoggedOut();
  }
  const json = await response.json().catch(() => undefined);
  if (response.ok && json !== undefined) {
    return json;
  } else if (response.status === 503 || response.status < 500) {
    throw new Refused(response.status, json?.detail ?? `the answer was ${response.status}`);
  }
  throw new Lost(`its answer was ${response.status}`);
}

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

export const remove = (path, parameters = {}) => ask(API + path + query(parameters), { method: 'DELETE' });

export async function logOut() {
  await fetch('logout', { method: 'POST', redirect: 'manual', headers: headers() });
  forget();
}

/**
 * Gives each event to take as it comes, until the server or a cut ends it. The latest come first, so that who comes later sees
 * them too; or those behind the last one that was seen.
 */
export async function listen(last, take) {
  const response = await fetch(`${API}events${last === undefined ? '?recent=1000' : ''}`, {
    cache: 'no-store',
    redirect: 'manual',
    headers: { Accept: 'text/event-stream', ...headers(), ...(last === undefined ? {} : { 'Last-Event-ID': last }) },
  });
  if (!response.ok) {
    throw new Refused(response.status, `the answer was ${response.status}`);
  }
  await readEvents(response.body, take);
}
