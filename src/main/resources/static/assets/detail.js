// One remote, one port, one connection.

import { button, closeConnection, closeMatching, disconnect } from './acts.js';
import { read, Refused } from './api.js';
import { connectionsPath, showConnectionState } from './connections.js';
import { element, find, setLink, setText, theirs } from './dom.js';
import * as format from './format.js';
import { eventsPath } from './events.js';
import { isUp, portPath, showPortState, showState, trouble } from './lists.js';
import { Plot, showLegend } from './plot.js';
import { hasBothRoles, hasServer, mayClose, remotesTitle, store } from './store.js';
import { Table } from './table.js';

const MOST_SAMPLES = 150;

const card = (title, ...content) => element('section', { class: 'card' }, element('div', { class: 'card-head' }, element('h2', {}, title)), ...content);

/** Names and values, refreshed in place. Each is [name, value, tip] or [name, show(cell)]. */
class Facts {
  constructor() {
    this.list = element('dl', { class: 'facts' });
  }

  show(facts) {
    facts.forEach(([name, value, tip], index) => {
      const box = this.list.children[index] ?? this.list.appendChild(element('div', {}, element('dt'), element('dd')));
      setText(box.firstChild, name);
      if (typeof value === 'function') {
        value(box.lastChild);
      } else {
        setText(box.lastChild, value ?? format.NONE, tip);
      }
    });
  }
}

const mono = (text) => (cell) => {
  cell.classList.add('mono');
  setText(cell, text ?? format.NONE);
};
const link = (text, href) => (cell) => (text ? setLink(cell, text, href) : setText(cell, format.NONE));
const amount = (name, value) => [name, format.bytes(value), format.exactBytes(value)];

function scrolled(label, table) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, table);
}

/** What happened how often, by reason. */
class Reasons {
  constructor(title, what) {
    this.empty = element('p', { class: 'empty' }, 'None yet.');
    const target = element('table');
    this.table = new Table(target, {
      caption: title, sort: '', key: ([reason]) => reason, onSort: () => {},
      columns: [
        { key: 'reason', label: 'Reason', show: (cell, [reason]) => setText(cell, format.words(reason)) },
        { key: 'count', label: what, number: true, show: (cell, [, count]) => setText(cell, format.number(count)) },
      ],
    });
    this.card = card(title, scrolled(title, target), this.empty);
    this.card.classList.add('narrow-card');
  }

  show(counts) {
    const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
    this.table.show(rows);
    this.empty.hidden = rows.length > 0;
  }
}

/** Plots what was moved. */
class Throughput {
  constructor() {
    this.legend = element('p', { class: 'legend' });
    this.picture = element('div', { class: 'plot', role: 'img', 'aria-label': 'Throughput' });
    this.card = card('Throughput', this.picture);
    this.card.firstChild.append(this.legend);
    this.plot = new Plot(this.picture, (index) => showLegend(this.legend, this.plot, index));
  }

  show(at, series) {
    this.plot.show(at, series);
    showLegend(this.legend, this.plot);
  }
}

const gone = (text) => element('p', { class: 'message bad' }, text);

export function remoteDetail(name, parameters) {
  const facts = new Facts();
  const closed = new Reasons('Connections that ended', 'How many');
  const table = element('table');
  const tunnels = new Table(table, {
    caption: 'Tunnels', sort: '', key: (t) => t.address, onSort: () => {},
    columns: [
      { key: 'address', label: 'Other end', show: (cell, t) => mono(t.address)(cell) },
      { key: 'security', label: 'Security', show: (cell, t) => setText(cell, t.security) },
      { key: 'since', label: 'Up for', narrow: 's', number: true, show: (cell, t) => setText(cell, format.since(t.since), format.date(t.since)) },
      { key: 'trip', label: 'Round trip', number: true, show: (cell, t) => setText(cell, format.millis(t.roundTripMillis)) },
      { key: 'streams', label: 'Connections', number: true, show: (cell, t) => setText(cell, format.number(t.streams)) },
      { key: 'available', label: 'Takes new ones', narrow: 's', show: (cell, t) => setText(cell, t.available ? 'yes' : 'no') },
      ...(hasServer() ? [{ key: 'instance', label: 'Process', narrow: 'l', show: (cell, t) => mono(t.instance?.slice(0, 12))(cell) }] : []),
    ],
  });
  let shown;
  const acts = [element('a', { class: 'button', href: connectionsPath({ remote: name }) }, 'Its connections'), element('a', { class: 'button', href: eventsPath({ search: name }) }, 'Its events')];
  if (mayClose()) {
    acts.push(
      button('Close its connections', () => closeMatching({ remote: name, role: shown?.role }, ['of ', theirs(name)], shown?.streams.live ?? 0)),
      button('Disconnect', () => shown && disconnect(shown)),
    );
  }
  return {
    title: name, trail: [remotesTitle(), '#/remotes'], acts,
    content: [card('Remote', facts.list), card('Tunnels', scrolled('Table of tunnels', table)), closed.card],
    async refresh() {
      shown = store.remotes.find((r) => r.name === name && r.role === (parameters.role || r.role));
      if (!shown) {
        throw new Refused(404, `There is no remote ${name}.`);
      }
      facts.show(remoteFacts(shown));
      tunnels.show(shown.tunnels);
      closed.show(shown.streams.closed);
    },
  };
}

