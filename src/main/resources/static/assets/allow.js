// The remote's own word: what it allows, and what its server has asked for.

import { element, setBadge, setText } from './dom.js';
import * as format from './format.js';
import { card, scrolled } from './parts.js';
import { Table } from './table.js';

const WISHES = { exposed: 'good', refused: 'bad', asked: 'warn' };

/** Cards of the page of the remote that this process is. */
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
    const allowed = card('What this remote allows', this.list, element('p', { class: 'empty' }, 'The server cannot change this list. It is portproxy.client.allow in the configuration of this process.'));
    allowed.id = 'allowed';
    const asked = card('What the server has asked for', scrolled('Table of targets', target), this.note);
    const wished = element('table', { id: 'exposed-table' });
    this.exposed = new Table(wished, {
      caption: 'What this remote has exposed', sort: '', key: (wish) => `${wish.target} ${wish.server}`, onSort: () => {},
      columns: [
        { key: 'target', label: 'Target', show: (cell, w) => { cell.classList.add('mono'); setText(cell, w.target); } },
        { key: 'state', label: 'State', show: (cell, w) => setBadge(cell, w.state, WISHES[w.state], w.message ?? '') },
        { key: 'address', label: 'Users connect to', show: (cell, w) => { cell.classList.add('mono'); setText(cell, w.address ?? format.NONE); } },
        { key: 'message', label: 'Why not', narrow: 's', show: (cell, w) => { cell.classList.add('long'); setText(cell, w.message ?? ''); } },
        { key: 'server', label: 'Server', narrow: 'm', show: (cell, w) => { cell.classList.add('mono'); setText(cell, w.server); } },
      ],
    });
    this.wishes = card('What it asks the server to expose', scrolled('Table of exposed targets', wished));
    this.wishes.hidden = true;
    this.cards = [this.wishes, allowed, asked];
  }

  show({ allow, asked, askedForgotten, exposed }) {
    this.wishes.hidden = exposed.length === 0;
    this.exposed.show(exposed);
    setText(this.list, allow.join(', '));
    this.table.show(asked);
    setText(this.note, asked.length === 0 ? 'Nothing yet. The server asks for a target when a user connects.' : askedForgotten ? `${format.plural(askedForgotten, 'older one was', 'older ones were')} forgotten.` : '');
  }
}
