// Tables and their pages.
import { h, empty, button } from './dom.js';

/**
 * @param {string} caption read by screen readers
 * @param {[string, (row: any) => any, string?][]} columns title, cell and class
 * @param {any[]} rows
 * @param {{title: string, hint?: any}} nothing shown in place of an empty table
 */
export function table(caption, columns, rows, nothing) {
  if (rows.length === 0) return empty(nothing.title, nothing.hint);
  return h('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' }, h('table', {},
    h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, columns.map(([title, , style]) => h('th', { scope: 'col', class: style }, title || h('span', { class: 'unseen' }, 'What can be done'))))),
    h('tbody', {}, rows.map(row => h('tr', {}, columns.map(([, cell, style], place) =>
      h(place === 0 ? 'th' : 'td', { scope: place === 0 ? 'row' : null, class: style }, cell(row) ?? h('span', { class: 'none' }, '–'))))))));
}

/** In place of an empty table: nothing was found, or nothing yet. */
export const nothing = ({ complete }, title, hint) => (complete ? { title, hint } : { title: 'Nothing was found so far' });

/** Which rows of how many these are, and the way to the others. */
export function pager({ page, per_page: perPage, total, complete }, turn) {
  if (total === 0 && complete) return null;
  const last = Math.max(1, Math.ceil(total / perPage));
  const first = (page - 1) * perPage + 1;
  return h('nav', { class: 'pager', 'aria-label': 'Pages of this list' },
    h('span', {}, first > total ? `Nothing on page ${page}` : `${first}–${Math.min(page * perPage, total)} of ${total}`,
      complete ? '' : ' so far: older ones have not been searched yet'),
    complete ? null : button('Search on', () => turn(page), 'small'),
    button('Previous', () => turn(Math.min(page - 1, last)), 'small', { disabled: page <= 1 }),
    button('Next', () => turn(page + 1), 'small', { disabled: page >= last }));
}
