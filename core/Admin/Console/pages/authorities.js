// The CAs, and the groups in which they stand in for each other.
import { call, get, getIfThere, send } from '../api.js';
import { ask, show } from '../dialog.js';
import { button, card, code, copyable, facts, h, heading, notify, renew, state } from '../dom.js';
import { keepFresh } from '../live.js';
import { table } from '../table.js';
import { when } from '../time.js';

export const title = 'Authorities';

export async function draw(place, { query, signal }) {
  const groups = h('div', {});
  const cas = h('div', { class: 'stack' });
  place.append(heading('Authorities'), groups, cas);
  const fresh = keepFresh(groups, 60_000, signal, refresh);
  await fresh.again();
  if (query.ca) document.getElementById(`ca-${query.ca}`)?.scrollIntoView();

  async function refresh() {
    const [list, ha] = await Promise.all([get('ca', null, signal), getIfThere('ha', null, signal)]);
    renew(groups, ha, () => (ha?.groups ?? []).map(group => drawGroup(group, fresh.again)));
    renew(cas, list.map(ca => ({ ...ca, last_check: null })), () => list.map(drawAuthority));
  }
}

function drawGroup(group, again) {
  return card(`Group ${group.name}`,
    h('p', { class: 'hint' }, `Strategy: ${group.strategy ?? 'none, there is one CA'}`),
    table(`Members of the group ${group.name}`, [
      ['CA', member => member.id],
      ['State', member => state(member.status ?? member.state)],
      ['Weight', member => (member.weight === undefined ? null : String(member.weight)), 'number'],
      ['Last error', member => member.error],
      ['', member => group.members.length > 1 && button('Fail over', () => failOver(group, member, again), 'small', { 'aria-label': `Fail over away from ${member.id}` })],
    ], group.members, { title: 'This group has no members.' }));
}

async function failOver(group, member, again) {
  const others = group.members.filter(other => other.id !== member.id).map(other => other.id);
  const done = await ask({
    title: `Take ${member.id} out of use?`,
    text: h('p', {}, `The group ${group.name} then issues from ${others.join(', ')}. ${member.id} comes back when its health checks succeed after its recovery time.`),
    confirm: 'Fail over',
    danger: true,
    act: () => call('POST', 'ha/failover', { body: { group: group.name, from: member.id } }),
  });
  if (!done) return;
  notify(`${member.id} is out of use.`);
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
      ['Issued ever', h('a', { href: `#/certificates?ca=${encodeURIComponent(ca.id)}` }, ca.certs_issued_total.toLocaleString('en'))],
      ['Active', ca.active_certificates.toLocaleString('en')],
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

async function showChain(id) {
  let content;
  try {
    content = copyable(await (await send('GET', `ca/${encodeURIComponent(id)}/chain`)).text(), `Chain of ${id}`);
  } catch (failure) {
    content = h('p', { class: 'error', role: 'alert' }, failure.message);
  }
  await show(`Chain of ${id}`, content, 'Close');
}
