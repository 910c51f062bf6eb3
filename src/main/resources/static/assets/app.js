// The page: asks the server every two seconds, shows what the address names, and says when there is no answer.

import { accountsDetail } from './accounts.js';
import { logOut, LoggedOut, Lost, read, Refused } from './api.js';
import { hasBans, readBans, showBans } from './bans.js';
import { hasCertificates, showCertificates } from './certificates.js';
import { Connections, connectionsPath } from './connections.js';
import { connectionDetail, portDetail, showDetail, showMissing } from './detail.js';
import { documentDetail } from './document.js';
import { complain, element, find, say, setAttribute, setText } from './dom.js';
import { Events } from './events.js';
import * as format from './format.js';
import { hasGateways, showGateways } from './gateways.js';
import { makeLists } from './lists.js';
import { overviewActs, remotesActs, showFirst } from './manage.js';
import { remoteDetail } from './remote.js';
import { adopt, hasLogin, logInPath } from './session.js';
import { showOverview } from './overview.js';
import { addHistory, forgetHistory, hasServer, isEmpty, lastSample, mayChange, mayClose, processName, remotesTitle, store } from './store.js';
import { startTheme } from './theme-button.js';
import { usageDetail } from './usage.js';
import { hasWebhooks, showWebhooks } from './webhooks.js';

const PAUSE_MILLIS = 2000;
const PAGES = { overview: 'Overview', remotes: 'Remotes', ports: 'Ports', connections: 'Connections', events: 'Events', usage: 'Usage', document: 'All as one document', accounts: 'Users and tokens' };

/** Pages that are made when they are opened, and the one that they are found from. */
const WHOLES = { document: [documentDetail, 'remotes'], accounts: [accountsDetail, 'overview'], usage: [usageDetail, 'usage'] };
const DETAILS = { remotes: remoteDetail, ports: portDetail, connections: connectionDetail };

/** What there is to do on a page that is about no one thing. */
const ACTS = { overview: overviewActs, remotes: remotesActs, connections: () => (mayClose() ? [connections.closeAll] : []) };

const events = new Events(() => soon());
let lists;
let connections;
let page = 'overview';
let detail;
let lastAnswer = Date.now();
let lost = false;
let timer;
let running = false;
let again = false;

