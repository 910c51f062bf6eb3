// The hosts of one remote at gateways, as they are configured and as users find them.

import { button, setRowButton } from './acts.js';
import { element, setLink, setText } from './dom.js';
import { NONE } from './format.js';
import { showPortState } from './lists.js';
import { addHost, changeHost, deleteHost, enableHost, hostAddress } from './manage.js';
import { httpRules, scrolled } from './parts.js';
import { store } from './store.js';
import { Table } from './table.js';

/** The server counts it by its name in ASCII, behind which its gateways may stand. */
function stateOf(name, host) {
  const ascii = host.urls.length > 0 ? new URL(host.urls[0]).hostname : host.host.toLowerCase();
  const address = hostAddress({ host: ascii, path: host.path });
  return store.ports.find((each) => each.type === 'host' && each.remote === name && (each.bind === address || each.bind.startsWith(`${address} (`)));
}

/** Buttons that act on the row as it is then; nobody has configured one that was asked for. */
function setActs(cell, name, host) {
  if (host.origin === 'granted') {
    cell.replaceChildren();
    return;
  }
  if (!cell.firstChild) {
    const acts = [
      ['Change', (row) => changeHost(name, row)],
      ['Disable', (row) => enableHost(name, row, !row.enabled)],
      ['Delete', (row) => deleteHost(name, row)],
    ];
    cell.append(element('div', { class: 'row-acts' }, ...acts.map(() => element('span'))));
    acts.forEach(([text, act], index) => setRowButton(cell.firstChild.children[index], text, `host ${hostAddress(host)}`, host, act));
  }
  [...cell.firstChild.children].forEach((each) => {
    each.row = host;
  });
  setText(cell.firstChild.children[1].querySelector('.button').firstChild, host.enabled ? 'Disable' : 'Enable');
}

/** A link to try; a name that means many has none. */
function showAddress(cell, host) {
  if (host.urls.length > 0) {
    setLink(cell, host.urls[0], host.urls[0]);
  } else {
    setText(cell, hostAddress(host));
  }
}

export class RemoteHosts {
  constructor(name, mayEdit) {
    this.empty = element('p', { class: 'empty' });
    const target = element('table', { id: 'remote-hosts-table' });
    this.table = new Table(target, {
      caption: 'Hosts', sort: '', key: (host) => hostAddress(host), onSort: () => {},
      columns: [
        { key: 'address', label: 'Address', show: showAddress },
        { key: 'gateways', label: 'Gateways', narrow: 'm', show: (cell, h) => setText(cell, h.gateways.join(', ') || 'all') },
        { key: 'rules', label: 'Rules', narrow: 'm', show: (cell, h) => setText(cell, httpRules(h).join(', ') || NONE) },
        { key: 'target', label: 'Target', narrow: 's', show: (cell, h) => { cell.classList.add('mono'); setText(cell, h.remote); } },
        { key: 'state', label: 'State', show: (cell, h) => showPortState(cell, stateOf(name, h) ?? { state: 'not_listening', trouble: 'it is not exposed' }) },
        ...(mayEdit ? [{ key: 'act', label: 'Actions', unseen: true, number: true, show: (cell, h) => setActs(cell, name, h) }] : []),
      ],
    });
    this.card = element('section', { class: 'card', id: 'remote-hosts' },
      element('div', { class: 'card-head' }, element('h2', {}, 'Hosts'), ...(mayEdit ? [button('Add a host', () => addHost(name))] : [])),
      scrolled('Table of hosts', target), this.empty);
  }

  show({ hosts, file }) {
    this.table.show(hosts);
    setText(this.empty, hosts.length > 0 ? '' : file ? `None. ${file} declares this remote.` : 'No hosts yet. A host is a name at a gateway that leads to a web application of this remote: add a gateway on the page Ports first.');
  }
}
