// Who may use this page and the API: users, and tokens for programs.

import { button, setRowButton } from './acts.js';
import { change, read, readTagged } from './api.js';
import { copyButton } from './copy.js';
import { complain, confirmed, element, keepFocus, say, setText, theirs } from './dom.js';
import { failure, openDialog, openForm } from './form.js';
import * as format from './format.js';
import { scrolled } from './parts.js';
import { Table } from './table.js';
import { expiry, LIVES } from './tokens.js';

const changed = () => dispatchEvent(new Event('changed'));
const userPath = (name) => `users/${encodeURIComponent(name)}`;

const ROLE = { name: 'role', label: 'Role', options: [['viewer', 'viewer: looks'], ['operator', 'operator: also closes and disconnects'], ['admin', 'admin: changes everything']] };
const password = (hint) => ({ name: 'password', label: 'Password', kind: 'password', hint });

const addUser = () => openForm(['Add a user'], {
  act: 'Add',
  fields: [
    { name: 'name', label: 'Name', placeholder: 'carol', hint: 'Lower-case letters, digits, and . _ @ - between them.' },
    ROLE, password('12 characters or more. Only a hash of it is kept.'),
  ],
  values: { role: 'viewer' },
  send: (values, dryRun) => (dryRun ? undefined : change('POST', 'users', { body: values })),
  done: (user) => {
    say('Added ', theirs(user.name), '.');
    changed();
  },
});

async function changeUser({ name }) {
  let seen;
  const renew = async () => {
    seen = await readTagged(userPath(name));
    return { role: seen.json.role, password: '' };
  };
  try {
    const values = await renew();
    openForm(['Change ', theirs(name)], {
      act: 'Save', values, renew,
      fields: [ROLE, password('Leave it empty to keep the password.')],
      send: (now, dryRun) => (dryRun ? undefined : change('PATCH', userPath(name), { body: { role: now.role, ...(now.password ? { password: now.password } : {}) }, tag: seen.tag })),
      done: () => {
        say('Changed ', theirs(name), '.');
        changed();
      },
    }, element('p', {}, 'The user is logged out everywhere, and has to log in again.'));
  } catch (e) {
    complain(failure(e));
  }
}

/** Does what was confirmed, and says so. */
async function act(title, text, verb, send, done) {
  try {
    if (await confirmed(title, [text], verb)) {
      await send();
      say(...done);
    }
  } catch (e) {
    complain(failure(e));
  } finally {
    changed();
    keepFocus();
  }
}

const removeUser = ({ name }) => act(['Remove ', theirs(name), '?'], 'The user is logged out everywhere.', 'Remove', async () => {
  const { tag } = await readTagged(userPath(name));
  await change('DELETE', userPath(name), { tag });
}, ['Removed ', theirs(name), '.']);

function showToken({ token }) {
  let close = () => {};
  close = openDialog(['A token for a program'],
    element('p', { class: 'message warn' }, 'Copy the token now: it is never shown again. The server keeps only a hash of it.'),
    element('div', { class: 'way-head' }, element('code', { class: 'code token', id: 'token' }, token), copyButton(() => token, 'the token')),
    element('p', { class: 'quiet' }, 'The program sends it with each request, in the header Authorization: Bearer.'),
    element('div', { class: 'dialog-buttons' }, element('button', { type: 'button', class: 'button primary', click: () => close() }, 'I have it')));
  changed();
}

const makeToken = () => openForm(['Make a token for a program'], {
  act: 'Make it',
  fields: [{ name: 'label', label: 'Label', placeholder: 'prometheus', hint: 'What it is for. Optional.' }, ROLE, { name: 'expires', label: 'Expires', options: LIVES }],
  values: { role: 'viewer' },
  send: ({ label, role, expires }, dryRun) => (dryRun ? undefined : change('POST', 'api-tokens', { body: { label, role, ...expiry(expires) } })),
  done: showToken,
});

const revokeToken = ({ id, label }) => act(['Revoke token ', theirs(label || id), '?'], 'Programs that use it are refused from now on.', 'Revoke',
  () => change('DELETE', `api-tokens/${id}`), ['Revoked token ', theirs(label || id), '.']);

/** A card with a table, what adds to it, and what it says without rows. */
function list({ id, title, add, empty, key, columns }) {
  const target = element('table', { id: `${id}-table` });
  const table = new Table(target, { caption: title, sort: '', key, onSort: () => {}, columns });
  const note = element('p', { class: 'empty' }, empty);
  return {
    card: element('section', { class: 'card', id }, element('div', { class: 'card-head' }, element('h2', {}, title), add), scrolled(`Table of ${title}`, target), note),
    show(rows) {
      table.show(rows);
      note.hidden = rows.length > 0;
    },
  };
}

/** A column with a button in each row that has one. */
const acting = (text, name, click, isMeant = () => true) => ({
  key: text, label: text, unseen: true, number: true,
  show: (cell, row) => (isMeant(row) ? setRowButton(cell, text, name(row), row, click) : cell.replaceChildren()),
});

export function accountsDetail() {
  const isOurs = (user) => user.origin === 'store';
  const users = list({
    id: 'users', title: 'Users', add: button('Add a user', addUser), key: (user) => user.name,
    empty: 'No users yet. Each start makes a password for admin and logs it, until you add a user with the role admin.',
    columns: [
      { key: 'name', label: 'Name', show: (cell, user) => setText(cell, user.name) },
      { key: 'role', label: 'Role', show: (cell, user) => setText(cell, user.role) },
      { key: 'origin', label: 'Declared in', narrow: 's', show: (cell, user) => setText(cell, isOurs(user) ? 'the store' : 'a file', isOurs(user) ? '' : 'portproxy.admin.users: change it there') },
      acting('Change', (user) => user.name, changeUser, isOurs),
      acting('Remove', (user) => user.name, removeUser, isOurs),
    ],
  });
  const tokens = list({
    id: 'api-tokens', title: 'Tokens for programs', add: button('Make a token', makeToken), key: (token) => token.id, empty: 'No tokens yet. Make one for a program that uses the API, such as Prometheus.',
    columns: [
      { key: 'label', label: 'Label', show: (cell, token) => setText(cell, token.label || token.id, token.id) },
      { key: 'role', label: 'Role', show: (cell, token) => setText(cell, token.role) },
      { key: 'created', label: 'Made', narrow: 'm', show: (cell, token) => setText(cell, format.ago(token.created), format.date(token.created)) },
      { key: 'expires', label: 'Expires', narrow: 's', show: (cell, token) => setText(cell, !token.expires ? 'never' : Date.parse(token.expires) < Date.now() ? 'has expired' : format.date(token.expires)) },
      acting('Revoke', (token) => token.label || token.id, revokeToken),
    ],
  });
  return {
    title: 'Users and tokens', trail: ['Overview', '#/'], acts: [], content: [users.card, tokens.card],
    async refresh() {
      const [people, programs] = await Promise.all([read('users'), read('api-tokens')]);
      users.show(people);
      tokens.show(programs);
    },
  };
}
