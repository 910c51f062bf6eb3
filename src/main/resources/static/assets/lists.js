// The tables of remotes and of exposed ports.

import { disconnect, setRowButton } from './acts.js';
import { find, setBadge, setLink, setText } from './dom.js';
import * as format from './format.js';
import { showSpark } from './spark.js';
import { hasBothRoles, isAdmin, rates, store } from './store.js';
import { Table } from './table.js';

/** Rows that a page has at most; the field to find some is for the others. */
const MOST_ROWS = 200;

const number = (cell, value) => setText(cell, format.number(value));
const amount = (cell, value) => setText(cell, format.bytes(value), format.exactBytes(value));
const speed = (cell, value) => setText(cell, value === 0 ? '0' : format.rate(value), format.exactRate(value));

export const remotePath = (remote) =>
  `#/remotes/${encodeURIComponent(remote.name)}${hasBothRoles() && remote.role === 'client' ? '?role=client' : ''}`;
export const portPath = (bind) => `#/ports/${encodeURIComponent(bind)}`;

export function showState(cell, remote) {
  const up = remote.state === 'up';
  setBadge(cell, remote.state, up ? 'good' : 'bad', up ? `since ${format.date(remote.since)}` : remote.lastFailure ?? '');
}

function remoteColumns() {
  const columns = [
    { key: 'name', label: 'Name', sort: true, value: (r) => r.name, show: (cell, r) => setLink(cell, r.name, remotePath(r), '', false) },
    { key: 'state', label: 'State', sort: true, value: (r) => r.state, show: showState },
    { key: 'role', label: 'Seen at', sort: true, value: (r) => r.role, show: (cell, r) => setText(cell, r.role === 'server' ? 'server' : 'remote') },
    { key: 'dialect', label: 'Dialect', narrow: 'm', sort: true, value: (r) => r.dialect ?? '', show: (cell, r) => setText(cell, r.dialect ?? format.NONE) },
    { key: 'address', label: 'Address', narrow: 'l', sort: true, value: (r) => r.address ?? '', show: (cell, r) => { cell.classList.add('mono'); setText(cell, r.address ?? format.NONE); } },
    { key: 'since', label: 'Up for', narrow: 'm', number: true, sort: true, value: (r) => (r.since ? Date.now() - Date.parse(r.since) : 0), show: (cell, r) => setText(cell, format.since(r.since), format.date(r.since)) },
    { key: 'trip', label: 'Round trip', tip: 'The shortest last measured', number: true, sort: true, value: (r) => r.roundTripMillis ?? -1, show: (cell, r) => setText(cell, format.millis(r.roundTripMillis)) },
    { key: 'live', label: 'Streams', tip: 'Connections that are open', number: true, sort: true, value: (r) => r.streams.live, show: (cell, r) => setText(cell, format.number(r.streams.live), `${format.number(r.streams.total)} since the start`) },
    { key: 'in', label: 'In', tip: 'Bytes from users', narrow: 's', number: true, sort: true, value: (r) => r.streams.bytesIn, show: (cell, r) => amount(cell, r.streams.bytesIn) },
    { key: 'out', label: 'Out', tip: 'Bytes for users', narrow: 's', number: true, sort: true, value: (r) => r.streams.bytesOut, show: (cell, r) => amount(cell, r.streams.bytesOut) },
  ];
  return columns.filter((column) => column.key !== 'role' || hasBothRoles()).concat(actColumn((cell, r) => {
    setRowButton(cell, 'Disconnect', r.name, r, disconnect);
    cell.firstChild.disabled = r.state !== 'up';
  }));
}

function actColumn(show) {
  return isAdmin() ? [{ key: 'act', label: 'Actions', unseen: true, narrow: 's', number: true, show }] : [];
}

const refusals = (port) => format.sum(port.refused) + format.sum(port.failed);

