// Forms that narrow a list. What is chosen stands in the address, so that it can be kept and sent to others.
import { button, h } from './dom.js';

/** The form; searching goes to the page's address with what was filled in. */
export function filters(page, fields, isSet) {
  return h('form', {
    class: 'filters', role: 'search', 'aria-label': 'Filter',
    onsubmit: event => {
      event.preventDefault();
      goTo(page, Object.fromEntries(new FormData(event.target)));
    },
  }, fields, h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Filter'), isSet && button('Clear', () => goTo(page, {}))));
}

export function address(page, query) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const text = new URLSearchParams(given).toString();
  return `#/${page}${text ? `?${text}` : ''}`;
}

export function goTo(page, query) {
  const target = address(page, query);
  if (location.hash === target) dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = target;
}

/** A day that was typed, as a time for the server; the end of it where it is the last one. */
export function dayTime(text, end) {
  if (!text) return null;
  const date = new Date(`${text}T00:00:00Z`);
  return new Date(date.getTime() + (end ? 86_400_000 : 0)).toISOString();
}
