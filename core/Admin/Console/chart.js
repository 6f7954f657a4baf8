// Bars over time, drawn as SVG; the same numbers stand in a table beside it.
import { h, svg } from './dom.js';
import { clock, day } from './time.js';
import { table } from './table.js';

const height = 200;
const margin = { top: 12, right: 4, bottom: 24, left: 40 };
const kinds = [['issued', 'Issued'], ['refused', 'Refused'], ['failed', 'Failed']];

/** @param {{from: string, to: string, bucket_seconds: number, totals: object, buckets: {start: string, count: object}[]}} stats */
export function chart(stats, signal) {
  const reading = h('p', { class: 'reading', 'aria-hidden': 'true' });
  const place = h('div', { class: 'chart' });
  const observer = new ResizeObserver(() => { if (place.clientWidth > 0) place.replaceChildren(draw(stats, place.clientWidth, reading)); });
  observer.observe(place);
  signal.addEventListener('abort', () => observer.disconnect());
  return h('figure', { class: 'chart-figure' },
    h('figcaption', { class: 'legend' }, kinds.map(([kind, label]) => h('span', {}, h('i', { class: `key ${kind}` }), `${label} ${stats.totals[kind]}`)), reading),
    place,
    h('details', {}, h('summary', {}, 'The same as a table'), table('Certificates and requests over time', [
      ['From', bucket => label(bucket.start, stats)],
      ...kinds.map(([kind, title]) => [title, bucket => String(bucket.count[kind]), 'number']),
    ], stats.buckets.filter(bucket => sum(bucket) > 0).reverse(), { title: 'Nothing happened in this time.' })));
}

const sum = bucket => kinds.reduce((all, [kind]) => all + bucket.count[kind], 0);

function draw(stats, width, reading) {
  const most = nice(Math.max(1, ...stats.buckets.map(sum)));
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const step = inner.width / stats.buckets.length;
  const y = value => margin.top + inner.height * (1 - value / most);
  const text = kinds.map(([kind]) => `${stats.totals[kind]} ${kind}`).join(', ');
  return svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `From ${label(stats.from, stats)} on: ${text}` },
    ticks(most).map(value => [
      svg('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }),
      svg('text', { class: 'axis', x: margin.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, short(value)),
    ]),
    stats.buckets.map((bucket, place) => bars(bucket, margin.left + place * step, step, y)),
    dates(stats, step).map(([place, name]) =>
      svg('text', { class: 'axis', x: margin.left + place * step, y: height - 6, 'text-anchor': place === 0 ? 'start' : 'middle' }, name)),
    stats.buckets.map((bucket, place) => svg('rect', {
      class: 'hit', x: margin.left + place * step, y: margin.top, width: step, height: inner.height,
      onpointerenter: () => { reading.textContent = `${label(bucket.start, stats)}: ${kinds.map(([kind]) => `${bucket.count[kind]} ${kind}`).join(', ')}`; },
      onpointerleave: () => { reading.textContent = ''; },
    })));
}

function bars(bucket, x, step, y) {
  const gap = step > 6 ? Math.min(4, step / 5) : 0;
  let below = 0;
  return kinds.filter(([kind]) => bucket.count[kind] > 0).map(([kind]) => {
    const [bottom, top] = [y(below), y(below + bucket.count[kind])];
    below += bucket.count[kind];
    // One among thousands is still to be seen.
    const size = Math.max(2, bottom - top);
    return svg('rect', { class: `bar ${kind}`, x: x + gap / 2, width: step - gap, y: bottom - size, height: size, rx: step > 10 ? 1.5 : 0 });
  });
}

// 1, 2 or 5 times a power of ten.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= value);
}

function ticks(most) {
  const number = most < 4 ? most : most % 4 === 0 ? 4 : 5;
  return Array.from({ length: number + 1 }, (_, place) => most * place / number).filter(Number.isInteger);
}

const short = value => (value >= 1e6 ? `${value / 1e6}M` : value >= 1e4 ? `${value / 1e3}k` : String(value));

function label(text, stats) {
  const date = new Date(text);
  return stats.bucket_seconds >= 86400 ? day(date) : `${day(date)} ${clock(date)} UTC`;
}

function dates(stats, step) {
  const every = Math.max(1, Math.ceil(90 / step));
  return stats.buckets.map((bucket, place) => [place, bucket.start]).filter(([place]) => place % every === 0 && (place + 0.5) * step < step * stats.buckets.length - 30)
    .map(([place, start]) => {
      const date = new Date(start);
      const name = stats.bucket_seconds >= 86400 ? day(date).slice(5) : clock(date) === '00:00' ? day(date).slice(5) : clock(date);
      return [place, name];
    });
}
