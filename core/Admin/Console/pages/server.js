// The server itself: its configuration, its plugins, and reading both anew.
import { call, get } from '../api.js';
import { ask } from '../dialog.js';
import { badge, button, card, code, facts, h, heading, list, notify, renew, state } from '../dom.js';
import { keepFresh } from '../live.js';
import { table } from '../table.js';
import { when } from '../time.js';

export const title = 'Server';

export async function draw(place, { signal }) {
  const parts = h('div', { class: 'stack' });
  place.append(h('div', { class: 'bar-head' }, heading('Server'), button('Reload the configuration…', reload, 'primary')), parts);
  const fresh = keepFresh(parts, 60_000, signal, async () => {
    const [plugins, health] = await Promise.all([get('plugins', null, signal), get('health', null, signal)]);
    renew(parts, [plugins, health.configuration, health.database, health.uptime], () => drawParts(plugins, health));
  });
  await fresh.again();

  async function reload() {
    const done = await ask({
      title: 'Reload the configuration?',
      text: h('p', {}, 'The server reads kipuka.toml, the files it names and the plugin folders anew. If anything is wrong, the present generation keeps serving; open connections are not cut.'),
      confirm: 'Reload',
      act: async () => {
        try {
          const outcome = await call('POST', 'reload');
          notify(`Generation ${outcome.generation} serves now.`);
        } catch (failure) {
          // Refused, with a list of what to mend: the page shows it.
          if (failure.answer?.status !== 'refused') throw failure;
          notify('The reload was refused; the page lists what to mend. The present generation keeps serving.');
        }
      },
    });
    if (done) await fresh.again();
  }
}

const drawParts = ({ generation, last_reload: last, leaked, plugins }, health) => [
  h('div', { class: 'columns' },
    card('Configuration', facts([
      ['Generation', `${generation} serves`],
      ['State', state(health.configuration.status)],
      ['Last reload', last ? [state(last.status), last.status === 'reloaded' && ` generation ${last.generation}`] : 'none since the start'],
      ['Problems', health.configuration.problems.length > 0 ? list(health.configuration.problems) : 'none'],
      ['Code still in memory', leaked.length > 0 ? list(leaked) : null],
      ['Version', health.version],
      ['Up', health.uptime],
    ])),
    card('Database', facts([
      ['State', [state(health.database.status), health.database.error && h('p', { class: 'small' }, health.database.error)]],
      ['Engine', health.database.backend],
      ['Connections', `${health.database.active_connections} busy, ${health.database.idle_connections} idle, at most ${health.database.pool_size}`],
      ['Writes that wait', String(health.database.queued_writes)],
    ]))),
  card('Plugins', table('Plugins', [
    ['Plugin', plugin => [h('strong', {}, `${plugin.kind}: ${plugin.name}`), h('p', { class: 'small' }, plugin.folder)]],
    ['Version', plugin => plugin.version],
    ['Trust', plugin => [badge(plugin.pin, plugin.pin === 'unpinned' ? 'fair' : 'good'), plugin.publisher && h('p', { class: 'small' }, plugin.publisher)]],
    ['Instances', plugin => h('ul', { class: 'plain' }, plugin.instances.map(one =>
      h('li', {}, code(one.id), ' ', state(one.state), h('span', { class: 'hint' }, ' since '), when(one.started, { hint: false }))))],
    ['SHA-256', plugin => h('code', { title: plugin.hash }, `${plugin.hash.slice(0, 12)}…`)],
  ], plugins, { title: 'No plugin serves' })),
];
