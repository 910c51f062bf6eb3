// The table of webhooks: who is told what happens.

import { setRowButton } from './acts.js';
import { change } from './api.js';
import { complain, keepFocus, say, setBadge, setText, theirs } from './dom.js';
import * as format from './format.js';
import { store } from './store.js';
import { Table } from './table.js';

async function test({ name }) {
  try {
    const answer = await change('POST', `webhooks/${encodeURIComponent(name)}/test`);
    if (answer.taken) {
      say('Webhook ', theirs(name), ` accepted the test in ${answer.millis} ms.`);
    } else {
      complain('Webhook ', theirs(name), ' did not accept the test: ', theirs(answer.message), '.');
    }
  } catch (e) {
    complain(`The test was not sent: ${e.message}.`);
  } finally {
    keepFocus();
  }
}

function showState(cell, { trouble, lastSent }) {
  if (trouble) {
    setBadge(cell, 'failing', 'bad', trouble);
  } else {
    setBadge(cell, lastSent ? 'working' : 'nothing sent yet', lastSent ? 'good' : '', lastSent ? `The last event was accepted ${format.ago(lastSent)}` : '');
  }
}

const columns = [
  { key: 'name', label: 'Name', show: (cell, w) => setText(cell, w.name) },
  { key: 'place', label: 'Receiver', tip: 'Without its path, which may be secret', narrow: 'm', show: (cell, w) => { cell.classList.add('mono'); setText(cell, w.place); } },
  { key: 'events', label: 'Events', narrow: 'l', show: (cell, w) => setText(cell, w.events.join(', ')) },
  { key: 'state', label: 'State', show: showState },
  { key: 'sent', label: 'Sent', number: true, narrow: 's', show: (cell, w) => setText(cell, String(w.sent)) },
  { key: 'waiting', label: 'Waiting', number: true, narrow: 'm', show: (cell, w) => setText(cell, String(w.waiting)) },
  { key: 'lost', label: 'Lost', tip: 'Given up after retries, or dropped from a full queue', number: true, show: (cell, w) => setText(cell, String(w.gaveUp + w.dropped)) },
];

const acts = { key: 'act', label: 'Actions', unseen: true, number: true, show: (cell, w) => setRowButton(cell, 'Test', `webhook ${w.name}`, w, test) };

let table;

/** Shows them; call it only while there are some. */
export function showWebhooks() {
  const mayTest = store.me?.role === 'admin';
  table ??= new Table(document.getElementById('webhooks-table'), { caption: 'Webhooks', columns: mayTest ? [...columns, acts] : columns, key: (w) => w.name, sort: '', onSort: () => {} });
  table.show(store.webhooks);
}

export const hasWebhooks = () => (store.webhooks ?? []).length > 0;
