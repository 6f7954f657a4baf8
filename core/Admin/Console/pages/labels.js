// Where clients enroll, and what policy allows there.
import { get } from '../api.js';
import { code, empty, facts, h, heading, list, renew } from '../dom.js';
import { address } from '../filters.js';
import { keepFresh } from '../live.js';

export const title = 'Labels';

export async function draw(place, { signal }) {
  const rows = h('div', { class: 'stack' });
  place.append(heading('Labels'), h('p', { class: 'hint' }, 'A label is a path at which clients enroll, with a policy of its own. Labels are configured in kipuka.toml.'), rows);
  await keepFresh(rows, 120_000, signal, async () => {
    const { labels } = await get('labels', null, signal);
    renew(rows, labels, () => (labels.length > 0 ? labels.map(drawLabel)
      : empty('There is no label', 'Without a [[ca]] table in kipuka.toml there is nothing to enroll at.')));
  }).again();
}

function drawLabel(label) {
  const name = label.name ?? 'Without a label';
  return h('article', { class: 'card', 'aria-label': name },
    h('div', { class: 'bar-head' }, h('h2', {}, name), h('a', { href: address('certificates', { label: label.name }) }, 'Certificates')),
    facts([
      ['Path', code(label.path)],
      [label.group ? 'Group' : 'CA', label.group ? `${label.group} (${label.cas.join(', ')})` : label.ca_id],
      ['Authentication', label.auth.length > 0 ? label.auth.join(', then ') : 'none is configured, so nobody can enroll'],
      ['Profile', label.profile],
    ]),
    list(label.rules),
    h('details', {}, h('summary', {}, 'All values'), facts(Object.entries(label.policy).map(([key, value]) => [code(key), textOf(value)]))));
}

function textOf(value) {
  if (value === null) return h('span', { class: 'none' }, 'not set');
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : h('span', { class: 'none' }, 'none');
  return String(value);
}
