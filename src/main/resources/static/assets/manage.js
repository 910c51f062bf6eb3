// What admins change: remotes, their ports and their hosts.

import { button } from './acts.js';
import { change, query, readTagged, remotePath } from './api.js';
import { complain, confirmed, element, keepFocus, say, theirs } from './dom.js';
import { failure, Form, openForm } from './form.js';
import { isEmpty, mayChange } from './store.js';
import { bringUpNew } from './tokens.js';

/** Tells the page that what it shows is out of date. */
export const changed = () => dispatchEvent(new Event('changed'));

/** Only what the store keeps is changed here. */
export const isOurs = (remote) => mayChange() && remote?.origin === 'store';

const BIND = { name: 'bind', label: 'Address here', placeholder: '127.0.0.1:6689', hint: 'Where users connect: a port at 127.0.0.1 of this machine, or host:port, such as 0.0.0.0:6689 for all of its addresses. A range, as in 0.0.0.0:30000-30010, leads to as many ports. For programs of this machine it may be a unix socket, such as unix:/run/portproxy/app.sock.' };
const TARGET = { name: 'remote', label: 'Target at the remote', placeholder: '22', hint: 'A port of the remote itself, host:port as the remote sees it, a range of as many ports as here, or unix:/run/app.sock.' };
const TYPE = { name: 'type', label: 'Type', options: [['tcp', 'tcp: any bytes'], ['http', 'http: with X-Forwarded-For'], ['udp', 'udp: datagrams']], hint: 'tcp if in doubt.' };
const ANONYMOUS = { name: 'anonymous', kind: 'check', wide: true, label: 'Anybody may have this name', hint: 'No token is needed. Only for remotes of the older program.' };
const DESCRIPTION = { name: 'description', label: 'Description', hint: 'For people. Optional.', wide: true };

const isHttp = ({ type }) => type === 'http';
const HTTP = [
  { name: 'hostHeader', label: 'Host', placeholder: 'preserve', hint: 'preserve, rewrite, or a fixed value.', when: isHttp },
  { name: 'forwardedHeaders', label: 'Forwarded headers', options: [['', 'default'], ['add', 'add'], ['none', 'none']], hint: 'Whether requests say where they come from.', when: isHttp },
  { name: 'trustedProxies', label: 'Trusted proxies', placeholder: '10.0.0.0/8', hint: 'Proxies whose Forwarded headers are kept, separated by commas.', when: isHttp },
  { name: 'maxRequestHead', label: 'Longest request head', placeholder: '32KB', hint: 'Empty for the default.', when: isHttp },
  { name: 'responseTimeout', label: 'Time for an answer', placeholder: 'any', hint: 'Such as 30s. If the answer does not begin in time, users get 504.', when: isHttp },
  { name: 'hstsAge', pointer: '/hsts', label: 'HSTS', placeholder: 'none', hint: 'How long browsers use only https, such as 365d.', when: isHttp },
  { name: 'users', pointer: '/auth', label: 'Users who may log in', placeholder: 'no login', hint: 'Separated by commas. Empty: no login. Users who stay in the list keep their passwords.', when: isHttp, wide: true },
  { name: 'passwordOf', label: 'Set the password of', placeholder: 'ann', hint: 'One of these users. Not needed if there is only one.', when: isHttp },
  { name: 'password', label: 'Password', kind: 'password', hint: '8 characters or more. The server keeps only a hash.', when: isHttp },
];

const isUdp = ({ type }) => type === 'udp';
const UDP = [
  { name: 'idleTimeout', label: 'A session ends after', placeholder: '2m', hint: 'Without a datagram.', when: isUdp },
  { name: 'maxSessions', label: 'Sessions', placeholder: '4096', hint: 'At a time.', when: isUdp },
  { name: 'maxSessionsPerUser', label: 'Sessions of one user', placeholder: '64', hint: 'At a time, from one address.', when: isUdp },
  { name: 'replyLimit', label: 'Longest answer', placeholder: 'any', hint: 'Bytes for each byte that a user sends, such as 10: protects others from forged senders.', when: isUdp },
];

