// How much was used, by day, hour or month.

import { button } from './acts.js';
import { query, read, readBlob } from './api.js';
import { complain, element, say, setAttribute, setText, theirs } from './dom.js';
import { failure } from './form.js';
import * as format from './format.js';
import { card, scrolled } from './parts.js';
import { axis, colour, faint, HEIGHT, Plot, STEPS } from './plot.js';
import { ownRemotes } from './store.js';
import { Table } from './table.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AGAIN_MILLIS = 20_000;

/** What is shown of each: what one is called, how many, and how a beginning is written, in UTC. */
const KINDS = {
  day: { each: 'day', label: 'days', count: 90, options: { day: 'numeric', month: 'short' } },
  hour: { each: 'hour', label: 'hours', count: 48, options: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } },
  month: { each: 'month', label: 'months', count: 24, options: { month: 'short', year: 'numeric' } },
};

const written = (kind, at) => new Intl.DateTimeFormat('en', { timeZone: 'UTC', ...KINDS[kind].options }).format(at);

/** The beginnings of the last hours, days or months, the oldest first. */
function beginnings(kind) {
  const now = new Date();
  const back = (n) => {
    switch (kind) {
      case 'hour': return Math.floor(now / HOUR) * HOUR - n * HOUR;
      case 'day': return Math.floor(now / DAY) * DAY - n * DAY;
      default: return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n);
    }
  };
  return Array.from({ length: KINDS[kind].count }, (_, i) => back(KINDS[kind].count - 1 - i));
}

export const usagePath = (parameters = {}) => `#/usage${query(parameters)}`;

class UsagePlot extends Plot {
  constructor(target, onCursor) {
    super(target, onCursor);
    this.kind = 'day';
  }

  show(kind, at, rows) {
    const changed = kind !== this.kind;
    this.kind = kind;
    const byBeginning = new Map(rows.map((row) => [Date.parse(row.begins), row]));
    const values = (field) => at.map((begins) => byBeginning.get(begins)?.[field] ?? 0);
    this.data = [at.map((begins) => begins / 1000), values('bytesIn'), values('bytesOut')];
    if (this.plot && !changed) {
      this.plot.setData(this.data);
    } else {
      this.draw();
    }
  }

  options() {
    const line = (label, stroke) => ({ label, stroke, fill: faint(stroke), width: 1.5, points: { show: false } });
    return {
      width: this.target.clientWidth,
      height: HEIGHT,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { y: { range: (u, min, max) => [0, Math.max(1024, (max ?? 0) * 1.1)] } },
      axes: [
        axis({ space: 90, size: 30, values: (u, splits) => splits.map((at) => (u.data[0].length === 0 ? '' : written(this.kind, at * 1000))) }),
        axis({ size: 78, incrs: STEPS, values: (u, splits) => splits.map((value) => (value === 0 ? '0' : format.bytes(value).replace(/\.0+ /, ' '))) }),
      ],
      series: [{}, line('In', colour('in')), line('Out', colour('out'))],
      hooks: { setCursor: [(u) => this.onCursor(u.cursor.idx ?? undefined)] },
    };
  }
}

function showLegend(legend, plot, index) {
  const [at, incoming, outgoing] = plot.data;
  if (!legend.firstChild) {
    legend.append(element('span', { class: 'when quiet' }), element('span', { class: 'key in' }, 'In '), element('b'), element('span', { class: 'key out' }, 'Out '), element('b'));
  }
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const [ins, outs] = index === undefined ? [total(incoming), total(outgoing)] : [incoming[index], outgoing[index]];
  setText(legend.children[0], index === undefined ? `all ${at.length} ${KINDS[plot.kind].label}` : written(plot.kind, at[index] * 1000));
  setText(legend.children[2], format.bytes(ins), format.exactBytes(ins));
  setText(legend.children[4], format.bytes(outs), format.exactBytes(outs));
  if (index === undefined) {
    setAttribute(plot.target, 'aria-label', `Bytes in the last ${at.length} ${KINDS[plot.kind].label}: ${format.bytes(ins)} in and ${format.bytes(outs)} out. The table below has each ${KINDS[plot.kind].each}.`);
  }
}

/** All rows there are, of some pages. */
async function rowsOf(parameters) {
  const answer = await read('usage', { ...parameters, per: parameters.remote ? 'remote' : 'server', size: 1000 });
  return { kept: answer.kept, rows: answer.items };
}

const number = (key, label, show, narrow) => ({ key, label, number: true, narrow, show: (cell, row) => show(cell, row[key]) });
const bytes = (cell, value) => setText(cell, format.bytes(value), format.exactBytes(value));
const count = (cell, value) => setText(cell, format.number(value));

function usageTable(kind) {
  const target = element('table', { id: 'usage-table' });
  const table = new Table(target, {
    caption: 'Usage', sort: '', key: (row) => row.begins, onSort: () => {},
    columns: [
      { key: 'begins', label: 'Begins (UTC)', show: (cell, row) => setText(cell, written(kind(), Date.parse(row.begins)), row.begins) },
      number('bytesIn', 'In', bytes), number('bytesOut', 'Out', bytes), number('connections', 'Connections', count, 's'), number('refused', 'Refused', count, 'm'),
    ],
  });
  return { target, table };
}

