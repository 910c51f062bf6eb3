// Two small lines: what came in, what went out.

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 100;
const HEIGHT = 22;
const SAMPLES = 60;

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

function points(values, most) {
  const step = WIDTH / Math.max(1, values.length - 1);
  return values.map((value, i) => `${(i * step).toFixed(1)},${(HEIGHT - 1.5 - (value / most) * (HEIGHT - 3)).toFixed(1)}`).join(' ');
}

/** Shows the last samples; numbers beside it say what they are. */
export function showSpark(target, series) {
  let picture = target.querySelector('svg');
  if (!picture) {
    picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'spark', 'aria-hidden': 'true' });
    picture.append(svg('polyline', { class: 'line-out' }), svg('polyline', { class: 'line-in' }));
    target.append(picture);
  }
  const incoming = (series?.bytesIn ?? []).slice(-SAMPLES);
  const outgoing = (series?.bytesOut ?? []).slice(-SAMPLES);
  const most = Math.max(1, ...incoming, ...outgoing);
  picture.children[0].setAttribute('points', points(outgoing, most));
  picture.children[1].setAttribute('points', points(incoming, most));
}
