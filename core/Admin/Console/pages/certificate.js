// One certificate: what is in it, who asked for it, its chain, and its revocation.
import { call, get } from '../api.js';
import { ask } from '../dialog.js';
import { button, card, code, copyable, facts, field, h, heading, list, notify, select, state } from '../dom.js';
import { address } from '../filters.js';
import { table } from '../table.js';
import { when } from '../time.js';

export const title = 'Certificate';

const reasons = [
  ['unspecified', 'unspecified'], ['keyCompromise', 'its key was compromised'], ['affiliationChanged', 'the affiliation changed'],
  ['superseded', 'it was replaced'], ['cessationOfOperation', 'it is no longer needed'], ['privilegeWithdrawn', 'its privileges were withdrawn'],
];

export async function draw(place, context) {
  const { id, query, signal } = context;
  const back = h('p', {}, h('a', { href: '#/certificates' }, 'All certificates'));
  place.append(back);
  const details = await get(`certs/${encodeURIComponent(id)}`, { ca: query.ca }, signal);
  const { certificate: one } = details;
  const authority = await get(`ca/${encodeURIComponent(one.ca_id)}`, null, signal).catch(failure => {
    // A CA that is no longer configured has issued it all the same.
    if (failure.status === 404) return null;
    throw failure;
  });
  back.after(
    h('div', { class: 'bar-head' }, heading(one.subject || '(empty subject)'),
      one.status === 'revoked' ? null : button('Revoke…', () => revoke(one, redraw), 'danger')),
    h('div', { class: 'columns' },
      card('Certificate', facts([
        ['State', [state(one.status), one.revocation_time && [' ', when(one.revocation_time), h('p', { class: 'small' }, `Reason: ${one.revocation_reason ?? 'unspecified'}`)]]],
        ['Told to the CA', details.ca_notice && notice(details.ca_notice)],
        ['Subject', one.subject],
        ['Alternative names', details.subject_alt_names.length > 0 ? list(details.subject_alt_names) : 'none'],
        ['Issuer', one.issuer],
        ['Valid from', when(one.not_before)],
        ['Valid to', when(one.not_after)],
        ['Key', details.key_type],
        ['Serial number', code(one.serial)],
        ['SHA-256', code(details.fingerprint_sha256)],
      ])),
      card('Issuing', facts([
        ['Issued', when(one.issued_at, { seconds: true })],
        ['By', one.ca_id],
        ['Label', one.label ?? 'without a label'],
        ['Operation', code(one.enrollment_type)],
        ['Asked by', details.identity],
        ['Transaction', code(details.transaction)],
        ['Journal', h('a', { href: address('audit', { subject: one.subject }) }, 'records with this subject')],
      ]))),
    card('Chain', table('Chain above the certificate', [
      ['Subject', entry => entry.subject],
      ['Key', entry => entry.key_algorithm],
      ['Ends', entry => when(entry.not_after)],
      ['Serial number', entry => code(entry.serial)],
    ], authority?.certificate_chain ?? [], { title: 'The chain is not known', hint: 'The CA is not configured any more, or has not been reached since the server started.' })),
    card('PEM', copyable(details.pem, 'Certificate in PEM')));

  async function redraw() {
    place.replaceChildren();
    await draw(place, context);
    place.querySelector('h1').focus();
  }
}

// A CA that keeps its own record of revocations is told of them, until it agrees.
function notice(told) {
  if (told.status === 'told') return when(told.told_at);
  if (told.status === 'waiting') return 'not yet';
  return ['not yet: it is tried again ', when(told.next_attempt), h('p', { class: 'small' }, told.reason)];
}

async function revoke(one, redraw) {
  const done = await ask({
    title: 'Revoke this certificate?',
    text: [
      h('p', {}, 'The certificate ', h('strong', {}, one.subject || '(empty subject)'), ' with the serial number ', code(one.serial), ` of the CA ${one.ca_id} will be revoked.`),
      h('p', {}, 'From then on it does not enroll, renew or sign in here. There is no way back.'),
    ],
    fields: field('Reason', select('reason', 'unspecified', reasons)),
    confirm: 'Revoke',
    danger: true,
    act: form => call('POST', `certs/${encodeURIComponent(one.serial)}/revoke`, { body: { reason: form.get('reason'), ca: one.ca_id } }),
  });
  if (!done) return;
  notify('The certificate is revoked.');
  await redraw();
}
