// The tables of remotes and of exposed ports.

import { disconnect, setRowButton } from './acts.js';
import { element, find, setBadge, setLink, setText } from './dom.js';
import * as format from './format.js';
import { query } from './api.js';
import { showSpark } from './spark.js';
import { hasBothRoles, mayClose, rates, store } from './store.js';
import { Table } from './table.js';

/** Rows that a page has at most; the field to find some is for the others. */
const MOST_ROWS = 200;

/** Rows on the overview: what is in trouble comes first. */
const FEW_ROWS = 10;

const number = (cell, value) => setText(cell, format.number(value));
const amount = (cell, value) => setText(cell, format.bytes(value), format.exactBytes(value));
const speed = (cell, value) => setText(cell, value === 0 ? '0' : format.rate(value), format.exactRate(value));

export const remotePath = (remote) =>
  `#/remotes/${encodeURIComponent(remote.name)}${hasBothRoles() && remote.role === 'client' ? '?role=client' : ''}`;
export const portPath = (bind) => `#/ports/${encodeURIComponent(bind)}`;

export const isUp = (remote) => remote.state === 'up';
export const isTemplate = (remote) => remote.state === 'template';

export function showState(cell, remote) {
  if (!remote.enabled) {
    setBadge(cell, 'disabled', 'plain', 'It is refused, and its users are reset, until it is enabled');
    return;
  }
  if (isTemplate(remote)) {
    setBadge(cell, 'template', 'plain', 'Its remotes are listed separately while they have a tunnel or a port');
    return;
  }
  setBadge(cell, remote.state, isUp(remote) ? 'good' : 'bad', `since ${format.date(remote.since)}. ${trouble(remote)}`.trim());
}

/** The last refusal of a remote's name, if the name has had no tunnel since. */
function openRefusal({ lastRefusal, lastEnd, state, since }) {
  const before = state === 'up' ? since : lastEnd?.at;
  return lastRefusal && (!before || Date.parse(lastRefusal.at) > Date.parse(before)) ? lastRefusal : undefined;
}

/** What is wrong with a remote; "" if nothing is. */
export function trouble(remote) {
  if (remote.problems.length > 0) {
    return `not exposed: ${remote.problems.join('; ')}`;
  } else if (!remote.enabled) {
    return '';
  }
  const refusal = openRefusal(remote);
  if (refusal) {
    return `refused ${format.ago(refusal.at)}, from ${refusal.address}: ${refusal.message}`;
  } else if (isUp(remote) || isTemplate(remote)) {
    return '';
  } else if (remote.role === 'client') {
    return remote.lastFailure ?? 'not connected yet';
  }
  return remote.lastEnd ? `${remote.lastEnd.message} (last from ${remote.lastEnd.address})` : 'has not connected since the start';
}

const PORT_STATES = { ready: 'ready', disabled: 'disabled', remote_away: 'remote away', limit: 'at its limit', limit_connections: 'at its limit', quota: 'quota used up', dialect: 'wrong dialect', proxy_protocol: 'no PROXY protocol', not_listening: 'not listening' };
const PORT_TIPS = { ready: 'Users are connected to the target', disabled: 'Users are reset: the port, or its remote, is disabled', remote_away: 'Users are reset: the remote is away', limit: 'Users are reset: the limit of connections is reached', limit_connections: 'Users are reset: there are as many connections as the limits allow', quota: 'Users are reset: a quota of the port, or of its remote, is used up', dialect: 'Users are refused: the remote speaks the classic dialect, or is of an older version, and cannot do this', proxy_protocol: 'Users are reset: the remote cannot write a header of the PROXY protocol' };
const NO_DATAGRAMS = 'Datagrams are dropped: the remote speaks the classic dialect, or is of an older version, and cannot carry them';

const portState = (port) => (port.type === 'udp' && port.state === 'dialect' ? 'no UDP' : PORT_STATES[port.state] ?? format.words(port.state));

/** What a user meets at a port. */
export function showPortState(cell, port) {
  if (port.denied && port.state === 'ready') {
    setBadge(cell, 'target refused', 'bad', `The remote does not allow this target, and refused it ${format.ago(port.denied)}. Change the remote’s own list.`);
    return;
  }
  const tone = port.state === 'ready' ? 'good' : port.state.startsWith('limit') ? 'warn' : 'bad';
  const tip = port.type === 'udp' && port.state === 'dialect' ? NO_DATAGRAMS : PORT_TIPS[port.state];
  setBadge(cell, portState(port), tone, port.trouble ?? tip ?? '');
}

