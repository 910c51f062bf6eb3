// The connections. The server filters, sorts and pages, so that this is as fast with many as with few.

import { closeConnection, closeMatching, button, setRowButton } from './acts.js';
import { query, read } from './api.js';
import { element, find, setBadge, setLink, setText, theirs } from './dom.js';
import * as format from './format.js';
import { portPath } from './lists.js';
import { hasBothRoles, hasServer, mayClose, store } from './store.js';
import { Table } from './table.js';

const SIZE = 100;
const FIRST_SORT = 'since,desc';
const FILTERS = ['search', 'remote', 'port', 'user', 'state'];
const TYPING_MILLIS = 250;

const TONES = { open: 'good', connecting: 'warn', finishing: 'plain', user_ended: 'plain', target_ended: 'plain' };

export function showConnectionState(cell, connection) {
  const stalled = connection.stalledMillis > 1000;
  setBadge(cell, stalled ? `${connection.stalledOn} stalls` : format.words(connection.state), stalled ? 'warn' : TONES[connection.state] ?? 'plain',
    stalled ? `takes none of ${format.exactBytes(connection.queuedBytes)} for ${format.duration(connection.stalledMillis)}` : '');
}

/** How fast bytes came since they were last asked for. */
class Speeds {
  constructor() {
    this.before = new Map();
  }

  add(connections) {
    const now = performance.now();
    const next = new Map();
    for (const each of connections) {
      const last = this.before.get(each.identity);
      const moved = each.bytesIn + each.bytesOut;
      const fresh = last && now - last.at < 500;
      next.set(each.identity, fresh ? last : { at: now, moved, rate: last ? Math.max(0, ((moved - last.moved) * 1000) / (now - last.at)) : undefined });
    }
    this.before = next;
  }

  of = (connection) => this.before.get(connection.identity)?.rate;
}

export class Connections {
  /** @param move what shows another part of the list, by its parameters */
  constructor(move) {
    this.move = move;
    this.speeds = new Speeds();
    this.parameters = {};
    this.total = 0;
    this.asked = 0;
    this.table = new Table(find('connections-table'), {
      caption: 'Connections', columns: this.columns(), key: (c) => `${c.role}/${c.identity}`, sort: FIRST_SORT,
      onSort: (sort) => this.change({ sort: sort === FIRST_SORT ? '' : sort, page: '' }),
    });
    this.form = find('filters');
    this.form.addEventListener('submit', (event) => event.preventDefault());
    this.form.addEventListener('input', (event) => this.typed(event));
    const turn = (id, page) => find(id).addEventListener('click', () => this.change({ page: String(page()) }));
    turn('page-first', () => 0);
    turn('page-previous', () => this.page() - 1);
    turn('page-next', () => this.page() + 1);
    turn('page-last', () => this.lastPage());
    find('f-role-field').hidden = !hasBothRoles();
    this.closeAll = button('Close all that match', () => this.closeMatching());
    this.closeAll.hidden = true;
  }

  columns() {
    const amount = (cell, value) => setText(cell, format.bytes(value), format.exactBytes(value));
    const mono = (cell, text, tip) => { cell.classList.add('mono'); setText(cell, text, tip); };
    const all = [
      { key: 'identity', label: 'Identity', show: (cell, c) => setLink(cell, c.identity, this.path(c)) },
      { key: 'user', label: 'User', sort: true, show: (cell, c) => mono(cell, c.user ?? format.NONE) },
      { key: 'remote', label: 'Remote', narrow: 'm', sort: true, server: true, show: (cell, c) => setText(cell, c.remote) },
      { key: 'port', label: 'Port', narrow: 'm', sort: true, server: true, show: (cell, c) => (c.port ? setLink(cell, c.port, portPath(c.port)) : cell.replaceChildren()) },
      { key: 'target', label: 'Target', narrow: 'l', sort: true, show: (cell, c) => mono(cell, c.target) },
      { key: 'state', label: 'State', sort: true, narrow: 's', show: showConnectionState },
      { key: 'since', label: 'Age', narrow: 's', number: true, sort: true, tip: 'Time since it was opened', show: (cell, c) => setText(cell, format.since(c.since), format.date(c.since)) },
      { key: 'idle', label: 'Idle', narrow: 'l', number: true, sort: true, tip: 'Since the last byte', show: (cell, c) => setText(cell, format.duration(c.idleMillis), `${format.number(c.idleMillis)} ms`) },
      { key: 'bytesIn', label: 'In', narrow: 's', number: true, sort: true, tip: 'Bytes from the user', show: (cell, c) => amount(cell, c.bytesIn) },
      { key: 'bytesOut', label: 'Out', narrow: 's', number: true, sort: true, tip: 'Bytes for the user', show: (cell, c) => amount(cell, c.bytesOut) },
      { key: 'rate', label: 'Rate', narrow: 'm', number: true, tip: 'Bytes per second, both ways', show: (cell, c) => this.showRate(cell, c) },
      { key: 'queued', label: 'Queued', narrow: 'l', number: true, sort: true, tip: 'Bytes that wait to be read at this end', show: (cell, c) => amount(cell, c.queuedBytes) },
    ];
    const shown = all.filter((column) => hasServer() || !column.server);
    return mayClose() ? [...shown, { key: 'act', label: 'Actions', unseen: true, number: true, show: (cell, c) => setRowButton(cell, 'Close', c.identity, c, (row) => this.close(row)) }] : shown;
  }

