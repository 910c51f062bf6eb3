// The tokens of one remote: they are made, shown once with what brings the remote up, and revoked.

import { button, setRowButton } from './acts.js';
import { change, read, remotePath } from './api.js';
import { allowOf, FORMS } from './bringup.js';
import { copyButton } from './copy.js';
import { complain, confirmed, element, keepFocus, say, setText, theirs } from './dom.js';
import { failure, openDialog, openForm } from './form.js';
import * as format from './format.js';
import { Table } from './table.js';

const DAY_MILLIS = 86_400_000;
const changed = () => dispatchEvent(new Event('changed'));

export const LIVES = [['', 'never'], ['1', 'in a day'], ['7', 'in a week'], ['30', 'in 30 days'], ['90', 'in 90 days'], ['365', 'in a year']];

/** From when on a token is not valid any more, of a choice of LIVES. */
export const expiry = (days) => (days ? { expires: new Date(Date.now() + days * DAY_MILLIS).toISOString() } : {});

/** Where remotes reach this server, as far as it can be known here: what this page was asked at, unless tunnels come in elsewhere. */
function serverAddress({ address }) {
  const port = address.slice(address.lastIndexOf(':') + 1);
  const host = address.slice(0, address.lastIndexOf(':'));
  return `${['0.0.0.0', '[::]', '[0:0:0:0:0:0:0:0]', '*', ''].includes(host) ? location.hostname : host}:${port}`;
}

/** One way to bring the remote up, as text to copy; what() gives the remote as it is written now. */
function wayOf({ label, note, text }, what) {
  const code = element('pre', { class: 'code', tabindex: '0', 'aria-label': label });
  const copy = copyButton(() => code.textContent, label);
  return {
    box: element('div', { class: 'way' }, element('div', { class: 'way-head' }, element('p', { class: 'quiet' }, note), copy), code),
    show: () => setText(code, text(what())),
  };
}

function chooser(forms, show) {
  const boxes = forms.map(({ key, label }, index) => {
    const input = element('input', { type: 'radio', name: 'way', value: key, checked: index === 0, change: () => show(index) });
    return element('label', { class: 'choice' }, input, element('span', {}, label));
  });
  return element('fieldset', { class: 'choices' }, element('legend', {}, 'Bring the remote up'), ...boxes);
}

/** Shows a token this one time. */
function showToken(name, made, ports, end) {
  const server = element('input', { id: 'way-server', class: 'input', type: 'text', value: serverAddress(end), autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'way-server-hint' });
  const what = () => ({ name, token: made.token, server: server.value.trim(), allow: allowOf(ports), tls: end.security !== 'plain' });
  const ways = FORMS.map((form) => wayOf(form, what));
  const choose = (chosen) => ways.forEach((way, index) => {
    way.box.hidden = index !== chosen;
  });
  const showAll = () => ways.forEach((way) => way.show());
  const token = element('code', { class: 'code token', id: 'token' }, made.token);
  let close = () => {};
  server.addEventListener('input', showAll);
  showAll();
  choose(0);
  close = openDialog(['A token for ', theirs(name)],
    element('p', { class: 'message warn' }, 'Copy the token now: it is never shown again. The server does not keep it.'),
    element('div', { class: 'way-head' }, token, copyButton(() => made.token, 'the token')),
    element('div', { class: 'field' }, element('label', { for: 'way-server' }, 'Address of this server for the remote'), server,
      element('p', { class: 'hint', id: 'way-server-hint' }, 'Correct it if remotes use another name or port.')),
    chooser(FORMS, choose), ...ways.map((way) => way.box),
    element('p', { class: 'quiet' }, ports.length > 0
      ? 'The remote opens only what it allows. If you add a target later, allow it there too.'
      : 'The remote has no port yet, so the command does not restrict it: it opens every port of its own 127.0.0.1.'),
    element('div', { class: 'dialog-buttons' }, element('button', { type: 'button', class: 'button primary', click: () => close() }, 'I have it')));
}

async function showMade(name, made) {
  const [ports, process] = await Promise.all([read(remotePath(name, 'ports')), read('process')]);
  showToken(name, made, ports, process.tunnels.find((each) => each.role === 'server'));
  changed();
}

/** The first token of a remote that has just been added. */
export async function bringUpNew(name) {
  try {
    await showMade(name, await change('POST', remotePath(name, 'tokens'), { body: { label: 'first' } }));
  } catch (e) {
    complain(`${name} was added, but has no token. ${failure(e)}`);
  }
}

const makeToken = (name) => openForm(['Make a token for ', theirs(name)], {
  act: 'Make it',
  fields: [
    { name: 'label', label: 'Label', placeholder: 'laptop', hint: 'What it is for. Optional.' },
    { name: 'expires', label: 'Expires', options: LIVES, hint: 'Remotes that use it are disconnected then.' },
  ],
  send: ({ label, expires }, dryRun) => (dryRun ? undefined : change('POST', remotePath(name, 'tokens'),
    { body: { label, ...expiry(expires) } })),
  done: (made) => showMade(name, made),
});

async function revoke(name, { id, label }) {
  try {
    if (await confirmed(['Revoke token ', theirs(label || id), '?'], ['Tunnels that use it are closed within a second. You cannot undo this.'], 'Revoke')) {
      await change('DELETE', remotePath(name, 'tokens', id));
      say('Revoked token ', theirs(label || id), '.');
    }
  } catch (e) {
    complain(failure(e));
  } finally {
    changed();
    keepFocus();
  }
}

/** The tokens of a remote, as a card. */
export class Tokens {
  constructor(name, scrolled, mayEdit) {
    this.name = name;
    this.make = button('Make a token', () => makeToken(name));
    this.empty = element('p', { class: 'empty' });
    const target = element('table', { id: 'tokens-table' });
    this.table = new Table(target, {
      caption: 'Tokens', sort: '', key: (token) => token.id, onSort: () => {},
      columns: [
        { key: 'label', label: 'Label', show: (cell, t) => setText(cell, t.label || t.id, t.id) },
        { key: 'created', label: 'Made', narrow: 'm', show: (cell, t) => setText(cell, format.ago(t.created), format.date(t.created)) },
        { key: 'used', label: 'Last used', narrow: 's', show: (cell, t) => setText(cell, t.lastUsed ? format.ago(t.lastUsed) : 'never', format.date(t.lastUsed)) },
        { key: 'expires', label: 'Expires', show: (cell, t) => setText(cell, !t.expires ? 'never' : Date.parse(t.expires) < Date.now() ? 'has expired' : format.date(t.expires)) },
        ...(mayEdit ? [{ key: 'act', label: 'Actions', unseen: true, number: true, show: (cell, t) => setRowButton(cell, 'Revoke', t.label || t.id, t, (row) => revoke(name, row)) }] : []),
      ],
    });
    this.card = element('section', { class: 'card', id: 'tokens' },
      element('div', { class: 'card-head' }, element('h2', {}, 'Tokens'), ...(mayEdit ? [this.make] : [])), scrolled('Table of tokens', target), this.empty);
  }

  async refresh(remote) {
    const tokens = await read(remotePath(this.name, 'tokens'));
    this.table.show(tokens);
    setText(this.empty, tokens.length > 0 ? '' : remote.anonymous ? 'No tokens. Anybody may use this name.' : remote.origin === 'file' ? 'The tokens of this name are in the file.' : 'No tokens yet. The remote cannot connect until you make one.');
  }
}
