// What was issued.
import { get } from '../api.js';
import { code, field, h, heading, input, renew, select, state } from '../dom.js';
import { address, dayTime, filters, goTo } from '../filters.js';
import { keepFresh } from '../live.js';
import { nothing, pager, table } from '../table.js';
import { when } from '../time.js';

export const title = 'Certificates';

export async function draw(place, { query, signal }) {
  const { page = '1', status, subject, ca, label, after, before } = query;
  const isFiltered = Object.keys(query).some(key => key !== 'page');
  place.append(heading('Certificates'), filters('certificates', [
    field('Subject contains', input('subject', subject, { type: 'search' })),
    field('State', select('status', status, [['', 'all'], ['active', 'active'], ['revoked', 'revoked'], ['expired', 'expired']])),
    field('CA', input('ca', ca)),
    field('Label', input('label', label)),
    field('Issued from', input('after', after, { type: 'date' })),
    field('to', input('before', before, { type: 'date' })),
  ], isFiltered), serialForm());
  const rows = h('div', { class: 'stack' });
  place.append(rows);
  await keepFresh(rows, 60_000, signal, async () => {
    const found = await get('certs', {
      page, per_page: 25, status, subject, ca, label, issued_after: dayTime(after), issued_before: dayTime(before, true),
    }, signal);
    renew(rows, found, () => drawPage(found, query, isFiltered));
  }).again();
}

const drawPage = (found, query, isFiltered) => [
  table('Certificates', [
    ['Subject', one => h('a', { href: link(one) }, one.subject || '(empty)'), 'wide'],
    ['State', one => state(one.status)],
    ['CA', one => one.ca_id],
    ['Label', one => one.label],
    ['Issued', one => when(one.issued_at)],
    ['Ends', one => when(one.not_after)],
    ['Serial number', one => code(`${one.serial.slice(0, 12)}…`)],
  ], found.certificates, isFiltered
    ? nothing(found, 'No certificate fits the filter', h('a', { href: '#/certificates' }, 'Show all certificates'))
    : nothing(found, 'Nothing has been issued yet', 'As soon as a client enrolls, its certificate is listed here.')),
  pager(found, next => goTo('certificates', { ...query, page: next })),
];

const link = one => address(`certificates/${one.serial}`, { ca: one.ca_id });

function serialForm() {
  return h('form', {
    class: 'filters', 'aria-label': 'Find by serial number',
    onsubmit: event => {
      event.preventDefault();
      const serial = new FormData(event.target).get('serial').replaceAll(/[\s:]/g, '');
      if (serial) goTo(`certificates/${encodeURIComponent(serial)}`, {});
    },
  }, field('Serial number', input('serial', '', { class: 'long', placeholder: 'hex, with or without colons' })),
  h('div', { class: 'buttons' }, h('button', { type: 'submit' }, 'Open')));
}
