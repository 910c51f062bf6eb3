// Numbers as people read them, and exactly.

const whole = new Intl.NumberFormat('en');
const clockFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

export const NONE = '–';

export const number = (value) => whole.format(value);

function scaled(value, base, units) {
  let unit = 0;
  let rest = value;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= base;
    unit++;
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2;
  return `${rest.toFixed(digits)} ${units[unit]}`;
}

export const bytes = (value) => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
export const exactBytes = (value) => `${number(value)} bytes`;
export const rate = (value) => scaled(value, 1024, ['B/s', 'KiB/s', 'MiB/s', 'GiB/s']);
export const exactRate = (value) => `${number(Math.round(value))} bytes per second`;

export function millis(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  } else if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  } else if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, '0')} min`;
  }
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

export const since = (instant) => (instant ? duration(Date.now() - Date.parse(instant)) : NONE);
/** How long ago, in words. */
export const ago = (instant) => `${since(instant)} ago`;
export const date = (instant) => (instant ? dateFormat.format(new Date(instant)) : '');
export const clock = (instant) => clockFormat.format(new Date(instant));

/** A key such as target_refused. */
export const words = (key) => key.replaceAll(/[_-]/g, ' ');

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

export const sum = (counts) => Object.values(counts ?? {}).reduce((total, count) => total + count, 0);

/** Counts by key, the largest first. */
export const listed = (counts) =>
  Object.entries(counts ?? {})
    .sort((a, b) => b[1] - a[1])
    .map(([key, count]) => `${words(key)}: ${number(count)}`)
    .join('\n');