/** How much of quotas is used. */
function quotas() {
  const target = element('table', { id: 'quotas-table' });
  const table = new Table(target, {
    caption: 'Quotas', sort: '', key: (row) => `${row.remote} ${row.port ?? ''}`, onSort: () => {},
    columns: [
      { key: 'remote', label: 'Remote', show: (cell, row) => cell.replaceChildren(theirs(row.remote)) },
      { key: 'port', label: 'Port or host', narrow: 's', show: (cell, row) => { cell.classList.add('mono'); setText(cell, row.port ?? 'all together'); } },
      { key: 'used', label: 'Used', number: true, show: (cell, row) => setText(cell, `${format.bytes(row.used)} of ${format.bytes(row.bytes)}`, `${format.exactBytes(row.used)} of ${format.exactBytes(row.bytes)} per ${row.per}`) },
      { key: 'part', label: 'Part', number: true, show: (cell, row) => {
        const percent = Math.floor((100 * row.used) / row.bytes);
        cell.replaceChildren(element('span', { class: `badge ${row.usedUp ? 'bad' : percent >= 80 ? 'warn' : 'good'}` }, row.usedUp ? 'used up' : `${percent} %`));
      } },
      { key: 'resets', label: 'Starts again', narrow: 'm', show: (cell, row) => setText(cell, format.date(row.resets)) },
    ],
  });
  const box = card('Quotas', scrolled('Table of quotas', target));
  box.id = 'quotas';
  return {
    box,
    show() {
      const rows = ownRemotes().flatMap((remote) => (remote.quotas ?? []).map((quota) => ({ remote: remote.name, ...quota })));
      table.show(rows);
      box.hidden = rows.length === 0;
    },
  };
}

async function download(parameters) {
  try {
    const address = URL.createObjectURL(await readBlob('usage.csv', parameters));
    const link = element('a', { href: address, download: `usage-by-${parameters.by}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say('The CSV was downloaded.');
  } catch (e) {
    complain(failure(e));
  }
}

const field = (id, label, input) => element('div', { class: 'field' }, element('label', { for: id }, label), input);

/** The remotes that there are; one that is gone, and was asked for, among them. */
function fillRemotes(select, wanted) {
  const names = [...new Set([...ownRemotes().filter((remote) => remote.state !== 'template').map((remote) => remote.name), ...(wanted ? [wanted] : [])])].sort();
  const options = names.join('\n');
  if (select.dataset.options !== options) {
    select.dataset.options = options;
    select.replaceChildren(element('option', { value: '' }, 'All remotes'), ...names.map((name) => element('option', { value: name }, name)));
    select.value = wanted ?? '';
  }
}

export function usageDetail(about, parameters = {}) {
  const asked = { by: Object.hasOwn(KINDS, parameters.by ?? '') ? parameters.by : 'day', remote: parameters.remote };
  const by = element('select', { id: 'usage-by', class: 'input' }, ...Object.entries(KINDS).map(([key, { label, count: many }]) => element('option', { value: key }, `The last ${many} ${label}`)));
  by.value = asked.by;
  const remote = element('select', { id: 'usage-remote', class: 'input' });
  fillRemotes(remote, asked.remote);
  const shown = () => ({ by: by.value, remote: remote.value || undefined });
  const note = element('p', { class: 'message warn', id: 'usage-not-kept', hidden: true },
    'This is the usage since the start of the server: it is lost at a restart. Set portproxy.data to a folder, or spring.datasource.url to a PostgreSQL, to keep it.');
  const empty = element('p', { class: 'empty', id: 'usage-empty', hidden: true },
    'Nothing was used in this time. When somebody connects to an exposed port, it shows here within seconds.');
  const legend = element('p', { class: 'legend' });
  const picture = element('div', { class: 'plot', role: 'img', id: 'usage-plot', 'aria-label': 'Usage' });
  const { target, table } = usageTable(() => by.value);
  const plot = new UsagePlot(picture, (index) => showLegend(legend, plot, index));
  const drawn = card('Bytes', picture);
  drawn.firstChild.append(legend);
  const each = () => `Each ${KINDS[by.value].each}`;
  const rowsCard = card(each(), scrolled('Table of usage', target));
  const used = quotas();
  let readAt = 0;
  const choose = () => {
    readAt = 0;
    asked.remote = remote.value || undefined;
    history.replaceState(null, '', usagePath({ by: by.value === 'day' ? undefined : by.value, remote: remote.value }));
    dispatchEvent(new Event('changed'));
  };
  by.addEventListener('change', choose);
  remote.addEventListener('change', choose);
  return {
    title: 'Usage', trail: ['Overview', '#/'],
    acts: [button('Download CSV', () => download({ ...shown(), from: new Date(beginnings(by.value)[0]).toISOString() }))],
    content: [element('section', { class: 'card', 'aria-label': 'What is shown' }, element('div', { class: 'filters' }, field('usage-by', 'Time', by), field('usage-remote', 'Remote', remote))), note, empty, drawn, rowsCard, used.box],
    stop: () => plot.stop(),
    async refresh() {
      fillRemotes(remote, remote.value || asked.remote);
      used.show();
      if (Date.now() - readAt < AGAIN_MILLIS) {
        return;
      }
      readAt = Date.now();
      const at = beginnings(by.value);
      const { kept, rows } = await rowsOf({ ...shown(), from: new Date(at[0]).toISOString() });
      note.hidden = kept;
      empty.hidden = rows.length > 0;
      drawn.hidden = rows.length === 0;
      rowsCard.hidden = rows.length === 0;
      if (rows.length > 0) {
        plot.show(by.value, at, rows);
        showLegend(legend, plot);
        setText(rowsCard.querySelector('h2'), each());
        table.show([...rows].reverse());
      }
    },
  };
}
