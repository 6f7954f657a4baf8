// One-time passwords: made, shown once, revoked.
import { call, get } from '../api.js';
import { ask, show } from '../dialog.js';
import { button, copyable, facts, field, h, heading, input, notify, renew, select } from '../dom.js';
import { keepFresh } from '../live.js';
import { table } from '../table.js';
import { when, whenText } from '../time.js';

export const title = 'One-time passwords';

export async function draw(place, { signal }) {
  const rows = h('div', {});
  place.append(h('div', { class: 'bar-head' }, heading('One-time passwords'), button('New password…', create, 'primary')),
    h('p', { class: 'hint' }, 'A device without a certificate enrolls with a password that was made for it. The list has those that can still be used.'), rows);
  const fresh = keepFresh(rows, 120_000, signal, refresh);
  await fresh.again();

  async function refresh() {
    const passwords = await get('otp', null, signal);
    renew(rows, passwords, () => table('One-time passwords', [
      ['For', one => one.entity_id ?? one.client_id ?? h('em', {}, 'anybody who has it')],
      ['Note', one => one.label],
      ['Only at label', one => one.est_label],
      ['Uses left', one => `${one.remaining_uses} of ${one.max_uses}`],
      ['Made', one => when(one.created_at)],
      ['Ends', one => when(one.expires_at)],
      ['', one => button('Revoke…', () => revoke(one), 'small danger', { 'aria-label': `Revoke the password for ${nameOf(one)}` })],
    ], passwords, { title: 'There is no password that can be used', hint: 'Make one for a device that is to enroll for the first time.' }));
  }

  async function create() {
    let made;
    const labels = (await get('labels', null, signal).catch(() => ({ labels: [] }))).labels.filter(label => label.name);
    const done = await ask({
      title: 'New one-time password',
      text: h('p', { class: 'hint' }, 'The password is shown once, when it has been made.'),
      fields: h('div', { class: 'form' }, 
        field('For', input('entity_id', '', { maxlength: '256' }), 'The device\'s id; it is the user name, or the user name stays empty.'),
        field('Note', input('label', '', { maxlength: '256' }), 'For people; it restricts nothing.'),
        labels.length > 0 && field('Only at label', select('est_label', '', [['', 'any label'], ...labels.map(label => [label.name, label.name])])),
        field('Valid for', select('ttl', '24h', [['1h', '1 hour'], ['8h', '8 hours'], ['24h', '1 day'], ['7d', '7 days'], ['30d', '30 days']])),
        field('Uses', input('max_uses', '1', { type: 'number', min: '1', max: '1000000', required: true }), 'How many certificates it is good for.')),
      confirm: 'Make it',
      act: async form => {
        const body = Object.fromEntries([...form].filter(([, value]) => value !== ''));
        made = await call('POST', 'otp', { body: { ...body, max_uses: Number(body.max_uses) } });
      },
    });
    if (!done) return;
    await show('The password', [
      h('p', {}, h('strong', {}, 'It is shown now and never again.'), ' Bring it to the device on a safe way.'),
      copyable(made.otp, 'Password'),
      facts([['For', made.entity_id ?? 'anybody who has it'], ['Ends', whenText(made.expires_at)], ['Uses', String(made.max_uses)]]),
    ], 'I have stored it');
    made = null;
    await fresh.again();
  }

  async function revoke(one) {
    const done = await ask({
      title: 'Revoke this password?',
      text: h('p', {}, 'The password for ', h('strong', {}, nameOf(one)), `, made ${whenText(one.created_at)}, can then no longer be used.`),
      confirm: 'Revoke',
      danger: true,
      act: () => call('DELETE', `otp/${encodeURIComponent(one.id)}`),
    });
    if (!done) return;
    notify('The password is revoked.');
    await fresh.again();
  }
}

const nameOf = one => one.entity_id ?? one.client_id ?? 'anybody who has it';
