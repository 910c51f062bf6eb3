// Throughput over the last minutes.

import uPlot from '../webjars/uplot/dist/uPlot.esm.js';
import { element, setAttribute, setText } from './dom.js';
import { clock, exactRate, rate } from './format.js';

export const HEIGHT = 264;
const LEAST_SECONDS = 60;
const ROOM_FOR_CLOCK = 84;
const ROOM_FOR_RATE = 78;

/** Round in the unit that is shown. */
export const STEPS = Array.from({ length: 40 }, (_, power) => 2 ** power);

/** What a colour of the stylesheet is in the scheme that is shown; a canvas knows no variables. */
export function colour(name) {
  const probe = document.body.appendChild(element('span', { class: `probe-${name}` }));
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export const faint = (value) => value.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.10)');

export function axis(options) {
  const line = colour('line');
  return {
    stroke: colour('quiet'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    ...options,
  };
}

export class Plot {
  constructor(target, onCursor) {
    this.target = target;
    this.onCursor = onCursor;
    this.data = [[], [], []];
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(target);
    this.redraw = () => this.draw();
    document.addEventListener('theme', this.redraw);
  }

  /** Shows samples of one kind, that of all connections or of a port. */
  show(at, series) {
    this.data = [at.map((each) => Date.parse(each) / 1000), series.bytesIn, series.bytesOut];
    if (this.plot) {
      this.plot.setData(this.data);
    } else {
      this.draw();
    }
  }

  /** To be called when it goes. */
  stop() {
    document.removeEventListener('theme', this.redraw);
    this.resized.disconnect();
    this.plot?.destroy();
  }

  fit() {
    if (this.target.clientWidth > 0) {
      if (this.plot) {
        this.plot.setSize({ width: this.target.clientWidth, height: HEIGHT });
      } else {
        this.draw();
      }
    }
  }

  draw() {
    if (this.target.clientWidth === 0) {
      return;
    }
    this.plot?.destroy();
    this.target.replaceChildren();
    this.plot = new uPlot(this.options(), this.data, this.target);
  }

  options() {
    const line = (label, stroke) => ({ label, stroke, fill: faint(stroke), width: 1.5, points: { show: false } });
    return {
      width: this.target.clientWidth,
      height: HEIGHT,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { range: (u, min, max) => [Math.min(min ?? 0, (max ?? LEAST_SECONDS) - LEAST_SECONDS), max ?? LEAST_SECONDS] },
        y: { range: (u, min, max) => [0, Math.max(1024, (max ?? 0) * 1.1)] },
      },
      axes: [
        axis({ space: ROOM_FOR_CLOCK, size: 30, values: (u, splits) => splits.map((at) => (u.data[0].length === 0 ? '' : clock(at * 1000))) }),
        axis({ size: ROOM_FOR_RATE, incrs: STEPS, values: (u, splits) => splits.map((value) => (value === 0 ? '0' : rate(value).replace(/\.0+ /, ' '))) }),
      ],
      series: [{}, line('In', colour('in')), line('Out', colour('out'))],
      hooks: { setCursor: [(u) => this.onCursor(u.cursor.idx ?? undefined)] },
    };
  }
}

/** Says what a plot shows where the pointer is, or now; and all of it to who cannot see it. */
export function showLegend(legend, plot, index) {
  const [at, incoming, outgoing] = plot.data;
  const last = index ?? at.length - 1;
  const [ins, outs] = [incoming[last] ?? 0, outgoing[last] ?? 0];
  if (!legend.firstChild) {
    legend.append(element('span', { class: 'when quiet' }), element('span', { class: 'key in' }, 'In '), element('b'), element('span', { class: 'key out' }, 'Out '), element('b'));
  }
  setText(legend.children[0], index === undefined ? 'now' : clock(at[last] * 1000));
  setText(legend.children[2], rate(ins), exactRate(ins));
  setText(legend.children[4], rate(outs), exactRate(outs));
  if (index === undefined) {
    setAttribute(plot.target, 'aria-label', `Throughput over the last minutes. Now ${rate(ins)} in and ${rate(outs)} out; at most ${rate(Math.max(0, ...incoming))} in and ${rate(Math.max(0, ...outgoing))} out.`);
  }
}
