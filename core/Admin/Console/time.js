// Times in UTC, with how far away they are.
import { h } from './dom.js';

const two = number => String(number).padStart(2, '0');

export const day = date => `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;

export const clock = (date, seconds = false) =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds ? `:${two(date.getUTCSeconds())}` : ''}`;

const units = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60]];

export function relative(date, now = Date.now()) {
  const seconds = (date - now) / 1000;
  const far = Math.abs(seconds);
  if (far < 60) return seconds <= 0 ? 'just now' : 'in less than a minute';
  const [unit, length] = units.find(([, size]) => far >= size);
  const number = Math.floor(far / length);
  const text = `${number} ${unit}${number === 1 ? '' : 's'}`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

/** A time as the server gave it; null for none. */
export function when(text, { seconds = false, hint = true } = {}) {
  if (!text) return null;
  const date = new Date(text);
  return h('time', { datetime: date.toISOString(), title: date.toISOString() },
    h('span', { class: 'stamp' }, `${day(date)} ${clock(date, seconds)} UTC`),
    hint && [' ', h('span', { class: 'hint', 'data-since': date.toISOString() }, relative(date))]);
}

/** The same for places that only take text. */
export function whenText(text) {
  const date = new Date(text);
  return `${day(date)} ${clock(date)} UTC (${relative(date)})`;
}

// How far away a time is changes while it is looked at.
setInterval(() => {
  for (const hint of document.querySelectorAll('[data-since]')) hint.textContent = relative(new Date(hint.dataset.since));
}, 20_000);
