// The journal: searched, and followed as it is written.
import { get } from '../api.js';
import { show } from '../dialog.js';
import { announce, button, code, facts, field, h, heading, input, select, state } from '../dom.js';
import { address, filters, goTo } from '../filters.js';
import { follow } from '../stream.js';
import { nothing, pager, table } from '../table.js';
import { when } from '../time.js';

export const title = 'Audit';

const mostLive = 200;
const words = [
  ['', 'all events'], ['enroll', 'enrollments'], ['reenroll', 'renewals'], ['reject', 'refusals'], ['revoke', 'revocations'], ['auth.*', 'authentication'],
  ['otp.*', 'one-time passwords'], ['approval.*', 'approvals'], ['admin.*', 'operators'], ['ca.*', 'authorities'], ['key.*', 'keys'], ['config.*', 'configuration'],
  ['plugin.*', 'plugins'], ['server.*', 'server'],
];

export async function draw(place, { query, signal }) {
  const { action, subject, actor, ca, outcome, from, to, page = '1' } = query;
  const filter = { action, subject, ca, actor, outcome, start: from, end: to };
  const rows = h('div', { class: 'stack' });
  const live = button('Follow live', toggle, '', { 'aria-pressed': 'false' });
  const liveState = h('span', { class: 'hint', role: 'status' });
  place.append(
    h('div', { class: 'bar-head' }, heading('Audit'), h('div', { class: 'buttons' }, liveState, live)),
    filters('audit', [
      field('Events', select('action', action, words.some(([key]) => key === (action ?? '')) ? words : [...words, [action, action]])),
      field('Subject contains', input('subject', subject, { type: 'search' })),
      field('Who contains', input('actor', actor, { type: 'search' })),
      field('CA', input('ca', ca)),
      field('Result', select('outcome', outcome, [['', 'any'], ['success', 'success'], ['failure', 'failure']])),
      field('From', input('from', from, { type: 'date' })),
      field('to', input('to', to, { type: 'date' })),
    ], Object.keys(query).some(key => key !== 'page')),
    rows);
  await showPage();

  async function showPage() {
    const found = await get('audit', { ...filter, page, per_page: 50 }, signal);
    rows.replaceChildren(drawRecords(found.events, false, found), pager(found, next => goTo('audit', { ...query, page: next })) ?? '');
  }

  let following = null;

  async function toggle() {
    if (following) {
      following.abort();
      return;
    }
    following = new AbortController();
    signal.addEventListener('abort', () => following?.abort());
    live.setAttribute('aria-pressed', 'true');
    live.textContent = 'Stop following';
    const records = [];
    let told = 0;
    rows.replaceChildren(drawRecords(records, true));
    try {
      await follow('audit/stream', {
        query: { action, subject, actor, ca, outcome },
        signal: following.signal,
        onState: now => { liveState.textContent = now === 'live' ? 'Live: new records appear by themselves.' : 'The connection broke; trying again…'; },
        onEvent: event => {
          const record = JSON.parse(event.data);
          if (records.length === 0) rows.replaceChildren(drawRecords([record], true));
          else rows.querySelector('tbody').prepend(drawRecords([record], true).querySelector('tbody tr'));
          records.unshift(record);
          if (records.length > mostLive) {
            records.pop();
            rows.querySelector('tbody').lastElementChild.remove();
          }
          // Read aloud, a busy server would never stop talking.
          if (Date.now() - told > 10_000) {
            told = Date.now();
            announce(`New record: ${nameOf(record)}`);
          }
        },
      });
    } catch (failure) {
      if (!signal.aborted) rows.prepend(h('p', { class: 'error', role: 'alert' }, failure.message));
    }
    following = null;
    live.setAttribute('aria-pressed', 'false');
    live.textContent = 'Follow live';
    liveState.textContent = '';
    if (!signal.aborted && records.length === 0 && !rows.querySelector('.error')) await showPage().catch(failure => rows.replaceChildren(h('p', { class: 'error', role: 'alert' }, failure.message)));
  }
}

const nameOf = record => record.event_type;

// Members that have a column of their own, and what the chain is made of.
const inColumns = ['timestamp', 'event_type', 'action', 'outcome', 'result', 'actor', 'source_ip', 'client_ip', 'details'];

function drawRecords(records, live, found) {
  return table('Journal', [
    ['Time', record => when(record.timestamp, { seconds: true, hint: false })],
    ['Event', record => code(nameOf(record))],
    ['Result', record => state(record.outcome)],
    ['Who', record => [record.actor ?? h('span', { class: 'none' }, 'nobody proven'), h('p', { class: 'small' }, record.source_ip)]],
    ['What', what, 'wide'],
    ['', record => button('Details', () => show(nameOf(record), drawDetails(record), 'Close'), 'small', { 'aria-label': `Details of record ${record.sequence}` })],
  ], records, live
    ? { title: 'Waiting for the next record', hint: 'Records appear here as soon as they are written.' }
    : nothing(found, 'No record fits', h('a', { href: '#/audit' }, 'Show the whole journal')));
}

function what(record) {
  const { method, path, status, reason } = record.details;
  const about = record.subject ?? (path && `${method} ${path}${status ? ` → ${status}` : ''}`);
  const more = [record.label && `label ${record.label}`, record.ca_id && `CA ${record.ca_id}`, record.outcome === 'failure' && reason].filter(Boolean).join(' · ');
  return [about, h('p', { class: 'small' }, more)];
}

function drawDetails(record) {
  const members = Object.entries({ ...record.details, ...record }).filter(([name, value]) => !inColumns.includes(name) && value !== null);
  return [
    facts([['Time', when(record.timestamp, { seconds: true })], ['Result', state(record.outcome)], ['Who', record.actor], ['From', record.source_ip],
      ...members.map(([name, value]) => [code(name), String(value)])]),
    record.serial && h('p', {}, h('a', { href: address(`certificates/${record.serial}`, { ca: record.ca_id }), onclick: event => event.target.closest('dialog').close() }, 'Open the certificate')),
  ];
}
