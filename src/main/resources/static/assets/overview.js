// The tiles and the plot.

import { element, find, setAttribute, setLink, setText } from './dom.js';
import * as format from './format.js';
import { isTemplate } from './lists.js';
import { Plot, showLegend } from './plot.js';
import { hasServer, ownRemotes, rates, store } from './store.js';

const plot = new Plot(find('plot'), (index) => showLegend(find('throughput-legend'), plot, index));

/** A name, a figure, and what goes with it, which may lead somewhere. */
function tile(id, label, figure, note = '', { tip = '', noteTip = '', tone = '', href = '' } = {}) {
  const tiles = find('tiles');
  let box = tiles.querySelector(`[data-tile="${id}"]`);
  if (!box) {
    box = element('div', { 'data-tile': id, class: 'tile' }, element('dt', {}, label), element('dd', { class: 'figure' }), element('dd', { class: 'note' }));
    tiles.append(box);
  }
  setText(box.children[0], label);
  setText(box.children[1], figure, tip);
  if (href) {
    if (!box.children[2].firstElementChild) {
      box.children[2].replaceChildren(); // it was text before
    }
    setLink(box.children[2], note, href, noteTip, false);
  } else {
    setText(box.children[2], note, noteTip);
  }
  setAttribute(box, 'class', `tile ${tone}`);
}

function showTiles() {
  const remotes = ownRemotes().filter((remote) => !isTemplate(remote));
  const up = remotes.filter((remote) => remote.state === 'up');
  const total = (field) => remotes.reduce((sum, remote) => sum + remote.streams[field], 0);
  const now = rates(store.history.all);
  const away = remotes.length - up.length;
  if (hasServer()) {
    tile('remotes', 'Remotes up', `${up.length} of ${remotes.length}`, away ? `${away} away` : 'none is away', { tone: away ? 'bad' : '', href: away ? '#/remotes?find=away' : '' });
  } else {
    const [{ state, since, lastFailure }] = remotes;
    const note = away ? lastFailure ?? '' : `for ${format.since(since)}`;
    tile('remotes', 'Tunnel', state, note, { noteTip: note, tone: away ? 'bad' : '' });
  }
  tile('streams', 'Connections', format.number(total('live')), `${format.number(total('total'))} since the start`);
  tile('in', 'In, from users', format.rate(now.in), `${format.bytes(total('bytesIn'))} in all`, { tip: format.exactRate(now.in), noteTip: format.exactBytes(total('bytesIn')), tone: 'in' });
  tile('out', 'Out, for users', format.rate(now.out), `${format.bytes(total('bytesOut'))} in all`, { tip: format.exactRate(now.out), noteTip: format.exactBytes(total('bytesOut')), tone: 'out' });
  showRoundTrip(up);
  if (hasServer()) {
    const refused = store.ports.reduce((sum, port) => sum + format.sum(port.refused), 0);
    const failed = store.ports.reduce((sum, port) => sum + format.sum(port.failed), 0);
    tile('refused', 'Users refused', format.number(refused), `${format.plural(failed, 'target')} not reached`);
  } else {
    tile('refused', 'Tunnel failures', format.number(remotes[0].failures ?? 0), `came up ${format.plural(remotes[0].connects ?? 0, 'time')}`);
  }
}

function showRoundTrip(up) {
  const slowest = up.filter((remote) => remote.roundTripMillis != null).sort((a, b) => b.roundTripMillis - a.roundTripMillis)[0];
  tile('trip', 'Round trip', format.millis(slowest?.roundTripMillis), slowest ? `${up.length > 1 ? 'the longest: ' : ''}${slowest.name}` : 'not measured');
}

const ROLES = { server: 'remotes connect to', client: 'connects to' };

/** Where this is, and what an operator has to see to. */
function showProcess({ host, version, uptimeMillis, tunnels, warnings }) {
  setText(find('process-host'), host);
  setText(find('process-version'), `PortProxy ${version}`);
  setText(find('process-uptime'), `up ${format.duration(uptimeMillis)}`);
  setText(find('process-tunnels'), tunnels.map(({ role, address, security }) => `${ROLES[role]} ${address} (${security})`).join(', '));
  const list = find('warnings');
  const texts = warnings.map((warning) => warning.message);
  if ([...list.children].map((line) => line.textContent).join('\n') !== texts.join('\n')) {
    list.replaceChildren(...texts.map((text) => element('li', { class: 'message warn' }, text)));
  }
}

export function showOverview() {
  showProcess(store.process);
  showTiles();
  plot.show(store.history.at, store.history.all);
  showLegend(find('throughput-legend'), plot);
}