  showRate(cell, connection) {
    const speed = this.speeds.of(connection);
    setText(cell, speed === undefined ? format.NONE : speed === 0 ? '0' : format.rate(speed), speed === undefined ? '' : format.exactRate(speed));
  }

  path = (connection) => `#/connections/${connection.identity}${hasBothRoles() && connection.role === 'client' ? '?role=client' : ''}`;
  page = () => Math.max(0, Number.parseInt(this.parameters.page ?? '0', 10) || 0);
  lastPage = () => Math.max(0, Math.ceil(this.total / SIZE) - 1);

  typed(event) {
    clearTimeout(this.typing);
    const apply = () => this.change({ [event.target.name]: event.target.value.trim(), page: '' });
    if (event.target.name === 'search') {
      this.typing = setTimeout(apply, TYPING_MILLIS);
    } else {
      apply();
    }
  }

  change(parameters) {
    this.move({ ...this.parameters, ...parameters });
  }

  /** Shows the part of the list that the address names. */
  open(parameters) {
    this.parameters = parameters;
    this.table.setSort(parameters.sort || FIRST_SORT);
    this.fillSelect('f-remote', [...new Set(store.remotes.map((remote) => remote.name))], parameters.remote);
    this.fillSelect('f-port', store.ports.map((port) => port.bind), parameters.port);
    find('f-remote').parentElement.hidden = !hasServer();
    find('f-port').parentElement.hidden = !hasServer();
    find('f-state').value = parameters.state ?? '';
    find('f-role').value = parameters.role || 'server';
    const search = find('f-search');
    if (document.activeElement !== search) {
      search.value = parameters.search ?? '';
    }
  }

  fillSelect(id, values, chosen) {
    const select = find(id);
    const all = chosen && !values.includes(chosen) ? [chosen, ...values] : values;
    if ([...select.options].slice(1).map((option) => option.value).join('\n') !== all.join('\n') || select.options.length === 0) {
      select.replaceChildren(element('option', { value: '' }, 'any'), ...all.map((value) => element('option', { value }, value)));
    }
    select.value = chosen ?? '';
  }

  filter() {
    const meant = Object.fromEntries(FILTERS.filter((name) => this.parameters[name]).map((name) => [name, this.parameters[name]]));
    return hasBothRoles() ? { ...meant, role: this.parameters.role || 'server' } : meant;
  }

  async refresh() {
    const asked = ++this.asked;
    const found = await read('connections', { ...this.filter(), sort: this.table.sort, page: this.page(), size: SIZE });
    if (asked !== this.asked) {
      return; // another part of the list is asked for already
    }
    this.total = found.total;
    if (found.items.length === 0 && this.page() > this.lastPage()) {
      this.change({ page: String(this.lastPage()) });
      return;
    }
    this.speeds.add(found.items);
    this.table.show(found.items);
    this.showAround(found);
  }

  showAround(found) {
    const first = found.page * found.size + 1;
    const filtered = FILTERS.some((name) => this.parameters[name]);
    find('connections-empty').hidden = found.total > 0;
    setText(find('connections-empty'), filtered ? 'No connection matches. Change the search or the filters above.' : 'No connections are open. They appear here when users connect to an exposed port or host.');
    setText(find('connections-range'), found.total === 0 ? '' : `${format.number(first)}–${format.number(first + found.items.length - 1)} of ${format.number(found.total)}`);
    this.enable('page-first', 'page-previous', found.page > 0);
    this.enable('page-next', 'page-last', found.page < this.lastPage());
    find('page-first').closest('.pager-buttons').hidden = found.total <= SIZE;
    this.closeAll.hidden = !filtered || found.total === 0;
    setText(this.closeAll, `Close all ${format.number(found.total)} that match`);
  }

  enable(first, second, enabled) {
    find(first).disabled = !enabled;
    find(second).disabled = !enabled;
  }

  async close(connection) {
    if (await closeConnection(connection)) {
      await this.refresh();
    }
  }

  async closeMatching() {
    const filter = this.filter();
    const what = FILTERS.filter((name) => filter[name]).map((name) => `${name} ${format.words(filter[name])}`).join(', ');
    if (await closeMatching(filter, ['(', theirs(what), ')'], this.total)) {
      await this.refresh();
    }
  }
}

export const connectionsPath = (parameters) => `#/connections${query(parameters)}`;
