// Pages that stay open keep themselves up to date.
import { button, h } from './dom.js';
import { clock } from './time.js';

/**
 * Does something now and then while the page is looked at. A failure is shown above what was last known, which stays.
 * @returns {{again: () => Promise<void>}} to do it at once
 */
export function keepFresh(place, milliseconds, signal, work) {
  let last = null;
  let running = null;
  const banner = h('div', { class: 'stale', role: 'status' });
  place.before(banner);

  function again() {
    running ??= work().then(
      () => { last = new Date(); banner.replaceChildren(); },
      failure => {
        if (failure.name === 'AbortError' || signal.aborted) return;
        if (!failure.code) throw failure;
        const sentence = last ? `Not up to date since ${clock(last, true)} UTC. ${failure.message}` : failure.message;
        if (banner.firstChild?.textContent !== sentence) banner.replaceChildren(h('p', {}, sentence), button('Try again', again));
      }).finally(() => { running = null; });
    return running;
  }

  const timer = setInterval(() => { if (!document.hidden) again(); }, milliseconds);
  const seen = () => { if (!document.hidden) again(); };
  document.addEventListener('visibilitychange', seen);
  signal.addEventListener('abort', () => { clearInterval(timer); document.removeEventListener('visibilitychange', seen); });
  return { again };
}
