// The table of banned addresses, and what admins lift of them.

import { liftBan, setRowButton } from './acts.js';
import { read } from './api.js';
import { element, find, setText } from './dom.js';
import * as format from './format.js';
import { mayChange, store } from './store.js';
import { Table } from './table.js';

/** There may be thousands: they are not asked for as often as the rest. */
const AGAIN_MILLIS = 10_000;

const MOST_ROWS = 200;
const FEW_ROWS = 10;
const FEW_ENOUGH_TO_SEE = 8;

const NONE = 'No address is banned. A ban refuses an address for some time, after an access list has refused it or it has failed to log in too often. Set portproxy.server.ban in the configuration file to turn bans on.';

let readAt = 0;
let lifted = 0; // so often
let table;
let shownOn;

export async function readBans() {
  if (Date.now() - readAt >= AGAIN_MILLIS) {
    const before = lifted;
    const bans = await read('bans');
    store.bans = bans.map((ban) => ({ ...ban, place: ban.address.includes(':') ? `${ban.address}/64` : ban.address })).reverse(); // the newest first
    readAt = before === lifted ? Date.now() : 0; // what was answered may be older than that
  }
}

const left = (ban) => Date.parse(ban.until) - Date.now();

/** Those that are not over meanwhile. */
const current = () => store.bans.filter((ban) => left(ban) > 0);

export const hasBans = () => current().length > 0;

async function lift(ban) {
  await liftBan(ban);
  lifted++;
  readAt = 0;
  dispatchEvent(new Event('changed'));
}

const columns = () => [
  { key: 'address', label: 'Address', tip: 'Of IPv6 a network of 64 bits', sort: true, value: (b) => b.place, show: (cell, b) => { cell.classList.add('mono'); setText(cell, b.place); } },
  { key: 'until', label: 'Ends in', number: true, sort: true, value: left, show: (cell, b) => setText(cell, format.duration(left(b)), format.date(b.until)) },
  ...(mayChange() ? [{ key: 'act', label: 'Actions', unseen: true, number: true, show: (cell, b) => setRowButton(cell, 'Lift', `the ban of ${b.place}`, b, lift) }] : []),
];

function refresh() {
  const bans = current();
  const wanted = find('bans-find').value.trim().toLowerCase();
  const most = shownOn === 'overview' ? FEW_ROWS : MOST_ROWS;
  const found = table.sorted(bans.filter((ban) => ban.place.includes(wanted)));
  table.show(found.slice(0, most));
  find('bans-find').parentElement.hidden = shownOn === 'overview' || (bans.length < FEW_ENOUGH_TO_SEE && wanted === '');
  find('bans-scroll').hidden = bans.length === 0;
  showNote(bans.length, found.length - most, found.length);
}

function showNote(all, more, found) {
  const note = find('bans-note');
  if (more > 0 && shownOn === 'overview') {
    const link = note.querySelector('a') ?? element('a', { href: '#/ports' });
    setText(link, `All ${format.number(all)}`);
    if (!link.isConnected) {
      note.replaceChildren(link);
    }
  } else {
    setText(note, all === 0 ? NONE : found === 0 ? 'Nothing matches. Change or clear the search.' : more > 0 ? `${format.plural(more, 'more is', 'more are')} not shown. Use Find to see fewer.` : '');
  }
}

/** Shows them on that page. */
export function showBans(page) {
  if (!table) {
    table = new Table(find('bans-table'), { caption: 'Banned addresses', columns: columns(), key: (b) => b.address, sort: '', onSort: refresh });
    find('bans-find').addEventListener('input', refresh);
  }
  if (page !== shownOn) {
    shownOn = page;
    find('bans-find').value = '';
  }
  refresh();
}
