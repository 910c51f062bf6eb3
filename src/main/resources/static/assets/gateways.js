// The table of gateways, and what admins change of them.

import { button, setRowButton } from './acts.js';
import { change, readTagged } from './api.js';
import { complain, confirmed, element, find, say, setBadge, setText, theirs } from './dom.js';
import { failure, openForm } from './form.js';
import * as format from './format.js';
import { act, changed } from './manage.js';
import { mayChange, store } from './store.js';
import { Table } from './table.js';

const path = (name) => `gateways/${encodeURIComponent(name)}`;

const listed = (text) => text.split(',').map((each) => each.trim()).filter(Boolean);

/** A text that is a number goes as one; the server says what is wrong with others. */
const numeral = (text) => (/^\d+$/.test(text) ? Number(text) : text || null);

const isTls = ({ tls }) => tls !== 'none';
const NAME = { name: 'name', label: 'Name', placeholder: 'web', hint: 'The name that hosts use: letters, digits and hyphens.' };
const FIELDS = [
  { name: 'bind', label: 'Address', placeholder: '0.0.0.0:443', hint: 'Where users connect: a port, for all addresses of this machine, or host:port.' },
  { name: 'tls', pointer: '/ssl/acme', label: 'TLS', options: [['none', 'none: plain HTTP'], ['bundle', 'certificates of SSL bundles'], ['acme', 'certificates by ACME']], hint: 'How connections of users are encrypted.' },
  { name: 'bundles', pointer: '/ssl/bundles', label: 'SSL bundles', placeholder: 'sites', hint: 'Names in spring.ssl.bundle, separated by commas. Users who ask for no name get the first.', when: ({ tls }) => tls === 'bundle' },
  { name: 'redirectToHttps', kind: 'check', label: 'Redirect to https', hint: 'To the first gateway with TLS.', when: (values) => !isTls(values) },
  { name: 'publicPort', label: 'Port that users see', placeholder: 'that of the address', hint: 'If another port leads to this one, such as that of a container.' },
  { name: 'tunnel', label: 'Name for remotes', placeholder: 'none', hint: 'A name at which remotes can connect here too.', when: isTls },
  { name: 'requestTimeout', label: 'Time for a request head', placeholder: '10s', hint: 'Empty for the default.' },
  { name: 'maxPending', label: 'Users who have not sent a request', placeholder: '10000', hint: 'At a time. Empty for the default.' },
  { name: 'maxRequestHead', label: 'Longest request head', placeholder: '32KB', hint: 'Of the first request of a connection. Empty for the default.' },
  { name: 'acceptProxyProtocol', label: 'PROXY protocol required from', placeholder: 'nobody', hint: 'Addresses of load balancers in front of this gateway, such as 10.0.0.0/8, separated by commas.' },
];

/** What a form says of a gateway; null is the default. What the form does not have stays as it was. */
const body = ({ bind, tls, bundles, redirectToHttps, publicPort, tunnel, requestTimeout, maxPending, maxRequestHead, acceptProxyProtocol }) => ({
  bind,
  ssl: tls === 'bundle' ? { bundles: listed(bundles) } : tls === 'acme' ? { acme: true } : null,
  redirectToHttps: !isTls({ tls }) && redirectToHttps,
  publicPort: numeral(publicPort),
  tunnel: isTls({ tls }) ? tunnel || null : null,
  requestTimeout: requestTimeout || null,
  maxPending: numeral(maxPending),
  maxRequestHead: maxRequestHead || null,
  acceptProxyProtocol: listed(acceptProxyProtocol),
});

const values = ({ ssl, publicPort, maxPending, acceptProxyProtocol, ...gateway }) => ({
  ...gateway,
  tls: ssl?.acme ? 'acme' : ssl ? 'bundle' : 'none',
  bundles: (ssl?.bundle ? [ssl.bundle] : ssl?.bundles ?? []).join(', '),
  publicPort: publicPort == null ? '' : String(publicPort),
  maxPending: String(maxPending),
  acceptProxyProtocol: (acceptProxyProtocol ?? []).join(', '),
});

