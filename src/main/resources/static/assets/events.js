// Events as they happen.

import { listen, query, Refused } from './api.js';
import { element, find, setText, theirs } from './dom.js';
import * as format from './format.js';
import { portPath } from './lists.js';
import { hasBothRoles } from './store.js';

const KINDS = {
  'remote-up': ['remotes', 'good'], 'remote-down': ['remotes', 'bad'],
  'tunnel-up': ['remotes', 'good'], 'tunnel-down': ['remotes', 'bad'],
  'stream-opened': ['streams', 'plain'], 'stream-closed': ['streams', 'plain'],
  'stream-refused': ['troubles', 'warn'], 'greeting-refused': ['troubles', 'bad'],
  'remote-added': ['remotes', 'plain'], 'remote-changed': ['remotes', 'plain'], 'remote-removed': ['remotes', 'plain'],
  'gateway-added': ['remotes', 'plain'], 'gateway-changed': ['remotes', 'plain'], 'gateway-removed': ['remotes', 'plain'],
  'port-exposed': ['remotes', 'good'], 'port-closed': ['remotes', 'plain'], 'port-refused': ['troubles', 'warn'],
  'certificate-issued': ['remotes', 'good'], 'certificate-failed': ['troubles', 'bad'],
  'bind-refused': ['troubles', 'bad'], 'quota-warning': ['troubles', 'warn'], 'quota-exceeded': ['troubles', 'bad'],
  'dial-failed': ['troubles', 'bad'], dropped: ['troubles', 'warn'],
};

/** Said to who cannot see them; streams would never let anybody finish a sentence. */
const ANNOUNCED = new Set(['remote-up', 'remote-down', 'greeting-refused', 'bind-refused', 'quota-warning', 'quota-exceeded', 'dial-failed', 'dropped']);

const MOST_KEPT = 1000;
const MOST_SHOWN = 300;
const MOST_RECENT = 5;
const SHOW_MILLIS = 400;

/** Of each connection, so that there may be very many. */
const isFrequent = (event) => event.type.startsWith('stream-') || event.type === 'greeting-refused';

/** The latest frequent ones and the latest of all others: a flood of the first must not push out the second. */
function latest(events) {
  if (events.length <= MOST_KEPT) {
    return events;
  }
  const left = { true: MOST_KEPT, false: MOST_KEPT };
  return events.reverse().filter((event) => left[isFrequent(event)]-- > 0).reverse();
}

const route = (event) => [event.user, event.target].filter(Boolean).join(' → ');

/** Of the type, in the words of this page. */
const title = (type) => format.words(type).replace('stream', 'connection');

export const eventsPath = (parameters) => `#/events${query(parameters)}`;

function lasted(event) {
  const moved = event.bytesIn === undefined ? '' : `, ${format.bytes(event.bytesIn)} in, ${format.bytes(event.bytesOut ?? 0)} out`;
  return event.lastedMillis === undefined ? moved : ` after ${event.lastedMillis < 1000 ? `${event.lastedMillis} ms` : format.duration(event.lastedMillis)}${moved}`;
}

function text(event) {
  switch (event.type) {
    case 'stream-opened': return route(event);
    case 'stream-closed': return `${event.reason ? format.words(event.reason) : 'closed'}${lasted(event)}`;
    case 'dropped': return `${format.plural(event.count ?? 0, 'event')} came too fast to be shown`;
    default: return [event.reason ? format.words(event.reason) : '', event.message ?? '', route(event)].filter(Boolean).join(' · ');
  }
}

const searched = (event) =>
  [title(event.type), event.remote, event.identity, event.port, text(event)].filter(Boolean).join(' ').toLowerCase();

export class Events {
  constructor(changed) {
    this.changed = changed;
    this.kept = [];
    this.waiting = [];
    this.began = Date.now();
    this.paused = false;
    this.kinds = [...find('kinds').querySelectorAll('input')];
    find('kinds').addEventListener('change', () => this.move());
    find('events-search').addEventListener('input', () => this.move());
    find('events-pause').addEventListener('click', () => this.pause());
    addEventListener('pagehide', () => this.leaving?.abort()); // a browser may keep the page for a way back, and has few connections
  }

  /** Shows those that the address names: with a text in them, and of some kinds. */
  open(parameters) {
    const search = find('events-search');
    if (document.activeElement !== search) {
      search.value = parameters.search ?? '';
    }
    const wanted = parameters.kinds?.split(',') ?? this.kinds.map((box) => box.value);
    this.kinds.forEach((box) => { box.checked = wanted.includes(box.value); });
    this.showAll();
  }