/** The address behind the #, as a page, perhaps what it is about, and parameters. */
function route() {
  const [path, search] = location.hash.replace(/^#/, '').split('?');
  const [name, about] = path.split('/').slice(1);
  let decoded;
  try {
    decoded = about ? decodeURIComponent(about) : undefined;
  } catch {
    decoded = about;
  }
  const isShown = Object.hasOwn(PAGES, name) && (!['ports', 'document', 'usage'].includes(name) || hasServer()) && (name !== 'accounts' || mayChange());
  return { name: isShown ? name : 'overview', about: decoded, parameters: Object.fromEntries(new URLSearchParams(search)) };
}

/** Shows what the address names. */
function open(byUser) {
  const { name, about, parameters } = route();
  page = name;
  detail?.stop?.();
  detail = WHOLES[name] ? WHOLES[name][0](about, parameters) : about && DETAILS[name] ? DETAILS[name](about, parameters) : undefined;
  const title = detail?.title ?? (name === 'remotes' ? remotesTitle() : PAGES[name]);
  setText(find('title'), title);
  find('title').classList.toggle('mono', Boolean(detail) && name !== 'remotes' && !WHOLES[name]);
  document.title = `${title} – PortProxy`;
  find('trail').hidden = !detail;
  find('trail').replaceChildren(...(detail ? [element('a', { href: detail.trail[1] }, detail.trail[0])] : []));
  find('acts').replaceChildren(...(detail?.acts ?? ACTS[name]?.() ?? []));
  find('detail').hidden = !detail;
  if (detail) {
    showDetail(detail);
  } else if (name === 'connections') {
    connections.open(parameters);
  } else if (name === 'events') {
    events.open(parameters);
  }
  lists.open(name, parameters);
  showSections();
  document.querySelectorAll('[data-page]').forEach((link) => {
    if (link.dataset.page === (WHOLES[name]?.[1] ?? name)) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'nearest' }); // a phone shows only some of them
    } else {
      link.removeAttribute('aria-current');
    }
  });
  if (byUser) {
    find('title').focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

/** When sections are shown that are not always. */
const SOMETIMES = {
  ports: hasServer,
  gateways: () => hasServer() && (hasGateways() || (page === 'ports' && mayChange())),
  bans: () => hasServer() && (hasBans() || page === 'ports'),
  certificates: hasCertificates,
  webhooks: hasWebhooks,
};

function showSections() {
  document.querySelectorAll('main > [data-pages]').forEach((section) => {
    const isShown = !detail && section.dataset.pages.split(' ').includes(page) && (SOMETIMES[section.id]?.() ?? true);
    section.hidden = !isShown || (section.dataset.empty !== undefined ? !isEmpty() : isEmpty() && page === 'overview' && section.id !== 'process');
  });
  showFirst(find('first'));
  document.querySelector('[data-page="ports"]').parentElement.hidden = !hasServer();
  document.querySelector('[data-page="usage"]').parentElement.hidden = !hasServer();
  setText(document.querySelector('[data-page="remotes"]'), remotesTitle());
  setText(find('remotes-title'), remotesTitle());
}

/** Moves within the list of connections, which is no step to go back to. */
function move(parameters) {
  history.replaceState(null, '', connectionsPath(parameters));
  connections.open(route().parameters);
  soon();
}

function showLink(state, text) {
  setAttribute(find('link'), 'data-state', state);
  setText(find('link-text'), text);
}

function showBanner(text, login = false) {
  find('banner').hidden = false;
  setText(find('banner-text'), text);
  find('banner-login').hidden = !login;
  find('banner-login').href = logInPath();
  document.body.classList.add('stale');
}

function answered() {
  lastAnswer = Date.now();
  if (lost) {
    lost = false;
    find('banner').hidden = true;
    document.body.classList.remove('stale');
    say(`The ${processName()} answers again.`);
  }
  showLink('live', 'connected');
  events.listen();
}

function unanswered(e) {
  if (e instanceof LoggedOut && !store.me) {
    location.replace(logInPath()); // there is nothing to be seen yet
  } else if (e instanceof LoggedOut) {
    lost = true;
    showLink('lost', 'logged out');
    showBanner(`You are logged out: the login has expired, or the ${processName()} was restarted. What you see is old.`, true);
  } else if (e instanceof Lost) {
    lost = true;
    showLink('lost', `${processName()} lost`);
    showBanner(`No answer from the ${processName()} since ${format.clock(lastAnswer)}: ${e.message}. What you see is from then. Retrying every 2 seconds.`);
  } else if (e instanceof Refused) {
    answered();
    if (detail) {
      showMissing(e.message);
    } else {
      complain(`The ${processName()} says: ${e.message}`);
    }
  } else {
    throw e;
  }
}

/** Who is logged in. With another user, or other roles, the page begins anew. */
async function identify() {
  const me = await read('me');
  if (store.me && (store.me.name !== me.name || store.me.role !== me.role)) {
    location.reload();
  }
  store.me = me;
  store.process = await read('process');
  setText(find('user'), me.name, `role: ${me.role}`);
  find('user').hidden = false;
  find('logout').hidden = false;
}

async function ask() {
  if (!store.me || lost) {
    await identify();
    forgetHistory();
  }
  const [remotes, ports, throughput] = await Promise.all([read('remotes'), read('ports'), read('throughput', { after: lastSample() })]);
  store.remotes = remotes;
  store.ports = ports;
  addHistory(throughput);
  if (!lists) {
    lists = makeLists();
    connections = new Connections(move);
    open(false);
  }
  lists.show();
  if (hasServer() && ['overview', 'ports'].includes(page) && !detail) {
    [store.gateways] = await Promise.all([read('gateways'), readBans()]);
    showGateways();
    showBans(page);
  }
  if (page === 'overview') {
    [store.process, store.certificates, store.webhooks] = await Promise.all([read('process'), read('certificates'), read('webhooks')]);
    showCertificates();
    if (hasWebhooks()) {
      showWebhooks();
    }
  }
  showSections();
  if (page === 'overview') {
    showOverview();
  } else if (page === 'connections' && !detail) {
    await connections.refresh();
  }
  if (detail?.isStale?.()) {
    open(false);
  }
  await detail?.refresh();
}

async function refresh() {
  clearTimeout(timer);
  running = true;
  try {
    await ask();
    answered();
  } catch (e) {
    if (e instanceof LoggedOut && await adopt()) {
      again = true; // another tab has logged in since
    } else {
      unanswered(e);
    }
  } finally {
    running = false;
    if (again) {
      again = false;
      refresh();
    } else if (!document.hidden) {
      timer = setTimeout(refresh, PAUSE_MILLIS);
    }
  }
}

/** Refreshes at once, or again, if what is being asked for may be out of date. */
function soon() {
  if (running) {
    again = true;
  } else {
    refresh();
  }
}

async function start() {
  startTheme();
  addEventListener('hashchange', () => {
    if (lists && location.hash.startsWith('#/')) {
      open(true);
      soon();
    }
  });
  addEventListener('changed', soon);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      soon();
    }
  });
  find('skip').addEventListener('click', (event) => {
    event.preventDefault();
    find('main').focus();
  });
  find('logout').addEventListener('click', async () => {
    await logOut().catch(() => {});
    location.assign(logInPath());
  });
  if (await hasLogin()) {
    refresh();
  }
}

start();