const isTcpPort = ({ type }) => type === 'tcp' || type === 'http';
/** Two access lists, and those that apply without them. */
const lists = (others) => [
  { name: 'allow', pointer: '/access/allow', label: 'Who may connect', placeholder: 'all', hint: 'Addresses and ranges, such as 192.0.2.0/24, separated by commas. Empty: everybody who is not denied.', wide: true },
  { name: 'deny', pointer: '/access/deny', label: 'Who may not connect', placeholder: 'nobody', hint: `Addresses and ranges. If both are empty, ${others}`, wide: true },
];
const WHO = [
  ...lists('the remote’s lists apply.'),
  { name: 'proxyProtocol', label: 'PROXY protocol for the target', options: [['', 'none'], ['v1', 'v1: text'], ['v2', 'v2: binary']], hint: 'Tells the target the user’s address. The target must expect it. For udp, only v2.' },
  { name: 'acceptProxyProtocol', label: 'PROXY protocol required from', placeholder: 'nobody', hint: 'Addresses of load balancers in front of this port, such as 10.0.0.0/8, separated by commas.', when: isTcpPort },
];

/** How many bytes may pass. */
const QUOTA = [
  { name: 'quotaBytes', pointer: '/quota/bytes', label: 'Quota', placeholder: 'none', hint: 'How many bytes may pass, in both directions together, such as 100GB. Then users are refused.' },
  { name: 'quotaPer', pointer: '/quota/per', label: 'Quota per', options: [['month', 'month'], ['day', 'day'], ['hour', 'hour']], hint: 'In UTC.' },
];
const quotaBody = ({ quotaBytes, quotaPer }) => ({ quota: quotaBytes ? { bytes: quotaBytes, per: quotaPer } : null });
const quotaValues = ({ quota }) => ({ quotaBytes: quota?.bytes, quotaPer: quota?.per ?? 'month' });

/** How much users may have. Each of them is at /limits in a body, but for the last. */
const atLimits = (name, ...more) => ({ pointer: ['/limits', name, ...more].join('/') });
const isStream = ({ type }) => type !== 'udp';
const LIMITS = [
  { name: 'mostConnections', ...atLimits('connections'), label: 'Connections', placeholder: 'any', hint: 'At a time.', when: isStream },
  { name: 'mostPerUser', ...atLimits('connectionsPerUser'), label: 'Connections of one user', placeholder: 'any', hint: 'At a time, from one address.', when: isStream },
  { name: 'opens', ...atLimits('opensPerSecond'), label: 'New connections a second', placeholder: 'any', hint: 'Of all users.' },
  { name: 'opensOfUser', ...atLimits('opensPerSecondPerUser'), label: 'New connections a second of one user', placeholder: 'any', hint: 'From one address.' },
  { name: 'speedIn', ...atLimits('bandwidth', 'in'), label: 'Bandwidth from users', placeholder: 'any', hint: 'In bytes a second, as in 10MB. All together.' },
  { name: 'speedOut', ...atLimits('bandwidth', 'out'), label: 'Bandwidth to users', placeholder: 'any', hint: 'In bytes a second. All together.' },
  { name: 'speedInOfOne', ...atLimits('bandwidthPerConnection', 'in'), label: 'Bandwidth of one connection, from the user', placeholder: 'any', hint: 'In bytes a second, as in 1MB.' },
  { name: 'speedOutOfOne', ...atLimits('bandwidthPerConnection', 'out'), label: 'Bandwidth of one connection, to the user', placeholder: 'any', hint: 'In bytes a second.' },
  { name: 'idleEnd', ...atLimits('idleTimeout'), label: 'A connection ends after', placeholder: 'never', hint: 'Without a byte, as in 10m.', when: isStream },
  { name: 'longest', ...atLimits('maxDuration'), label: 'A connection lasts at most', placeholder: 'any time', hint: 'As in 8h.' },
  { name: 'holdWhileAway', label: 'Users wait for the remote', placeholder: 'default', hint: 'How long, while it is away, as in 5s. Then they are refused.', when: isStream },
];