function portColumns() {
  const speeds = (port) => rates(store.history.ports[port.bind]);
  return [
    { key: 'bind', label: 'Address', sort: true, value: (p) => p.bind, show: (cell, p) => setLink(cell, p.bind, portPath(p.bind)) },
    { key: 'type', label: 'Type', narrow: 'm', sort: true, value: (p) => p.type, show: (cell, p) => setText(cell, p.type) },
    { key: 'remote', label: 'Remote', narrow: 's', sort: true, value: (p) => p.remote, show: (cell, p) => setLink(cell, p.remote, `#/remotes/${encodeURIComponent(p.remote)}`, '', false) },
    { key: 'target', label: 'Target', narrow: 'l', sort: true, value: (p) => p.target, show: (cell, p) => { cell.classList.add('mono'); setText(cell, p.target); } },
    { key: 'state', label: 'State', narrow: 'm', sort: true, value: (p) => String(p.listening), show: (cell, p) => setBadge(cell, p.listening ? 'listening' : p.trouble, p.listening ? 'good' : 'bad') },
    { key: 'live', label: 'Live', tip: 'Connections that are open', number: true, sort: true, value: (p) => p.live, show: (cell, p) => number(cell, p.live) },
    { key: 'total', label: 'Total', tip: 'Connections since the start', narrow: 'l', number: true, sort: true, value: (p) => p.total, show: (cell, p) => number(cell, p.total) },
    { key: 'rateIn', label: 'In', tip: 'Bytes per second from users', number: true, sort: true, value: (p) => speeds(p).in, show: (cell, p) => speed(cell, speeds(p).in) },
    { key: 'rateOut', label: 'Out', tip: 'Bytes per second for users', number: true, sort: true, value: (p) => speeds(p).out, show: (cell, p) => speed(cell, speeds(p).out) },
    { key: 'spark', label: 'Last 2 min', narrow: 'm', show: (cell, p) => showSpark(cell, store.history.ports[p.bind]) },
    { key: 'in', label: 'In, sum', tip: 'Bytes from users since the start', narrow: 'l', number: true, sort: true, value: (p) => p.bytesIn, show: (cell, p) => amount(cell, p.bytesIn) },
    { key: 'out', label: 'Out, sum', tip: 'Bytes for users since the start', narrow: 'l', number: true, sort: true, value: (p) => p.bytesOut, show: (cell, p) => amount(cell, p.bytesOut) },
    { key: 'refused', label: 'Refused', tip: 'Users who were refused, and targets that could not be had', narrow: 's', number: true, sort: true, value: refusals,
      show: (cell, p) => setText(cell, format.number(refusals(p)), format.listed({ ...p.refused, ...p.failed })) },
  ];
}

/** A table that sorts and finds here; there are few enough. */
class List {
  constructor(name, what, columns, key, text) {
    this.what = what;
    this.text = text;
    this.rows = [];
    this.field = find(`${name}-find`);
    this.note = find(`${name}-note`);
    this.table = new Table(find(`${name}-table`), { caption: what, columns, key, sort: '', onSort: () => this.refresh() });
    this.field.addEventListener('input', () => this.refresh());
  }

  show(rows) {
    this.rows = rows;
    this.refresh();
  }

  refresh() {
    const wanted = this.field.value.trim().toLowerCase();
    const found = this.table.sorted(this.rows.filter((row) => this.text(row).toLowerCase().includes(wanted)));
    this.table.show(found.slice(0, MOST_ROWS));
    this.note.textContent = found.length > MOST_ROWS
      ? `${format.plural(found.length - MOST_ROWS, 'more is', 'more are')} not shown. Find narrows it down.`
      : found.length === 0 && this.rows.length > 0 ? 'None is like that.' : '';
    this.field.parentElement.hidden = this.rows.length < 8 && wanted === '';
  }
}

/** Made when the roles and the user are known, which the columns depend on. */
export function makeLists() {
  const remotes = new List('remotes', 'Remotes', remoteColumns(), (r) => `${r.role}/${r.name}`, (r) => `${r.name} ${r.address ?? ''} ${r.state}`);
  const ports = new List('ports', 'Exposed ports', portColumns(), (p) => p.bind, (p) => `${p.bind} ${p.remote} ${p.target} ${p.type}`);
  return {
    show() {
      remotes.show(store.remotes);
      ports.show(store.ports);
    },
  };
}
