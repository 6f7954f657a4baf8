// How the server does, and what it did.
import { get } from '../api.js';
import { chart } from '../chart.js';
import { card, empty, h, heading, list, newId, renew, select, state } from '../dom.js';
import { keepFresh } from '../live.js';
import { table } from '../table.js';
import { when } from '../time.js';

export const title = 'Overview';

const ranges = { '24h': [86400, '1h', 'Last 24 hours'], '7d': [7 * 86400, '6h', 'Last 7 days'], '30d': [30 * 86400, '1d', 'Last 30 days'], '1y': [365 * 86400, '7d', 'Last year'] };

export async function draw(place, { signal, setWaiting }) {
  const status = h('section', { 'aria-label': 'Health' });
  const figures = h('section', { class: 'tiles', 'aria-label': 'Figures' });
  const drawing = h('div', {});
  const range = select('range', '24h', Object.entries(ranges).map(([key, [, , label]]) => [key, label]), { 'aria-label': 'Time shown', onchange: () => fresh.again() });
  const over = h('h2', { id: newId('over') }, 'Issuance and failures');
  const parts = h('div', { class: 'columns' });
  place.append(heading('Overview'), status, figures,
    h('section', { 'aria-labelledby': over.id, class: 'card' }, h('div', { class: 'bar-head' }, over, range), drawing), parts);

  const fresh = keepFresh(status, 15_000, signal, refresh);
  await fresh.again();

  async function refresh() {
    const [seconds, bucket] = ranges[range.value];
    const from = new Date(Date.now() - seconds * 1000).toISOString();
    const [health, stats] = await Promise.all([get('health', null, signal), get('stats', { from, bucket }, signal)]);
    setWaiting(stats.pending_requests);
    const { status: word, version, uptime, configuration, cas, database, plugins, sinks } = health;
    const time = range.selectedOptions[0].textContent.toLowerCase();
    renew(status, [word, version, uptime, configuration], () => drawStatus(health));
    renew(figures, [stats.totals, stats.pending_requests, time], () => drawFigures(stats, time));
    renew(drawing, [stats.buckets, time], () => chart(stats, signal));
    renew(parts, [cas.map(ca => [ca.id, ca.status, ca.error, ca.last_sign_time]), database, plugins, sinks, stats.labels],
      () => [h('div', { class: 'stack' }, drawAuthorities(health), drawLabels(stats)), drawComponents(health)]);
  }
}

function drawStatus(health) {
  const words = {
    healthy: 'Everything works.',
    degraded: 'The server issues certificates, but something needs attention.',
    unhealthy: 'Something that issuing needs does not work.',
  };
  return [
    h('p', { class: `verdict ${health.status}` }, state(health.status), h('strong', {}, words[health.status]),
      h('span', { class: 'hint' }, `Version ${health.version} · up ${health.uptime} · generation ${health.configuration.generation}`)),
    health.configuration.problems.length > 0 && h('div', { class: 'problems' }, list(health.configuration.problems)),
  ].filter(Boolean);
}

function drawFigures(stats, time) {
  const tile = (name, number, style, link) => h(link ? 'a' : 'div', { class: `tile ${number > 0 ? style : ''}`, href: link },
    h('span', { class: 'number' }, number.toLocaleString('en')), h('span', { class: 'name' }, name), h('span', { class: 'hint' }, link ? 'now' : time));
  return [
    tile('issued', stats.totals.issued, 'issued'), tile('refused', stats.totals.refused, 'refused'), tile('failed', stats.totals.failed, 'failed'),
    tile('waiting for approval', stats.pending_requests, 'waiting', '#/requests'),
  ];
}


const drawAuthorities = health => card('Authorities', table('Authorities', [
  ['CA', ca => h('a', { href: `#/authorities?ca=${encodeURIComponent(ca.id)}` }, ca.id)],
  ['State', ca => [state(ca.status), ca.error && h('p', { class: 'small' }, ca.error)]],
  ['Last signed', ca => when(ca.last_sign_time)],
], health.cas, { title: 'There is no CA', hint: 'Without a [[ca]] table in kipuka.toml nothing can be issued.' }));

function drawComponents(health) {
  const { database } = health;
  const sinks = new Map(health.sinks.map(sink => [sink.instance, sink]));
  return card('Components', h('ul', { class: 'components' },
    component('database', `${database.backend}, ${database.active_connections} of ${database.pool_size} connections busy`, database.status, database.error),
    health.components.hsm && component('HSM', 'see the authorities that use it', health.components.hsm),
    health.plugins.filter(plugin => !plugin.instance.startsWith('ca:')).map(plugin => {
      const sink = sinks.get(plugin.instance);
      const error = plugin.error ?? sink?.error;
      return component(plugin.instance, `${plugin.plugin} ${plugin.version}`, error ? 'degraded' : plugin.state, error);
    })));
}

const component = (name, detail, word, error) => h('li', {},
  h('div', {}, h('strong', {}, name), h('span', { class: 'hint' }, detail), error && h('p', { class: 'small' }, error)), state(word));

function drawLabels(stats) {
  return card('By label', stats.labels.length === 0
    ? empty('Nothing yet', 'As soon as clients enroll, their labels are counted here.')
    : table('By label', [
      ['Label', label => label.label ?? h('em', {}, 'without a label')],
      ...['issued', 'refused', 'failed'].map(kind => [kind, label => String(label.count[kind]), 'number']),
    ], stats.labels, { title: '' }));
}