function remoteColumns() {
  const columns = [
    { key: 'name', label: 'Name', sort: true, value: (r) => r.name, show: (cell, r) => setLink(cell, r.name, remotePath(r), '', false) },
    { key: 'state', label: 'State', sort: true, value: (r) => r.state, show: showState },
    { key: 'role', label: 'Seen at', sort: true, value: (r) => r.role, show: (cell, r) => setText(cell, r.role === 'server' ? 'server' : 'remote') },
    { key: 'dialect', label: 'Dialect', narrow: 'm', sort: true, value: (r) => r.dialect ?? '', show: (cell, r) => setText(cell, r.dialect ?? format.NONE) },
    { key: 'address', label: 'Address', narrow: 'l', sort: true, value: (r) => r.address ?? '', show: (cell, r) => { cell.classList.add('mono'); setText(cell, r.address ?? format.NONE); } },
    { key: 'since', label: 'For', tip: 'How long it has been up or away', number: true, sort: true, value: (r) => (r.since ? Date.now() - Date.parse(r.since) : 0), show: (cell, r) => (isTemplate(r) ? setText(cell, format.NONE) : setText(cell, format.since(r.since), format.date(r.since))) },
    { key: 'origin', label: 'Declared in', tip: 'A file, or the store of this server', narrow: 'l', sort: true, value: (r) => r.file ?? r.origin ?? '', show: (cell, r) => setText(cell, r.origin ?? format.NONE, r.file ?? '') },
    { key: 'trouble', label: 'Trouble', narrow: 'm', show: (cell, r) => { cell.classList.add('long'); setText(cell, trouble(r), trouble(r)); } },
    { key: 'trip', label: 'Round trip', tip: 'The shortest of the last ones', narrow: 's', number: true, sort: true, value: (r) => r.roundTripMillis ?? -1, show: (cell, r) => setText(cell, format.millis(r.roundTripMillis)) },
    { key: 'live', label: 'Open', tip: 'Open connections', narrow: 's', number: true, sort: true, value: (r) => r.streams.live, show: (cell, r) => setText(cell, format.number(r.streams.live), `${format.number(r.streams.total)} since the start`) },
    { key: 'in', label: 'In', tip: 'Bytes from users', narrow: 's', number: true, sort: true, value: (r) => r.streams.bytesIn, show: (cell, r) => amount(cell, r.streams.bytesIn) },
    { key: 'out', label: 'Out', tip: 'Bytes for users', narrow: 's', number: true, sort: true, value: (r) => r.streams.bytesOut, show: (cell, r) => amount(cell, r.streams.bytesOut) },
  ];
  return columns.filter((column) => column.key !== 'role' || hasBothRoles()).concat(actColumn((cell, r) => {
    setRowButton(cell, 'Disconnect', r.name, r, disconnect);
    cell.firstChild.disabled = !isUp(r);
  }));
}

function actColumn(show) {
  return mayClose() ? [{ key: 'act', label: 'Actions', unseen: true, narrow: 's', number: true, show }] : [];
}

const refusals = (port) => format.sum(port.refused) + format.sum(port.failed);

function portColumns() {
  const speeds = (port) => rates(store.history.ports[port.bind]);
  return [
    { key: 'bind', label: 'Address', sort: true, value: (p) => p.bind, show: (cell, p) => setLink(cell, p.bind, portPath(p.bind)) },
    { key: 'type', label: 'Type', narrow: 'm', sort: true, value: (p) => p.type, show: (cell, p) => setText(cell, p.type) },
    { key: 'remote', label: 'Remote', sort: true, value: (p) => p.remote, show: (cell, p) => setLink(cell, p.remote, `#/remotes/${encodeURIComponent(p.remote)}`, '', false) },
    { key: 'target', label: 'Target', narrow: 'l', sort: true, value: (p) => p.target, show: (cell, p) => { cell.classList.add('mono'); setText(cell, p.target); } },
    { key: 'state', label: 'State', tip: 'What happens to users who connect now', sort: true, value: (p) => p.state, show: showPortState },
    { key: 'live', label: 'Open', tip: 'Open connections', narrow: 's', number: true, sort: true, value: (p) => p.live, show: (cell, p) => number(cell, p.live) },
    { key: 'total', label: 'Total', tip: 'Connections since the start', narrow: 'l', number: true, sort: true, value: (p) => p.total, show: (cell, p) => number(cell, p.total) },
    { key: 'rateIn', label: 'In', tip: 'Bytes per second from users', narrow: 's', number: true, sort: true, value: (p) => speeds(p).in, show: (cell, p) => speed(cell, speeds(p).in) },
    { key: 'rateOut', label: 'Out', tip: 'Bytes per second for users', narrow: 's', number: true, sort: true, value: (p) => speeds(p).out, show: (cell, p) => speed(cell, speeds(p).out) },
    { key: 'spark', label: 'Last 2 min', narrow: 'm', show: (cell, p) => showSpark(cell, store.history.ports[p.bind]) },
    { key: 'in', label: 'Total in', tip: 'Bytes from users since the start', narrow: 'l', number: true, sort: true, value: (p) => p.bytesIn, show: (cell, p) => amount(cell, p.bytesIn) },
    { key: 'out', label: 'Total out', tip: 'Bytes for users since the start', narrow: 'l', number: true, sort: true, value: (p) => p.bytesOut, show: (cell, p) => amount(cell, p.bytesOut) },
    { key: 'refused', label: 'Refused', tip: 'Refused users, and targets that could not be reached', narrow: 's', number: true, sort: true, value: refusals,
      show: (cell, p) => setText(cell, format.number(refusals(p)), format.listed({ ...p.refused, ...p.failed })) },
  ];
}

