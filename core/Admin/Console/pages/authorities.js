// The CAs, and the groups in which they stand in for each other.
import { call, get, send } from '../api.js';
import { ask, show } from '../dialog.js';
import { button, card, code, copyable, facts, field, h, heading, input, notify, renew, select, state } from '../dom.js';
import { keepFresh } from '../live.js';
import { table } from '../table.js';
import { when } from '../time.js';

export const title = 'Authorities';

export async function draw(place, { query, signal }) {
  const groups = h('div', { class: 'stack' });
  const cas = h('div', { class: 'stack' });
  place.append(heading('Authorities'), groups, cas);
  const fresh = keepFresh(groups, 60_000, signal, refresh);
  await fresh.again();
  if (query.ca) document.getElementById(`ca-${query.ca}`)?.scrollIntoView();

  async function refresh() {
    const [list, ha] = await Promise.all([get('ca', null, signal), get('ha', null, signal)]);
    renew(groups, ha, () => ha.groups.filter(group => group.members.length > 1).map(group => drawGroup(group, fresh.again)));
    renew(cas, list.map(ca => ({ ...ca, last_check: null })), () => list.map(drawAuthority));
  }
}

function drawGroup(group, again) {
  const lift = () => decide({
    title: 'End the forced failover?',
    text: h('p', {}, `The strategy ${group.strategy} decides again which CA of the group ${group.name} serves.`),
    confirm: 'End it',
    done: `The strategy of the group ${group.name} decides again.`,
    act: () => call('DELETE', `ha/failover/${encodeURIComponent(group.name)}`),
  }, again);
  return card(`Group ${group.name}`,
    h('p', { class: 'hint' }, `Strategy: ${group.strategy}`),
    group.failover && h('div', { class: 'problems bar-head' },
      h('p', {}, `${group.failover.to ? `Only ${group.failover.to} serves` : `${group.failover.off} does not serve`}, by the word of ${group.failover.created_by}`,
        group.failover.reason ? ` (${group.failover.reason})` : '', ', until ', when(group.failover.expires_at)),
      button('End it…', lift, 'small', { 'aria-label': `End the forced failover of the group ${group.name}` })),
    table(`Members of the group ${group.name}`, [
      ['CA', member => member.id],
      ['State', member => [state(member.state), member.reason && h('p', { class: 'small' }, member.reason)]],
      ['In use', member => (member.usable && (!group.failover?.to || group.failover.to === member.id) ? 'yes' : 'no')],
      ['Since', member => when(member.since)],
      ['Latency', member => (member.latency_ms === null ? null : `${member.latency_ms.toFixed(1)} ms`), 'number'],
      ['In work', member => String(member.in_flight), 'number'],
      ['Weight', member => String(member.weight), 'number'],
      ['Failures', member => `${member.consecutive_failures} of ${member.failure_threshold}`, 'number'],
      ['Choice', member => h('div', { class: 'buttons' },
        button('Use only this…', () => force(group, { to: member.id }, again), 'small', { 'aria-label': `Use only ${member.id} in the group ${group.name}` }),
        button('Take out…', () => force(group, { off: member.id }, again), 'small danger', { 'aria-label': `Take ${member.id} out of the group ${group.name}` }))],
    ], group.members, { title: 'This group has no members.' }));
}

function force(group, choice, again) {
  const others = group.members.map(member => member.id).filter(id => id !== (choice.to ?? choice.off)).join(', ');
  return decide({
    title: choice.to ? `Use only ${choice.to}?` : `Take ${choice.off} out of use?`,
    text: h('p', {}, choice.to
      ? `The group ${group.name} then issues from ${choice.to} alone, and not from ${others}, until this ends.`
      : `The group ${group.name} then issues from ${others}, and not from ${choice.off}, until this ends.`),
    fields: [
      field('Ends after', select('ttl', '1h', [['15m', '15 minutes'], ['1h', '1 hour'], ['8h', '8 hours'], ['1d', '1 day'], ['7d', '7 days']])),
      field('Reason', input('reason', '', { maxlength: '500' }), 'For the journal and for other operators.'),
    ],
    confirm: choice.to ? 'Use only this' : 'Take it out',
    danger: true,
    done: choice.to ? `The group ${group.name} issues from ${choice.to} alone.` : `${choice.off} is out of use.`,
    act: form => call('POST', 'ha/failover', { body: { group: group.name, ...choice, ttl: form.get('ttl'), reason: form.get('reason') || null } }),
  }, again);
}

async function decide(question, again) {
  if (!await ask(question)) return;
  notify(question.done);
  await again();
}

function drawAuthority(ca) {
  const section = card(ca.name === ca.id ? ca.id : `${ca.name} (${ca.id})`,
    facts([
      ['State', [state(ca.status), ca.error && h('p', { class: 'small' }, ca.error)]],
      ['Plugin', ca.type],
      ['Label', ca.label],
      ['Its certificate ends', when(ca.cert_not_after)],
      ['Last signed', when(ca.last_sign_time)],
      ['Issued today', ca.certs_issued_today.toLocaleString('en')],
      ['Issued ever', [h('a', { href: `#/certificates?ca=${encodeURIComponent(ca.id)}` }, ca.certs_issued_total.toLocaleString('en')), uncounted(ca)]],
      ['Active', [ca.active_certificates.toLocaleString('en'), uncounted(ca)]],
    ]),
    h('h3', {}, 'Chain'),
    table(`Certificate chain of ${ca.id}`, [
      ['Subject', entry => entry.subject],
      ['Issuer', entry => (entry.issuer === entry.subject ? 'itself' : entry.issuer)],
      ['Key', entry => entry.key_algorithm],
      ['Ends', entry => when(entry.not_after)],
      ['Serial number', entry => code(entry.serial)],
    ], ca.certificate_chain, { title: 'Its certificates are not known yet', hint: 'The CA has not been reached since the server started.' }),
    ca.certificate_chain.length > 0 && button('Show as PEM', () => showChain(ca.id), 'small', { 'aria-label': `Show the chain of ${ca.id} as PEM` }));
  section.id = `ca-${ca.id}`;
  return section;
}

const uncounted = ca => (ca.figures_complete ? '' : ' so far: the server is still counting');

async function showChain(id) {
  let content;
  try {
    content = copyable(await (await send('GET', `ca/${encodeURIComponent(id)}/chain`)).text(), `Chain of ${id}`);
  } catch (failure) {
    content = h('p', { class: 'error', role: 'alert' }, failure.message);
  }
  await show(`Chain of ${id}`, content, 'Close');
}
