// Elements, made from values: what comes from the server only ever becomes text.

/** An element. Children are elements, texts, numbers, arrays of these, or nothing (null, false). */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

let ids = 0;
export const newId = prefix => `${prefix}-${++ids}`;

export function announce(text) {
  const place = document.getElementById('announcer');
  place.textContent = '';
  // An empty region that is filled is read; one that is filled with the same text again is not.
  setTimeout(() => { place.textContent = text; }, 50);
}

/** Says that something was done, for some seconds. */
export function notify(text) {
  const notice = h('p', { class: 'notice' }, text);
  document.getElementById('notices').append(notice);
  setTimeout(() => notice.remove(), 8000);
}

export const heading = text => h('h1', { tabindex: '-1' }, text);

export const badge = (word, tone) => h('span', { class: `badge ${tone}` }, word.replaceAll('_', ' '));

const tones = {
  healthy: 'good', active: 'good', serving: 'good', issued: 'good', approved: 'good', success: 'good', reloaded: 'good',
  degraded: 'fair', recovering: 'fair', pending: 'fair', draining: 'fair', expired: 'dull', started: 'fair', stopped: 'dull',
  unhealthy: 'bad', circuit_open: 'bad', revoked: 'bad', rejected: 'bad', failed: 'bad', failure: 'bad', refused: 'bad',
};

/** A state's word with its colour; the word alone says it all. */
export const state = word => badge(word, tones[word] ?? 'dull');

export const empty = (title, hint) => h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), hint && h('p', {}, hint));

export const code = text => h('code', {}, text);

/** Names and values, without those that have none. */
export function facts(entries) {
  return h('dl', { class: 'facts' }, entries.filter(([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

export const list = texts => h('ul', { class: 'plain' }, texts.map(text => h('li', {}, text)));

/** A labelled input; make one with input(), select() or h(). */
export function field(label, control, hint) {
  control.id ||= newId('field');
  const note = hint && h('small', { id: newId('hint') }, hint);
  if (note) control.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, note);
}

export const input = (name, value, attributes = {}) => h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...attributes, name, value: value ?? '' });

export function select(name, value, options, attributes = {}) {
  const control = h('select', { name, ...attributes }, options.map(([key, label]) => h('option', { value: key }, label)));
  control.value = value ?? options[0][0];
  return control;
}

export const button = (label, onclick, kind = '', attributes = {}) => h('button', { type: 'button', class: kind, onclick, ...attributes }, label);

/** A block of text with a button that copies it. */
export function copyable(text, label) {
  const copy = button('Copy', async () => {
    try {
      await navigator.clipboard.writeText(text);
      notify(`${label} was copied.`);
    } catch {
      notify('The browser does not allow copying; select the text and copy it by hand.');
    }
  }, 'small', { 'aria-label': `Copy: ${label}` });
  return h('div', { class: 'copyable' }, h('pre', { tabindex: '0', 'aria-label': label, role: 'region' }, text), copy);
}

/** A part of a page with a title of its own. */
export function card(title, ...content) {
  const name = h('h2', { id: newId('card') }, title);
  return h('section', { class: 'card', 'aria-labelledby': name.id }, name, content);
}

const drawn = new WeakMap();
const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** Draws a place anew when the values differ from what it shows; whoever works in it with the keyboard stays where they are. */
export function renew(place, values, make) {
  const now = JSON.stringify(values);
  if (drawn.get(place) === now) return;
  drawn.set(place, now);
  const at = [...place.querySelectorAll(focusable)].indexOf(document.activeElement);
  place.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
  if (at >= 0) (place.querySelectorAll(focusable)[at] ?? document.querySelector('main h1'))?.focus({ preventScroll: true });
}