  /** The choice is part of the address, so that a link and a reload keep it. */
  move() {
    const checked = this.kinds.filter((box) => box.checked).map((box) => box.value);
    const kinds = checked.length === this.kinds.length ? undefined : checked.join(',') || 'none';
    history.replaceState(null, '', eventsPath({ search: find('events-search').value.trim(), kinds }));
    this.showAll();
  }

  /** Listens, unless it does so already. Who calls this knows that the server answers. */
  async listen() {
    if (this.listening) {
      return;
    }
    this.listening = true;
    this.leaving = new AbortController();
    this.anew = this.last === undefined;
    try {
      await listen(this.last, this.leaving.signal, ({ id, type, data }) => {
        this.last = id;
        if (Object.hasOwn(KINDS, type)) {
          this.take(JSON.parse(data));
        }
      });
    } catch (e) {
      if (e instanceof Refused) {
        this.last = undefined; // another server may count anew
      }
    }
    this.listening = false;
  }

  take(event) {
    if (hasBothRoles() && event.role === 'client' && event.type.startsWith('stream-')) {
      return; // the other end of one that is told of already
    }
    this.waiting.push(event);
    if (this.waiting.length > 3 * MOST_KEPT) {
      this.waiting = latest(this.waiting);
    }
    this.timer ??= setTimeout(() => this.flush(), SHOW_MILLIS);
  }

  /** Together, so that a flood of them costs no more than what can be seen. */
  flush() {
    this.timer = undefined;
    const fresh = this.waiting;
    this.waiting = [];
    if (this.anew) {
      this.anew = false; // the latest are told again
      this.kept = [];
      find('events-list').replaceChildren();
      find('recent-list').replaceChildren();
    }
    this.kept = latest([...this.kept, ...fresh]);
    this.announce(fresh.filter((event) => ANNOUNCED.has(event.type) && Date.parse(event.at) >= this.began));
    if (!this.paused) {
      this.add(find('events-list'), fresh.filter((event) => this.isWanted(event)), MOST_SHOWN);
    }
    this.add(find('recent-list'), fresh.filter((event) => !event.type.startsWith('stream-')), MOST_RECENT);
    this.showEmpty();
    if (fresh.some((event) => KINDS[event.type]?.[0] === 'remotes')) {
      this.changed();
    }
  }

  isWanted(event) {
    const kind = KINDS[event.type]?.[0] ?? 'remotes';
    const search = find('events-search').value.trim().toLowerCase();
    return this.kinds.some((box) => box.value === kind && box.checked) && (search === '' || searched(event).includes(search));
  }

  announce(events) {
    if (events.length > 0) {
      find('announced').replaceChildren(...events.slice(-3).map((event) => element('p', {}, `${title(event.type)}: `, theirs(event.remote ?? ''), ' ', theirs(text(event)))));
    }
  }

  add(list, events, most) {
    list.prepend(...events.slice(-most).reverse().map((event) => this.line(event)));
    while (list.children.length > most) {
      list.lastChild.remove();
    }
  }

  line(event) {
    const [, tone] = KINDS[event.type] ?? ['remotes', 'plain'];
    return element('li', {},
      element('time', { datetime: event.at, title: format.date(event.at), class: 'mono quiet' }, format.clock(event.at)),
      element('span', { class: `badge ${tone}` }, title(event.type)),
      element('span', { class: 'event-about' },
        ...(event.remote ? [element('a', { class: 'strong', href: `#/remotes/${encodeURIComponent(event.remote)}` }, theirs(event.remote)), ' '] : []),
        ...(event.identity ? [element('a', { class: 'mono', href: `#/connections/${event.identity}` }, event.identity), ' '] : []),
        ...(event.port ? [element('a', { class: 'mono', href: portPath(event.port) }, event.port), ' '] : []),
        theirs(text(event))));
  }

  pause() {
    this.paused = !this.paused;
    find('events-pause').setAttribute('aria-pressed', String(this.paused));
    setText(find('events-pause'), this.paused ? 'Continue' : 'Pause');
    if (!this.paused) {
      this.showAll();
    }
  }

  showAll() {
    find('events-list').replaceChildren();
    this.add(find('events-list'), this.kept.filter((event) => this.isWanted(event)), MOST_SHOWN);
    this.showEmpty();
  }

  showEmpty() {
    find('events-empty').hidden = find('events-list').children.length > 0;
    setText(find('events-empty'), this.kept.length > 0 ? 'No event matches. Change the search or the kinds above.' : 'No events yet. They appear here as they happen: connect a remote, or open a connection to an exposed port.');
    find('recent-empty').hidden = find('recent-list').children.length > 0;
  }
}