const listed = (text) => text.split(',').map((each) => each.trim()).filter(Boolean);

/** What a form says of access lists; null is the default, and an empty list would let nobody in. */
function listsBody(said) {
  const [allow, deny] = [said.allow, said.deny].map(listed).map((list) => (list.length > 0 ? list : null));
  return { access: allow || deny ? { allow, deny } : null };
}

const listsValues = ({ access }) => ({ allow: (access?.allow ?? []).join(', '), deny: (access?.deny ?? []).join(', ') });

/** What a form says of who may connect. */
function accessBody({ type, proxyProtocol, acceptProxyProtocol, ...said }) {
  return {
    ...listsBody(said),
    proxyProtocol: proxyProtocol || null,
    ...(type === undefined ? {} : { acceptProxyProtocol: isTcpPort({ type }) ? listed(acceptProxyProtocol) : [] }), // a host has none
  };
}

const accessValues = ({ access, acceptProxyProtocol }) => ({ ...listsValues({ access }), acceptProxyProtocol: (acceptProxyProtocol ?? []).join(', ') });

const speed = (inwards, outwards) => (inwards || outwards ? { in: inwards || null, out: outwards || null } : null);

/** What a form says of how much users may have; null is any. A port of type udp has other limits of its sessions. */
function limitsBody({ mostConnections, mostPerUser, opens, opensOfUser, speedIn, speedOut, speedInOfOne, speedOutOfOne, idleEnd, longest, holdWhileAway }, stream = true) {
  const limits = {
    connections: stream ? numberOf(mostConnections) : null, connectionsPerUser: stream ? numberOf(mostPerUser) : null,
    opensPerSecond: numberOf(opens), opensPerSecondPerUser: numberOf(opensOfUser),
    bandwidth: speed(speedIn, speedOut), bandwidthPerConnection: speed(speedInOfOne, speedOutOfOne),
    idleTimeout: (stream && idleEnd) || null, maxDuration: longest || null,
  };
  return { limits: Object.values(limits).some((each) => each !== null) ? limits : null, holdWhileAway: (stream && holdWhileAway) || null };
}

const limitsValues = ({ limits = {}, holdWhileAway }) => {
  const { connections, connectionsPerUser, opensPerSecond, opensPerSecondPerUser, bandwidth, bandwidthPerConnection, idleTimeout, maxDuration } = limits ?? {};
  return {
    mostConnections: connections, mostPerUser: connectionsPerUser, opens: opensPerSecond, opensOfUser: opensPerSecondPerUser,
    speedIn: bandwidth?.in, speedOut: bandwidth?.out, speedInOfOne: bandwidthPerConnection?.in, speedOutOfOne: bandwidthPerConnection?.out,
    idleEnd: idleTimeout, longest: maxDuration, holdWhileAway,
  };
};

/** What a form says of requests and answers; null is the default. What is only written in files or by REST stays. */
function httpBody({ hostHeader, forwardedHeaders, trustedProxies, maxRequestHead, responseTimeout, hstsAge, users, passwordOf, password }) {
  const whose = passwordOf || (listed(users).length === 1 ? listed(users)[0] : ''); // the server says that a name is missing
  const names = [...new Set([...listed(users), ...(passwordOf || password ? [whose] : [])])];
  return {
    hostHeader: hostHeader || null,
    forwardedHeaders: forwardedHeaders || null,
    trustedProxies: listed(trustedProxies),
    maxRequestHead: maxRequestHead || null,
    responseTimeout: responseTimeout || null,
    hsts: hstsAge ? { maxAge: hstsAge } : null,
    auth: names.length > 0 ? { basic: { users: names.map((name) => (name === whose && password ? { name, password } : { name })) } } : null,
  };
}

/** Without HTTP, nothing of it. A login is not taken away by the way: the server says that it has no effect then. */
const NO_HTTP = { hostHeader: null, forwardedHeaders: null, trustedProxies: null, maxRequestHead: null, responseTimeout: null };

