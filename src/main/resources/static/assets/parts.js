// What pages about one thing are made of.

import { element, setLink, setText } from './dom.js';
import * as format from './format.js';
import { Plot, showLegend } from './plot.js';
import { Table } from './table.js';

/** What a host or port does besides with users, requests and answers, in few words. */
export const httpRules = ({ access, proxyProtocol, acceptProxyProtocol, limits, quota, auth, headers, hsts, responseTimeout }) => [
  ...(access ? ['access list'] : []), ...(limits ? ['limits'] : []), ...(quota ? [`${quota.bytes} a ${quota.per}`] : []),
  ...(proxyProtocol ? [`PROXY protocol ${proxyProtocol}`] : []), ...(acceptProxyProtocol?.length ? ['accepts PROXY protocol'] : []),
  ...(auth ? ['login'] : []), ...(headers ? ['headers'] : []), ...(hsts ? ['HSTS'] : []), ...(responseTimeout ? [`answers within ${responseTimeout}`] : []),
];

export const card = (title, ...content) => element('section', { class: 'card' }, element('div', { class: 'card-head' }, element('h2', {}, title)), ...content);

/** Names and values, refreshed in place. Each is [name, value, tip] or [name, show(cell)]. */
export class Facts {
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
    while (this.list.children.length > facts.length) {
      this.list.lastChild.remove();
    }
  }
}

export const mono = (text) => (cell) => {
  cell.classList.add('mono');
  setText(cell, text ?? format.NONE);
};
export const link = (text, href) => (cell) => (text ? setLink(cell, text, href) : setText(cell, format.NONE));
export const amount = (name, value) => [name, format.bytes(value), format.exactBytes(value)];

export function scrolled(label, table) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, table);
}

/** What happened how often, by reason. */
export class Reasons {
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
export class Throughput {
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

export const gone = (text) => element('p', { class: 'message bad' }, text);