/** A table that sorts and finds here; there are few enough. Without another order, what is in trouble comes first. */
class List {
  constructor(name, what, columns, key, { text, isWell, none }) {
    this.name = name;
    this.what = what;
    this.text = text;
    this.isWell = isWell;
    this.none = none;
    this.rows = [];
    this.field = find(`${name}-find`);
    this.note = find(`${name}-note`);
    this.all = element('a', { href: `#/${name}` });
    this.table = new Table(find(`${name}-table`), { caption: what, columns, key, sort: '', onSort: () => this.refresh() });
    this.field.addEventListener('input', () => this.typed());
  }

  /** Shows the part that the address names. */
  open(page, parameters) {
    this.most = page === 'overview' ? FEW_ROWS : MOST_ROWS;
    this.page = page;
    if (document.activeElement !== this.field) {
      this.field.value = page === this.name ? parameters.find ?? '' : '';
    }
    this.refresh();
  }

  typed() {
    if (this.page === this.name) {
      history.replaceState(null, '', `#/${this.name}${query({ find: this.field.value.trim() })}`);
    }
    this.refresh();
  }

  show(rows) {
    this.rows = this.table.sort ? rows : [...rows.filter((row) => !this.isWell(row)), ...rows.filter(this.isWell)];
    this.refresh();
  }

  refresh() {
    const wanted = this.field.value.trim().toLowerCase();
    const found = this.table.sorted(this.rows.filter((row) => this.text(row).toLowerCase().includes(wanted)));
    this.table.show(found.slice(0, this.most));
    this.showNote(found.length, found.length - this.most);
    this.field.parentElement.hidden = this.rows.length < 8 && wanted === '';
  }

  showNote(found, more) {
    const isPart = more > 0 && this.most === FEW_ROWS;
    if (isPart) {
      setText(this.all, `All ${format.number(this.rows.length)}`);
    }
    if (isPart !== this.all.isConnected) {
      this.note.replaceChildren(...(isPart ? [this.all] : []));
    }
    if (!isPart) {
      setText(this.note, more > 0 ? `${format.plural(more, 'more is', 'more are')} not shown. Use Find to see fewer.` : found > 0 ? '' : this.rows.length > 0 ? 'Nothing matches. Change or clear the search.' : this.none);
    }
  }
}

/** Made when the roles and the user are known, which the columns depend on. */
export function makeLists() {
  const remotes = new List('remotes', 'Remotes', remoteColumns(), (r) => `${r.role}/${r.name}`,
    { text: (r) => `${r.name} ${r.address ?? ''} ${r.state} ${trouble(r)}`, isWell: (r) => trouble(r) === '', none: 'No remotes yet. A remote is a machine whose services this server exposes: add one first.' });
  const ports = new List('ports', 'Exposed ports', portColumns(), (p) => p.bind,
    { text: (p) => `${p.bind} ${p.remote} ${p.target} ${p.type} ${portState(p)}`, isWell: (p) => p.state === 'ready' && !p.denied, none: 'No exposed ports yet. Add one on the page of a remote.' });
  return {
    open(page, parameters) {
      remotes.open(page, parameters);
      ports.open(page, parameters);
    },
    show() {
      remotes.show(store.remotes);
      ports.show(store.ports);
    },
  };
}
