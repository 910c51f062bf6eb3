// One port, one connection.

import { button, closeConnection, closeMatching } from './acts.js';
import { read, Refused } from './api.js';
import { connectionsPath, showConnectionState } from './connections.js';
import { element, find } from './dom.js';
import * as format from './format.js';
import { eventsPath } from './events.js';
import { portPath, showPortState } from './lists.js';
import { changePort, deletePort, enablePort, isOurs } from './manage.js';
import { amount, card, Facts, gone, link, mono, Reasons, Throughput } from './parts.js';
import { hasBothRoles, mayClose, store } from './store.js';

const MOST_SAMPLES = 150;

/** Who declares the port, and as what. */
function declared(bind) {
  for (const remote of store.remotes) {
    const port = remote.ports.find((each) => each.address === bind);
    if (port) {
      return { remote, port };
    }
  }
  return undefined;
}

/** The acts of admins, where the port is the store's. */
function portActs(bind) {
  const found = declared(bind);
  if (!isOurs(found?.remote)) {
    return { buttons: [], refresh: () => {} };
  }
  const [remote, port] = [found.remote.name, found.port.name];
  const enable = button('Enable', () => enablePort(remote, port, true));
  const disable = button('Disable', () => enablePort(remote, port, false));
  return {
    buttons: [button('Change', () => changePort(remote, port)), enable, disable, button('Delete', async () => {
      if (await deletePort(remote, port)) {
        location.hash = `#/remotes/${encodeURIComponent(remote)}`;
      }
    })],
    refresh() {
      enable.hidden = declared(bind)?.port.enabled ?? true;
      disable.hidden = !enable.hidden;
    },
  };
}

export function portDetail(bind) {
  const facts = new Facts();
  const throughput = new Throughput();
  const refused = new Reasons('Users refused', 'How many');
  const closed = new Reasons('Connections that ended', 'How many');
  const dropped = new Reasons('Datagrams dropped', 'How many');
  dropped.card.hidden = true;
  let shown;
  const acts = [element('a', { class: 'button', href: connectionsPath({ port: bind }) }, 'Its connections'), element('a', { class: 'button', href: eventsPath({ search: bind }) }, 'Its events')];
  if (mayClose()) {
    acts.push(button('Close its connections', () => closeMatching({ port: bind }, [`to ${bind}`], shown?.live ?? 0)));
  }
  const managed = portActs(bind);
  acts.push(...managed.buttons);
  return {
    title: bind, trail: ['Ports', '#/ports'], acts,
    content: [card('Port', facts.list), throughput.card, refused.card, closed.card, dropped.card],
    stop: () => throughput.plot.stop(),
    async refresh() {
      shown = store.ports.find((port) => port.bind === bind);
      if (!shown) {
        throw new Refused(404, `No exposed port is ${bind}.`);
      }
      managed.refresh();
      facts.show([
        ['State', (cell) => showPortState(cell, shown)],
        ['Trouble', shown.trouble ?? (shown.denied ? `the remote does not allow its target, and refused it ${format.ago(shown.denied)}` : 'none'), format.date(shown.denied)],
        ['Type', shown.type],
        ['Remote', link(shown.remote, `#/remotes/${encodeURIComponent(shown.remote)}`)],
        ['Target', mono(shown.target)],
        ['Name', declared(bind)?.port.name],
        ['Declared in', declared(bind)?.remote.file ?? 'the store of this server'],
        ['Open connections', format.number(shown.live)],
        ['Connections in all', format.number(shown.total)],
        amount('In, from users', shown.bytesIn),
        amount('Out, for users', shown.bytesOut),
        ...datagramFacts(shown),
      ]);
      throughput.show(store.history.at, store.history.ports[bind] ?? { bytesIn: [], bytesOut: [] });
      refused.show(shown.refused);
      closed.show(shown.closed);
      dropped.card.hidden = shown.type !== 'udp';
      dropped.show(shown.datagramsDropped);
    },
  };
}

/** What only a port of type udp has. */
const datagramFacts = (port) => (port.type === 'udp' ? [
  ['Datagrams in', format.number(port.datagramsIn)],
  ['Datagrams out', format.number(port.datagramsOut)],
  ['Sessions replaced', format.number(port.sessionsReplaced), 'Ended to make room for new ones, because there were as many as the port may have'],
] : []);

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
          showEnd(`This connection ended at ${format.clock(shown.ended)}: ${format.words(shown.reason ?? 'for an unknown reason')}.${shown.message ? ` ${shown.message}` : ''}`);
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
    ['Why it ended', c.ended ? format.words(c.reason ?? 'unknown') : format.NONE, c.message ?? ''],
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
