// All gateways and remotes of the store as one document: what it would change shows before it is applied.

import { change, read, readTagged, Refused } from './api.js';
import { confirmed, element, say, setText, theirs } from './dom.js';
import { failure } from './form.js';
import { plural } from './format.js';
import { hostAddress } from './manage.js';
import { mayChange } from './store.js';

const PATH = 'config/desired';
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_LINES = 500;

/** What is not written counts as this. */
const DEFAULTS = { description: '', enabled: true, anonymous: false, type: 'tcp' };

/** A document with what it says of a gateway, a remote, or of one of its ports or hosts. */
function part(json, { gateway, remote, port, host }) {
  if (gateway) {
    return (json?.gateways ?? []).find((each) => each.name === gateway);
  }
  const found = (json?.remotes ?? []).find((each) => each.name === remote);
  if (host) {
    return found?.hosts?.find((each) => hostAddress({ path: '/', ...each }) === host);
  }
  return port ? found?.ports?.find((each) => (each.name ?? String(each.bind)) === port) : found;
}

const shown = (value) => (value === undefined ? 'default' : JSON.stringify(value));
const written = (definition, key) => definition?.[key] ?? DEFAULTS[key];
const same = (a, b) => (typeof a === 'object' ? JSON.stringify(a) === JSON.stringify(b) : String(a) === String(b));

function differences(before, after) {
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...keys].filter((key) => !['ports', 'hosts', 'tokens'].includes(key) && key !== 'name' && !same(written(before, key), written(after, key)))
    .map((key) => `${key}: ${shown(written(before, key))} → ${shown(written(after, key))}`);
}

function line(sign, tone, item, text) {
  return element('li', {}, element('span', { class: `badge ${tone}` }, sign),
    element('span', {}, ...(item.gateway ? ['gateway ', theirs(item.gateway, { class: 'strong' })] : [theirs(item.remote, { class: 'strong' })]),
      ...['port', 'host'].filter((kind) => item[kind]).flatMap((kind) => [` ${kind} `, theirs(item[kind], { class: 'strong' })]), text ? ` ${text}` : ''));
}

function diff(answer, before, after) {
  const address = (json, item) => {
    const what = (item.port || item.host || item.gateway) && part(json, item);
    return what ? [what.bind, what.remote].filter((each) => each !== undefined).join(' → ') : '';
  };
  return [
    ...answer.added.map((item) => line('added', 'good', item, address(after, item))),
    ...answer.changed.map((item) => line('changed', 'warn', item, differences(part(before, item), part(after, item)).join(', '))),
    ...answer.removed.map((item) => line('removed', 'bad', item, address(before, item))),
  ];
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the server says where it is wrong
  }
};

export function documentDetail() {
  const area = element('textarea', { id: 'document-text', class: 'input code', rows: '16', spellcheck: 'false', autocomplete: 'off', readonly: !mayChange() });
  const file = element('input', { id: 'document-file', type: 'file', accept: '.json,application/json', class: 'input' });
  const result = element('div', { class: 'diff', role: 'status', id: 'document-diff' });
  const apply = element('button', { type: 'button', class: 'button primary', id: 'document-apply', disabled: true }, 'Apply');
  let seen;

  const complain = (texts) => result.replaceChildren(...texts.map((text) => element('p', { class: 'message bad' }, text)));
  const told = (e) => complain(e instanceof Refused && e.errors.length > 0 ? e.errors.map((error) => `${error.pointer} ${error.detail}`.trim()) : [failure(e)]);

  async function load() {
    seen = await readTagged(PATH);
    area.value = JSON.stringify(seen.json, null, 2);
    result.replaceChildren();
    apply.disabled = true;
  }

  /** Gives what would change, or nothing if it cannot. */
  async function look(...above) {
    apply.disabled = true;
    const text = area.value;
    try {
      const answer = await change('PUT', PATH, { body: text, tag: seen.tag, dryRun: true });
      const lines = diff(answer, seen.json, parsed(text));
      const more = lines.length - MOST_LINES;
      result.replaceChildren(...above, lines.length > 0 ? element('ul', { class: 'changes' }, ...lines.slice(0, MOST_LINES)) : element('p', { class: 'quiet' }, 'Nothing would change.'),
        ...(more > 0 ? [element('p', { class: 'quiet' }, `${plural(more, 'more is', 'more are')} not shown.`)] : []));
      apply.disabled = lines.length === 0;
      setText(apply, lines.length === 0 ? 'Apply' : `Apply ${plural(lines.length, 'change')}`);
      return answer;
    } catch (e) {
      await (e instanceof Refused && e.status === 412 && above.length === 0 ? again() : told(e));
      return undefined;
    }
  }

  /** What there is now is another: the same document changes something else then. */
  async function again() {
    seen = await readTagged(PATH);
    await look(element('p', { class: 'message warn' }, 'Somebody else has made changes. Compared with the current state:'));
  }

  async function send() {
    const text = area.value;
    const before = seen;
    const answer = await look();
    if (answer && seen === before && await confirmed(['Apply this document?'], [`It adds ${answer.added.length}, changes ${answer.changed.length} and removes ${answer.removed.length}. If one part fails, nothing is changed.`], 'Apply')) {
      try {
        await change('PUT', PATH, { body: text, tag: before.tag });
        say('Applied the document.');
        await load();
        dispatchEvent(new Event('changed'));
      } catch (e) {
        await (e instanceof Refused && e.status === 412 ? again() : told(e));
      }
    }
  }

  /** For another server: what is kept of the tokens is in it. */
  async function exportAll() {
    try {
      save(JSON.stringify(await read('config/export'), null, 2));
    } catch (e) {
      told(e);
    }
  }

  async function open() {
    const [chosen] = file.files;
    if (chosen?.size > MOST_BYTES) {
      complain(['The file has more than 16 MiB.']);
    } else if (chosen) {
      area.value = await chosen.text();
      await look();
    }
  }

  area.addEventListener('input', () => {
    apply.disabled = true;
  });
  file.addEventListener('change', open);
  apply.addEventListener('click', send);
  const act = (text, click) => element('button', { type: 'button', class: 'button', click }, text);
  const buttons = mayChange() ? [act('Show what would change', () => look()), apply] : [];
  return {
    title: 'All as one document', trail: ['Remotes', '#/remotes'], acts: [act('Load the current state', () => load().catch(told))],
    content: [element('section', { class: 'card document' },
      element('p', { class: 'quiet' }, 'All gateways and remotes that no file declares, as one document. If you apply it, what you left out is removed, a remote with its tokens. Remotes that stay keep their tokens.'),
      ...(mayChange() ? [element('div', { class: 'field' }, element('label', { for: 'document-file' }, 'Open a file'), file)] : []),
      element('div', { class: 'field' }, element('label', { for: 'document-text' }, 'Document (JSON)'), area),
      element('div', { class: 'dialog-buttons' }, act('Save as a file', () => save(area.value)), ...(mayChange() ? [act('Export with tokens', exportAll)] : []), ...buttons), result)],
    async refresh() {
      if (!seen) {
        await load();
      }
    },
  };
}

/** As a download of this page's own: the login is no part of an address. */
function save(text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = element('a', { href: address, download: 'remotes.json' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
