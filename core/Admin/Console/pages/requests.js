// Requests that wait for an operator's word.
import { call, get } from '../api.js';
import { ask, show } from '../dialog.js';
import { button, code, copyable, empty, facts, field, h, heading, list, notify, renew, state } from '../dom.js';
import { address, goTo } from '../filters.js';
import { keepFresh } from '../live.js';
import { pager } from '../table.js';
import { when } from '../time.js';

export const title = 'Requests';

export async function draw(place, { query, signal, setWaiting }) {
  const all = query.status === 'all';
  const rows = h('div', { class: 'stack' });
  place.append(heading('Requests'), h('nav', { class: 'tabs', 'aria-label': 'Which requests' },
    tab('Waiting', {}, !all), tab('All', { status: 'all' }, all)), rows);
  let known = null;
  // The figures are asked often, the list only when they say that it has changed: what is read of requests is recorded in the journal.
  const fresh = keepFresh(rows, 10_000, signal, async () => {
    const { pending_requests: waiting } = await get('stats', null, signal);
    setWaiting(waiting);
    if (waiting !== known) await refresh();
    known = waiting;
  });
  await fresh.again();

  async function refresh() {
    const found = await get('requests', { status: all ? 'all' : null, page: query.page ?? 1, per_page: 20 }, signal);
    renew(rows, found, () => [
      found.requests.map(request => drawRequest(request, decide)),
      found.complete && found.requests.length === 0 && (all
        ? empty('There have been no requests', 'Labels with approval = "manual" let an operator decide about every certificate.')
        : empty('Nothing waits for a decision', 'Requests to labels with approval = "manual" appear here by themselves.')),
      pager(found, next => goTo('requests', { ...query, page: next })),
    ]);
  }

  async function decide(request, question) {
    if (!await ask(question)) return;
    notify(question.done);
    known = null;
    await fresh.again();
  }
}

const tab = (label, query, current) => h('a', { href: address('requests', query), 'aria-current': current ? 'page' : null }, label);

function drawRequest(request, decide) {
  const name = request.subject || request.subject_alt_names[0] || '(empty subject)';
  const open = request.status === 'pending';
  return h('article', { class: 'card', 'aria-label': `Request for ${name}` },
    h('div', { class: 'bar-head' }, h('h2', {}, name), state(request.status)),
    facts([
      ['Alternative names', request.subject_alt_names.length > 0 ? list(request.subject_alt_names) : 'none'],
      ['For', request.ext_key_usages.join(', ')],
      ['Key', request.key_type],
      ['Asked by', request.requester],
      ['From', request.source_ip],
      ['Label', request.label ?? 'without a label'],
      ['CA', request.ca_id],
      ['Operation', code(request.enrollment_type)],
      ['Asked', when(request.created_at)],
      ['Waits until', open && when(request.expires_at)],
      ['Decided', request.decided_at && [when(request.decided_at), ` by ${request.decided_by}`]],
      ['Reason', request.reason],
    ].filter(([, value]) => value)),
    h('div', { class: 'buttons' },
      open && button('Approve…', () => decide(request, approval(request, name)), 'primary', { 'aria-label': `Approve the request for ${name}` }),
      open && button('Reject…', () => decide(request, rejection(request, name)), 'danger', { 'aria-label': `Reject the request for ${name}` }),
      button('Show the request', () => showRequest(request.id, name), '', { 'aria-label': `Show the request for ${name} as it was sent` })));
}

const names = request => h('ul', { class: 'plain' }, [request.subject, ...request.subject_alt_names].filter(Boolean).map(text => h('li', {}, h('strong', {}, text))));

const approval = (request, name) => ({
  title: 'Approve this request?',
  text: [h('p', {}, `The CA ${request.ca_id} will certify these names for ${request.requester}, as soon as the client asks again:`), names(request)],
  confirm: 'Approve',
  done: `The request for ${name} is approved.`,
  act: () => call('POST', `requests/${request.id}/approve`),
});

const rejection = (request, name) => ({
  title: 'Reject this request?',
  text: [h('p', {}, `${request.requester} gets no certificate for:`), names(request)],
  fields: field('Reason', h('textarea', { name: 'reason', required: true, maxlength: '500', rows: '3' }), 'The client is told.'),
  confirm: 'Reject',
  danger: true,
  done: `The request for ${name} is rejected.`,
  act: form => call('POST', `requests/${request.id}/reject`, { body: { reason: form.get('reason').replaceAll(/\s+/g, ' ').trim() } }),
});

async function showRequest(id, name) {
  let content;
  try {
    const details = await get(`requests/${id}`);
    content = copyable(details.pem ?? details.der, 'Request');
  } catch (failure) {
    content = h('p', { class: 'error', role: 'alert' }, failure.message);
  }
  await show(`Request for ${name}`, content, 'Close');
}