const httpValues = ({ trustedProxies, hsts, auth }) => ({
  trustedProxies: (trustedProxies ?? []).join(', '), hstsAge: hsts?.maxAge,
  users: (auth?.basic.users ?? []).map(({ name }) => name).join(', '), passwordOf: '', password: '',
});

/** A number if it is one; the server says what is wrong with anything else. */
const numberOf = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : text || null);

const udpBody = ({ idleTimeout, maxSessions, maxSessionsPerUser, replyLimit }) => ({
  idleTimeout: idleTimeout || null, maxSessions: numberOf(maxSessions), maxSessionsPerUser: numberOf(maxSessionsPerUser), replyLimit: numberOf(replyLimit),
});

/** Of another type nothing of it is said. */
const NO_UDP = { idleTimeout: null, maxSessions: null, maxSessionsPerUser: null, replyLimit: null };

/** What a form says of a port; null is the default. */
const portBody = ({ name, type, bind, remote, ...rest }) => ({
  ...(name ? { name } : {}), type, bind, remote, ...accessBody({ type, ...rest }), ...quotaBody(rest), ...limitsBody(rest, type !== 'udp'), ...(type === 'http' ? httpBody(rest) : NO_HTTP), ...(type === 'udp' ? udpBody(rest) : NO_UDP),
});

const portValues = (port) => ({ ...port, ...accessValues(port), ...quotaValues(port), ...limitsValues(port), ...httpValues(port) });

const inDocument = (field) => ({ ...field, pointer: `/ports/0/${field.name}` });

/** A remote with its first port, which may be left out. */
function newRemote({ name, description = '', anonymous = false, bind, remote, type }) {
  return { name, description, anonymous, ports: bind || remote ? [{ bind, remote, type }] : [] };
}

async function added(values) {
  location.hash = `#/remotes/${encodeURIComponent(values.name)}`;
  changed();
  if (values.anonymous) {
    say('Added ', theirs(values.name), '.');
  } else {
    await bringUpNew(values.name);
  }
}

const newRemoteForm = (act, ...more) => ({
  act,
  fields: [
    { name: 'name', label: 'Name of the remote', placeholder: 'home', hint: 'Any name for the host that you want to reach.' },
    ...[TARGET, BIND, TYPE].map(inDocument), ...more,
  ],
  values: { type: 'tcp' },
  send: (values, dryRun) => change('POST', 'remotes', { body: newRemote(values), dryRun }),
  done: (answer, values) => added(values),
});

const addRemote = () => openForm(['Add a remote'], newRemoteForm('Add', DESCRIPTION, ANONYMOUS), element('p', {}, 'With its first port. You can leave both addresses empty and add ports later.'));

const remoteActs = () => (mayChange() ? [button('Add a remote', addRemote)] : []);

/** What the overview has for who may change things. */
export const overviewActs = () => (mayChange() ? [...remoteActs(), element('a', { class: 'button', href: '#/accounts' }, 'Users and tokens')] : []);

/** Gives the acts of the page of remotes. */
export const remotesActs = () => (mayChange() ? [...remoteActs(), element('a', { class: 'button', href: '#/document' }, 'All as one document')] : []);

/** The first screen of an empty server. */
export function showFirst(target) {
  if (!isEmpty()) {
    target.replaceChildren();
  } else if (!target.firstChild && mayChange()) {
    const form = new Form(newRemoteForm('Add it, and show what to run'));
    target.append(element('div', { class: 'card-head' }, element('h2', { id: 'first-title' }, 'Your first tunnel')),
      element('ol', { class: 'steps' },
        element('li', {}, 'Fill in the form. A remote is a machine that you cannot reach directly; the target is a service on it.'),
        element('li', {}, 'On that machine, run the command that you see then.'),
        element('li', {}, 'Connect to the address at this server: you reach the target.')),
      form.root);
  } else if (!target.firstChild) {
    target.append(element('div', { class: 'card-head' }, element('h2', { id: 'first-title' }, 'No remote yet')),
      element('p', { class: 'empty' }, 'This server exposes nothing. Ask a user with the role admin to add a remote, or declare one in the configuration file.'));
  }
}

