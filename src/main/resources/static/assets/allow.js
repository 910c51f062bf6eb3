// The remote's own word: what it allows, and what its server has asked for.

import { element, setBadge, setText } from './dom.js';
import * as format from './format.js';
import { card, scrolled } from './parts.js';
import { Table } from './table.js';

/** Two cards of the page of the remote that this process is. */
export class Allowed {
  constructor() {
    this.list = element('p', { class: 'empty mono' });
    this.note = element('p', { class: 'empty' });
    const target = element('table', { id: 'asked-table' });
    this.table = new Table(target, {
      caption: 'What the server has asked for', sort: '', key: (asked) => asked.target, onSort: () => {},
      columns: [
        { key: 'target', label: 'Target', show: (cell, a) => { cell.classList.add('mono'); setText(cell, a.target); } },
        { key: 'state', label: 'Answer', show: (cell, a) => setBadge(cell, a.denied === 0 ? 'allowed' : 'denied', a.denied === 0 ? 'good' : 'bad', a.denied === 0 ? '' : 'This remote does not allow it') },
        { key: 'asked', label: 'Asked for', number: true, show: (cell, a) => setText(cell, format.number(a.asked)) },
        { key: 'denied', label: 'Denied', number: true, narrow: 's', show: (cell, a) => setText(cell, format.number(a.denied)) },
        { key: 'last', label: 'Last', number: true, show: (cell, a) => setText(cell, format.ago(a.lastAsked), format.date(a.lastAsked)) },
        { key: 'lastDenied', label: 'Last denied', number: true, narrow: 'm', show: (cell, a) => setText(cell, a.lastDenied ? format.ago(a.lastDenied) : format.NONE, format.date(a.lastDenied)) },
      ],
    });
    const allowed = card('What this remote allows', this.list, element('p', { class: 'empty' }, 'Nothing that is done at the server changes this list: portproxy.client.allow of this process is it.'));
    allowed.id = 'allowed';
    const asked = card('What the server has asked for', scrolled('Table of targets', target), this.note);
    this.cards = [allowed, asked];
  }

  show({ allow, asked, askedForgotten }) {
    setText(this.list, allow.join(', '));
    this.table.show(asked);
    setText(this.note, asked.length === 0 ? 'Nothing yet.' : askedForgotten ? `${format.plural(askedForgotten, 'more has', 'more have')} been forgotten for these.` : '');
  }
}
