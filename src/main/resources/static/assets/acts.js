// What administrators do, each asked for once more.

import { LoggedOut, Lost, remove } from './api.js';
import { complain, confirmed, element, keepFocus, say, theirs } from './dom.js';
import { plural } from './format.js';
import { processName } from './store.js';

async function act(done, path, parameters = {}) {
  try {
    say(...done(await remove(path, parameters)));
    return true;
  } catch (e) {
    if (e instanceof LoggedOut) {
      complain('Nothing was done: you are logged out.');
    } else if (e instanceof Lost) {
      complain(`The ${processName()} did not answer, so it may be done or not: ${e.message}.`);
    } else {
      complain(`Nothing was done: ${e.message}.`);
    }
    return false;
  } finally {
    keepFocus();
  }
}

const closedText = (answer) => [answer.closed === 0 ? 'There were no connections left to close.' : `Closed ${plural(answer.closed, 'connection')}.`];

export async function closeConnection({ identity, user, target }) {
  const text = [`The connection of ${user ?? 'a user'} to `, theirs(target), ' is reset at both ends. Data in flight is lost.'];
  if (await confirmed([`Close connection ${identity}?`], text, 'Close connection')) {
    return act(closedText, `connections/${encodeURIComponent(identity)}`);
  }
  return false;
}

/** Closes all that match; what says which they are, as text and elements. */
export async function closeMatching(parameters, what, count) {
  const text = [`${plural(count, 'connection')} `, ...what, ` ${count === 1 ? 'is' : 'are'} reset at both ends, and those that match by then.`];
  if (await confirmed(['Close all these connections?'], text, 'Close all')) {
    return act(closedText, 'connections', parameters);
  }
  return false;
}

export async function disconnect({ name, role, streams }) {
  const text = [`Its tunnels and ${plural(streams.live, 'connection')} are reset. The remote may come back at once.`];
  if (await confirmed(['Disconnect ', theirs(name), '?'], text, 'Disconnect')) {
    return act((answer) => [`Disconnected ${plural(answer.disconnected, 'tunnel')} of `, theirs(name), '.'], `remotes/${encodeURIComponent(name)}/tunnels`, { role });
  }
  return false;
}

/** Ends a ban before its time; place is the address or network that has it. */
export async function liftBan({ address, place }) {
  const text = [`Users and remotes at ${place} may connect and log in again at once. Earlier failures are forgotten.`];
  if (await confirmed([`Lift the ban of ${place}?`], text, 'Lift')) {
    return act(({ lifted }) => [lifted > 0 ? `Lifted the ban of ${place}.` : `${place} was not banned any more.`], `bans/${encodeURIComponent(address)}`);
  }
  return false;
}

export const button = (text, click, about = '') =>
  element('button', { type: 'button', class: 'button', click }, text, ...(about ? [element('span', { class: 'unseen' }, ` ${about}`)] : []));

/** Puts a small button into a table's cell, which acts on the row as it is then. */
export function setRowButton(cell, text, about, row, click) {
  cell.row = row;
  if (!cell.firstChild) {
    cell.append(element('button', { type: 'button', class: 'button small', click: () => click(cell.row) }, text,
      element('span', { class: 'unseen' }, ` ${about}`)));
  }
}