export const addGateway = () => openForm(['Add a gateway'], {
  act: 'Add',
  fields: [NAME, ...FIELDS],
  values: { tls: 'none' },
  send: ({ name, ...rest }, dryRun) => change('PUT', path(name || '?'), { body: body(rest), dryRun, fresh: true }),
  done: () => {
    say('Added the gateway.');
    changed();
  },
});

async function changeGateway({ name }) {
  let seen;
  const renew = async () => {
    seen = await readTagged(path(name));
    return values(seen.json);
  };
  try {
    const now = await renew();
    openForm(['Change gateway ', theirs(name)], {
      fields: FIELDS, values: now, renew, act: 'Save',
      send: (said, dryRun) => change('PUT', path(name), { body: { ...seen.json, ...body(said) }, tag: seen.tag, dryRun }),
      done: () => {
        say('Changed gateway ', theirs(name), '.');
        changed();
      },
    });
  } catch (e) {
    complain(failure(e));
  }
}

const deleteGateway = ({ name }) => act(path(name),
  ({ bind }) => confirmed(['Delete gateway ', theirs(name), '?'], [`${bind} is closed at once. Open connections go on until they end.`], 'Delete'),
  (tag) => change('DELETE', path(name), { tag }), ['Deleted gateway ', theirs(name), '.']);

/** Buttons that act on the row as it is then; those of files are changed there. */
function setActs(cell, gateway) {
  if (gateway.origin !== 'store') {
    cell.replaceChildren();
    return;
  }
  if (!cell.firstChild) {
    const acts = [['Change', changeGateway], ['Delete', deleteGateway]];
    cell.append(element('div', { class: 'row-acts' }, ...acts.map(() => element('span'))));
    acts.forEach(([text, does], index) => setRowButton(cell.firstChild.children[index], text, `gateway ${gateway.name}`, gateway, does));
  }
  [...cell.firstChild.children].forEach((each) => {
    each.row = gateway;
  });
}

function showState(cell, { problems, trouble }) {
  if (problems.length > 0 || trouble) {
    setBadge(cell, 'not open', 'bad', problems.join('; ') || trouble);
  } else {
    setBadge(cell, 'open', 'good');
  }
}

function tlsText({ tls, ssl, redirectToHttps }) {
  return tls ? (ssl?.acme ? 'by ACME' : [ssl?.bundle, ...(ssl?.bundles ?? [])].filter(Boolean).join(', ')) : redirectToHttps ? 'redirects to https' : 'none';
}

const columns = () => [
  { key: 'name', label: 'Name', show: (cell, g) => setText(cell, g.name) },
  { key: 'address', label: 'Address', show: (cell, g) => { cell.classList.add('mono'); setText(cell, g.address ?? g.bind); } },
  { key: 'tls', label: 'TLS', narrow: 'm', show: (cell, g) => setText(cell, tlsText(g)) },
  { key: 'state', label: 'State', show: showState },
  { key: 'origin', label: 'Declared in', narrow: 'l', show: (cell, g) => setText(cell, g.origin, g.file ?? '') },
  { key: 'pending', label: 'Waiting', tip: 'Users whose first request is not complete', narrow: 's', number: true, show: (cell, g) => setText(cell, format.number(g.pending)) },
  { key: 'unknown', label: 'Not found', tip: 'Requests for an unknown host or path, since the start', narrow: 's', number: true, show: (cell, g) => setText(cell, format.number(g.unknown)) },
  ...(mayChange() ? [{ key: 'act', label: 'Actions', unseen: true, number: true, show: setActs }] : []),
];

let table;

/** Shows them. */
export function showGateways() {
  if (!table) {
    table = new Table(find('gateways-table'), { caption: 'Gateways', columns: columns(), key: (g) => `${g.origin} ${g.name}`, sort: '', onSort: () => {} });
    find('gateways-acts').replaceChildren(...(mayChange() ? [button('Add a gateway', addGateway)] : []));
  }
  table.show(store.gateways);
  setText(find('gateways-empty'), store.gateways.length > 0 ? '' : 'No gateway yet. A gateway is one address for the web applications of many remotes: add one, then add hosts on the page of a remote.');
}

export const hasGateways = () => store.gateways.length > 0;
