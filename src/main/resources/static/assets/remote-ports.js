// The ports of one remote, as they are configured and as users find them.

import { button, setRowButton } from './acts.js';
import { element, setLink, setText } from './dom.js';
import { portPath, showPortState } from './lists.js';
import { addPort, changePort, deletePort, enablePort } from './manage.js';
import { httpRules, scrolled } from './parts.js';
import { store } from './store.js';
import { Table } from './table.js';

const stateOf = (port) => store.ports.find((each) => each.bind === port.address);

/** Buttons that act on the row as it is then. */
function setActs(cell, name, port) {
  if (!cell.firstChild) {
    const acts = [
      ['Change', (row) => changePort(name, row.name)],
      ['Disable', (row) => enablePort(name, row.name, !row.enabled)],
      ['Delete', (row) => deletePort(name, row.name)],
    ];
    cell.append(element('div', { class: 'row-acts' }, ...acts.map(() => element('span'))));
    acts.forEach(([text, act], index) => setRowButton(cell.firstChild.children[index], text, `port ${port.name}`, port, act));
  }
  [...cell.firstChild.children].forEach((each) => {
    each.row = port;
  });
  setText(cell.firstChild.children[1].querySelector('.button').firstChild, port.enabled ? 'Disable' : 'Enable');
}

/** What users meet there; without an address it is not exposed. */
function showPort(cell, port) {
  const state = stateOf(port);
  if (state) {
    showPortState(cell, state);
  } else {
    showPortState(cell, { state: 'not_listening', trouble: 'it is not exposed' });
  }
}

export class RemotePorts {
  constructor(name, mayEdit) {
    this.empty = element('p', { class: 'empty' });
    const target = element('table', { id: 'remote-ports-table' });
    this.table = new Table(target, {
      caption: 'Ports', sort: '', key: (port) => port.name, onSort: () => {},
      columns: [
        { key: 'bind', label: 'Address', show: (cell, p) => (p.address ? setLink(cell, p.address, portPath(p.address)) : setText(cell, p.bind)) },
        { key: 'name', label: 'Name', narrow: 'm', show: (cell, p) => setText(cell, p.name) },
        { key: 'type', label: 'Type', narrow: 'm', show: (cell, p) => setText(cell, [p.type, ...httpRules(p)].join(', ')) },
        { key: 'target', label: 'Target', narrow: 's', show: (cell, p) => { cell.classList.add('mono'); setText(cell, p.remote); } },
        { key: 'state', label: 'State', show: showPort },
        ...(mayEdit ? [{ key: 'act', label: 'Actions', unseen: true, number: true, show: (cell, p) => setActs(cell, name, p) }] : []),
      ],
    });
    this.card = element('section', { class: 'card', id: 'remote-ports' },
      element('div', { class: 'card-head' }, element('h2', {}, 'Ports'), ...(mayEdit ? [button('Add a port', () => addPort(name))] : [])),
      scrolled('Table of ports', target), this.empty);
  }

  show({ ports, file }) {
    this.table.show(ports);
    setText(this.empty, file ? `Declared in ${file}: change them there.` : ports.length > 0 ? '' : 'No ports yet. A port of this server leads users to a target of the remote: add one.');
  }
}