function remoteFacts(remote) {
  const facts = [
    ['State', (cell) => showState(cell, remote)],
    ['Dialect', remote.dialect],
    [isUp(remote) ? 'Address' : 'Last address', mono(remote.address ?? remote.lastEnd?.address)],
    [isUp(remote) ? 'Up for' : 'Away for', format.since(remote.since), format.date(remote.since)],
    ['Round trip', format.millis(remote.roundTripMillis)],
    ['Open connections', format.number(remote.streams.live)],
    ['Connections in all', format.number(remote.streams.total)],
    amount('In, from users', remote.streams.bytesIn),
    amount('Out, for users', remote.streams.bytesOut),
    ['Trouble', trouble(remote) || 'none'],
    ['Last tunnel ended', remote.lastEnd ? `${format.ago(remote.lastEnd.at)}: ${remote.lastEnd.message}` : 'none has', format.date(remote.lastEnd?.at)],
  ];
  return remote.role === 'client'
    ? facts.concat([['Server', mono(remote.server)], ['Tunnels that came up', format.number(remote.connects ?? 0)], ['Failures', format.number(remote.failures ?? 0)], ['Last failure', remote.lastFailure ?? 'none']])
    : facts.concat([['Last refused', remote.lastRefusal ? `${format.ago(remote.lastRefusal.at)}, from ${remote.lastRefusal.address}: ${remote.lastRefusal.message}` : 'never', format.date(remote.lastRefusal?.at)], ['Processes', format.number(remote.instances)], ['Exposed at', (cell) => ports(cell, remote.ports.map((port) => port.address ?? port.bind))]]);
}

function ports(cell, binds) {
  if (cell.textContent !== binds.join('')) {
    cell.replaceChildren(...binds.map((bind) => element('a', { class: 'mono each', href: portPath(bind) }, bind)));
  }
}

export function portDetail(bind) {
  const facts = new Facts();
  const throughput = new Throughput();
  const refused = new Reasons('Users refused', 'How many');
  const closed = new Reasons('Connections that ended', 'How many');
  let shown;
  const acts = [element('a', { class: 'button', href: connectionsPath({ port: bind }) }, 'Its connections'), element('a', { class: 'button', href: eventsPath({ search: bind }) }, 'Its events')];
  if (mayClose()) {
    acts.push(button('Close its connections', () => closeMatching({ port: bind }, [`to ${bind}`], shown?.live ?? 0)));
  }
  return {
    title: bind, trail: ['Ports', '#/ports'], acts,
    content: [card('Port', facts.list), throughput.card, refused.card, closed.card],
    stop: () => throughput.plot.stop(),
    async refresh() {
      shown = store.ports.find((port) => port.bind === bind);
      if (!shown) {
        throw new Refused(404, `No exposed port is ${bind}.`);
      }
      facts.show([
        ['State', (cell) => showPortState(cell, shown)],
        ['Trouble', shown.trouble ?? 'none'],
        ['Type', shown.type],
        ['Remote', link(shown.remote, `#/remotes/${encodeURIComponent(shown.remote)}`)],
        ['Target', mono(shown.target)],
        ['Open connections', format.number(shown.live)],
        ['Connections in all', format.number(shown.total)],
        amount('In, from users', shown.bytesIn),
        amount('Out, for users', shown.bytesOut),
      ]);
      throughput.show(store.history.at, store.history.ports[bind] ?? { bytesIn: [], bytesOut: [] });
      refused.show(shown.refused);
      closed.show(shown.closed);
    },
  };
}

