// One remote: what it is like, what is configured of it, and what admins do with it.

import { button, closeMatching, disconnect } from './acts.js';
import { Allowed } from './allow.js';
import { Refused } from './api.js';
import { connectionsPath } from './connections.js';
import { element, setText, theirs } from './dom.js';
import * as format from './format.js';
import { eventsPath } from './events.js';
import { isTemplate, isUp, showState, trouble } from './lists.js';
import { changeRemote, deleteRemote, enableRemote, isOurs } from './manage.js';
import { amount, card, Facts, mono, Reasons, scrolled } from './parts.js';
import { RemoteHosts } from './remote-hosts.js';
import { RemotePorts } from './remote-ports.js';
import { hasServer, mayChange, mayClose, remotesTitle, store } from './store.js';
import { Table } from './table.js';
import { Tokens } from './tokens.js';

const ofServer = (name) => store.remotes.find((remote) => remote.name === name && remote.role === 'server');

export function remoteDetail(name, parameters) {
  const facts = new Facts();
  const closed = new Reasons('Connections that ended', 'How many');
  const known = ofServer(name);
  const isServer = known !== undefined && parameters.role !== 'client';
  const managed = isServer ? manageActs(name) : { buttons: [], refresh: () => {} };
  const mayEdit = isOurs(known);
  const ports = isServer ? new RemotePorts(name, mayEdit) : undefined;
  const hosts = isServer ? new RemoteHosts(name, mayEdit) : undefined;
  const tokens = isServer ? new Tokens(name, scrolled, mayEdit) : undefined;
  const own = isServer ? undefined : new Allowed();
  const problems = element('ul', { class: 'warnings', 'aria-label': 'Problems' });
  const table = element('table');
  const tunnels = new Table(table, {
    caption: 'Tunnels', sort: '', key: (t) => t.address, onSort: () => {},
    columns: [
      { key: 'address', label: 'Other end', show: (cell, t) => mono(t.address)(cell) },
      { key: 'security', label: 'Security', show: (cell, t) => setText(cell, t.security) },
      { key: 'since', label: 'Up for', narrow: 's', number: true, show: (cell, t) => setText(cell, format.since(t.since), format.date(t.since)) },
      { key: 'trip', label: 'Round trip', number: true, show: (cell, t) => setText(cell, format.millis(t.roundTripMillis)) },
      { key: 'streams', label: 'Connections', number: true, show: (cell, t) => setText(cell, format.number(t.streams)) },
      { key: 'available', label: 'Accepts new connections', narrow: 's', show: (cell, t) => setText(cell, t.available ? 'yes' : 'no') },
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
  acts.push(...managed.buttons);
  return {
    title: name, trail: [remotesTitle(), '#/remotes'], acts,
    content: [problems, card('Remote', facts.list), ...(isServer ? [ports.card, hosts.card, tokens.card] : own.cards), card('Tunnels', scrolled('Table of tunnels', table)), closed.card],
    /** It is another's now, or there since. */
    isStale: () => ofServer(name)?.origin !== known?.origin,
    async refresh() {
      shown = store.remotes.find((r) => r.name === name && r.role === (parameters.role || r.role));
      if (!shown) {
        throw new Refused(404, `There is no remote ${name}.`);
      }
      showProblems(problems, shown);
      facts.show(remoteFacts(shown));
      managed.refresh();
      own?.show(shown);
      ports?.show(shown);
      hosts?.show(shown);
      await tokens?.refresh(shown);
      tunnels.show(shown.tunnels);
      closed.show(shown.streams.closed);
    },
  };
}

function showProblems(list, { origin, problems }) {
  const texts = problems.map((problem) => `Not exposed: ${problem}`);
  if ([...list.children].map((each) => each.textContent).join() !== texts.join()) {
    list.replaceChildren(...texts.map((text) => element('li', { class: `message ${origin === 'store' ? 'bad' : 'warn'}` }, text)));
  }
}

function remoteFacts(remote) {
  const facts = [
    ['State', (cell) => showState(cell, remote)],
    ['Dialect', remote.dialect],
    [isUp(remote) ? 'Address' : 'Last address', mono(remote.address ?? remote.lastEnd?.address)],
    ...(isTemplate(remote) ? [] : [[isUp(remote) ? 'Up for' : 'Away for', format.since(remote.since), format.date(remote.since)]]),
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
    : facts.concat([['Last refused', remote.lastRefusal ? `${format.ago(remote.lastRefusal.at)}, from ${remote.lastRefusal.address}: ${remote.lastRefusal.message}` : 'never', format.date(remote.lastRefusal?.at)], ['Processes', format.number(remote.instances)], ...declaration(remote)]);
}

const MOST_NAMED = 5;

/** An access list may be long: so many of it are shown. */
const some = (list) => list.slice(0, MOST_NAMED).join(', ') + (list.length > MOST_NAMED ? ` and ${format.number(list.length - MOST_NAMED)} more` : '');

/** Which users its own lists let in. */
function whoMayConnect(access) {
  if (!access) {
    return 'as the server’s lists say';
  }
  const { allow = [], deny = [] } = access;
  return `${allow.length > 0 ? some(allow) : 'everybody'}${deny.length > 0 ? `, but not ${some(deny)}` : ''}`;
}

/** What is configured of it, and where. */
const declaration = (remote) => [
  ['Description', remote.description || format.NONE],
  ['Declared in', remote.file ?? 'the store of this server'],
  ['Who may use the name', remote.anonymous ? 'anybody' : 'whoever has a token'],
  ['Users who may connect', whoMayConnect(remote.access)],
];

/** The acts of admins, of which those are shown that the remote's origin leaves. */
function manageActs(name) {
  const acts = {
    change: button('Change', () => changeRemote(name)),
    enable: button('Enable', () => enableRemote(name, true)),
    disable: button('Disable', () => enableRemote(name, false)),
    delete: button('Delete', async () => {
      if (await deleteRemote(name)) {
        location.hash = '#/remotes';
      }
    }),
  };
  const refresh = () => {
    const remote = ofServer(name);
    Object.values(acts).forEach((each) => {
      each.hidden = !isOurs(remote);
    });
    acts.enable.hidden ||= remote.enabled;
    acts.disable.hidden ||= !remote.enabled;
  };
  return { buttons: mayChange() ? Object.values(acts) : [], refresh };
}