/** A remote may be one of both roles of this process; what is changed is the server's. */
const roleOf = (path) => (/^remotes\/[^/]*$/.test(path) ? { role: 'server' } : {});

/** Does a change of what there is, as it is when it is asked for; tells whether it was done. */
export async function act(path, ask, send, done) {
  try {
    const { json, tag } = await readTagged(path, roleOf(path));
    if (await ask(json)) {
      await send(tag, json);
      say(...done);
      return true;
    }
  } catch (e) {
    complain(failure(e));
  } finally {
    changed();
    keepFocus();
  }
  return false;
}

/** A form for what there is: opened with it as it is, and anew when somebody else has changed it. */
async function edit(path, title, fields, valuesOf, bodyOf, done) {
  let seen;
  const renew = async () => {
    seen = await readTagged(path, roleOf(path));
    return valuesOf(seen.json);
  };
  try {
    const values = await renew();
    openForm(title, {
      fields, values, renew, act: 'Save',
      send: (now, dryRun) => change('PATCH', path, { body: bodyOf(now), tag: seen.tag, dryRun }),
      done: () => {
        say(...done);
        changed();
      },
    });
  } catch (e) {
    complain(failure(e));
  }
}

const REMOTE = [DESCRIPTION, ...lists('the server’s lists apply. A port or host with lists of its own uses only those.'), ...QUOTA, ANONYMOUS, ...LIMITS];

export const changeRemote = (name) => edit(remotePath(name), ['Change ', theirs(name)], REMOTE, (remote) => ({ ...remote, ...listsValues(remote), ...quotaValues(remote), ...limitsValues(remote) }),
  ({ description, anonymous, ...more }) => ({ description, anonymous, ...listsBody(more), ...quotaBody(more), ...limitsBody(more) }), ['Changed ', theirs(name), '.']);

export function enableRemote(name, enabled) {
  const ask = () => enabled || confirmed(['Disable ', theirs(name), '?'], ['Its tunnels are closed, and it cannot connect. Its ports stay bound and reset users. You can enable it again.'], 'Disable');
  return act(remotePath(name), ask, (tag) => change('PATCH', remotePath(name), { body: { enabled }, tag }), [enabled ? 'Enabled ' : 'Disabled ', theirs(name), '.']);
}

export function deleteRemote(name) {
  const ask = (remote) => confirmed(['Delete ', theirs(name), '?'],
    [`Its tunnels are closed, and its ${remote.ports.length === 1 ? 'port is' : `${remote.ports.length} ports are`} too. Its tokens are deleted for good.`], 'Delete');
  return act(remotePath(name), ask, (tag) => change('DELETE', remotePath(name), { tag }), ['Deleted ', theirs(name), '.']);
}

export const addPort = (name) => openForm(['Add a port to ', theirs(name)], {
  act: 'Add',
  fields: [BIND, TARGET, TYPE, { name: 'name', label: 'Name', placeholder: 'ssh', hint: 'For people and the API. Empty: the address.' }, ...WHO, ...QUOTA, ...HTTP, ...UDP, ...LIMITS],
  values: { type: 'tcp' },
  send: (values, dryRun) => change('POST', remotePath(name, 'ports'), { body: portBody(values), dryRun }),
  done: () => {
    say('Added the port.');
    changed();
  },
});

export const changePort = (name, port) => edit(remotePath(name, 'ports', port), ['Change port ', theirs(port)], [BIND, TARGET, TYPE, ...WHO, ...QUOTA, ...HTTP, ...UDP, ...LIMITS],
  portValues, portBody, ['Changed port ', theirs(port), '.']);