/** What one connection moved while it was looked at. */
class Samples {
  constructor() {
    this.at = [];
    this.bytesIn = [];
    this.bytesOut = [];
  }

  add(connection) {
    const now = Date.now();
    if (this.last && now > this.last.now) {
      const perSecond = (field) => ((connection[field] - this.last[field]) * 1000) / (now - this.last.now);
      this.push(this.at, new Date(now).toISOString());
      this.push(this.bytesIn, perSecond('bytesIn'));
      this.push(this.bytesOut, perSecond('bytesOut'));
    }
    this.last = { now, bytesIn: connection.bytesIn, bytesOut: connection.bytesOut };
  }

  push(values, value) {
    values.push(value);
    if (values.length > MOST_SAMPLES) {
      values.shift();
    }
  }
}

export function connectionDetail(identity, parameters) {
  const facts = new Facts();
  const note = element('div');
  const throughput = new Throughput();
  const samples = new Samples();
  let shown;
  const close = button('Close connection', () => shown && closeConnection(shown));
  const showEnd = (text) => {
    close.disabled = true;
    if (!note.firstChild) {
      note.append(gone(text));
    }
  };
  return {
    title: identity, trail: ['Connections', '#/connections'], acts: [element('a', { class: 'button', href: eventsPath({ search: identity }) }, 'Its events'), ...(mayClose() ? [close] : [])],
    content: [note, card('Connection', facts.list), throughput.card],
    stop: () => throughput.plot.stop(),
    async refresh() {
      try {
        shown = await read(`connections/${encodeURIComponent(identity)}`, hasBothRoles() ? { role: parameters.role } : {});
        facts.show(connectionFacts(shown));
        if (shown.ended) {
          showEnd(`This connection ended at ${format.clock(shown.ended)}: ${format.words(shown.reason ?? 'for no known reason')}.${shown.message ? ` ${shown.message}` : ''}`);
        } else {
          samples.add(shown);
          throughput.show(samples.at, samples);
          note.replaceChildren();
        }
      } catch (e) {
        if (!(e instanceof Refused && shown && e.status === 404)) {
          throw e;
        }
        showEnd(`This connection has ended. It was seen last at ${format.clock(Date.now())}.`);
      }
    },
  };
}

function connectionFacts(c) {
  return [
    ['State', (cell) => showConnectionState(cell, c)],
    ['Why it ended', c.ended ? format.words(c.reason ?? 'not known') : format.NONE, c.message ?? ''],
    ['User', mono(c.user)],
    ['Remote', link(c.remote, `#/remotes/${encodeURIComponent(c.remote)}`)],
    ['Port', link(c.port, c.port ? portPath(c.port) : '')],
    ['Target', mono(c.target)],
    ['Seen at', c.role === 'server' ? 'the server' : 'the remote'],
    c.ended ? ['Lasted', format.duration(Date.parse(c.ended) - Date.parse(c.since)), format.date(c.since)] : ['Age', format.since(c.since), format.date(c.since)],
    ['Idle for', c.idleMillis == null ? format.NONE : format.duration(c.idleMillis), c.idleMillis == null ? '' : `${format.number(c.idleMillis)} ms`],
    amount('In, from the user', c.bytesIn),
    amount('Out, for the user', c.bytesOut),
    ['Send window', c.sendWindowBytes == null ? 'none' : format.bytes(c.sendWindowBytes), c.sendWindowBytes == null ? '' : format.exactBytes(c.sendWindowBytes)],
    ['Receive window', c.receiveWindowBytes == null ? 'none' : format.bytes(c.receiveWindowBytes), c.receiveWindowBytes == null ? '' : format.exactBytes(c.receiveWindowBytes)],
    amount('Queued', c.queuedBytes),
    ['Stalled', c.stalledOn ? `${format.duration(c.stalledMillis)}, on the ${c.stalledOn}` : 'no'],
  ];
}

export function showDetail(detail) {
  find('detail').replaceChildren(...detail.content);
}

/** What was named is not there, or not any more. */
export function showMissing(text) {
  find('acts').replaceChildren();
  const box = find('detail');
  if (!box.querySelector('.missing')) {
    box.replaceChildren(element('div', { class: 'missing' }, gone(text)));
  }
}