export function enablePort(name, port, enabled) {
  const path = remotePath(name, 'ports', port);
  const ask = () => enabled || confirmed(['Disable port ', theirs(port), '?'], ['It stays bound, and new users are reset. Open connections may go on for a while.'], 'Disable');
  return act(path, ask, (tag) => change('PATCH', path, { body: { enabled }, tag }), [enabled ? 'Enabled port ' : 'Disabled port ', theirs(port), '.']);
}

export function deletePort(name, port) {
  const path = remotePath(name, 'ports', port);
  const ask = ({ bind }) => confirmed(['Delete port ', theirs(port), '?'], [`${bind} is closed at once. Open connections may go on for a while.`], 'Delete');
  return act(path, ask, (tag) => change('DELETE', path, { tag }), ['Deleted port ', theirs(port), '.']);
}

/** What users ask for, and what a host is called. */
export const hostAddress = ({ host, path }) => (path === '/' ? host : host + path);

const hostPath = (name, { host, path }) => remotePath(name, 'hosts', host) + (path === '/' ? '' : query({ path }));

const HOST = [
  { name: 'host', label: 'Host', placeholder: 'app.example.com', hint: 'A host name, *.example.com for all names below it, or * for every other name.' },
  { name: 'path', label: 'Path', placeholder: '/', hint: 'A prefix, such as /api. Empty for all paths.' },
];
const WHERE = [
  { ...TARGET, placeholder: '8000', hint: 'A port of the remote itself, host:port as the remote sees it, or unix:/run/app.sock.' },
  { name: 'gateways', label: 'Gateways', placeholder: 'all', hint: 'Names, separated by commas. Empty for all.' },
  { name: 'tls', label: 'TLS ends', options: [['terminate', 'at the gateway'], ['passthrough', 'at the target']], hint: 'At the gateway if in doubt.' },
];
const endsHere = ({ tls }) => tls !== 'passthrough';
const WEB = HTTP.map((field) => ({ ...field, label: field.name === 'hostHeader' ? 'Host header' : field.label, when: endsHere }));

/** What a form says of a host, but for what it is called; null is the default. */
const hostBody = ({ remote, gateways, tls, ...more }) => ({
  remote, gateways: listed(gateways), tls, ...accessBody(more), ...quotaBody(more), ...limitsBody(more), ...(endsHere({ tls }) ? httpBody(more) : NO_HTTP),
});

const hostValues = (host) => ({ ...host, ...accessValues(host), ...quotaValues(host), ...limitsValues(host), ...httpValues(host), gateways: (host.gateways ?? []).join(', ') });

export const addHost = (name) => openForm(['Add a host to ', theirs(name)], {
  act: 'Add',
  fields: [...HOST, ...WHERE, ...WHO, ...QUOTA, ...WEB, ...LIMITS],
  values: { tls: 'terminate' },
  send: (values, dryRun) => change('POST', remotePath(name, 'hosts'), { body: { host: values.host, path: values.path || '/', ...hostBody(values) }, dryRun }),
  done: () => {
    say('Added the host.');
    changed();
  },
});

export const changeHost = (name, host) => edit(hostPath(name, host), ['Change host ', theirs(hostAddress(host))], [...WHERE, ...WHO, ...QUOTA, ...WEB, ...LIMITS],
  hostValues, hostBody, ['Changed host ', theirs(hostAddress(host)), '.']);

export function enableHost(name, host, enabled) {
  const address = hostAddress(host);
  const path = hostPath(name, host);
  const ask = () => enabled || confirmed(['Disable host ', theirs(address), '?'], ['Users get 503. Open connections may go on for a while.'], 'Disable');
  return act(path, ask, (tag) => change('PATCH', path, { body: { enabled }, tag }), [enabled ? 'Enabled host ' : 'Disabled host ', theirs(address), '.']);
}

export function deleteHost(name, host) {
  const address = hostAddress(host);
  const path = hostPath(name, host);
  const ask = () => confirmed(['Delete host ', theirs(address), '?'], ['Users get 404 at once. Open connections may go on for a while.'], 'Delete');
  return act(path, ask, (tag) => change('DELETE', path, { tag }), ['Deleted host ', theirs(address), '.']);
}
