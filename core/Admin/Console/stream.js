// Server-sent events over fetch: the browser's own reader cannot send a token.
import { Failure, send } from './api.js';

const pauses = [1000, 2000, 5000, 10000];

/** Reads a stream until it is aborted, beginning again behind the last event when the connection breaks. */
export async function follow(path, { query, signal, onEvent, onState }) {
  let last = null;
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      const response = await send('GET', path, { query, signal, accept: 'text/event-stream', lastEventId: last });
      onState('live');
      tries = 0;
      for await (const event of events(response.body)) {
        if (event.id) last = event.id;
        onEvent(event);
      }
    } catch (fault) {
      if (signal.aborted) return;
      // A server that says no will say it again; one that is gone may come back.
      if (fault instanceof Failure && fault.status >= 400 && fault.status < 500) throw fault;
    }
    if (signal.aborted) return;
    onState('waiting');
    await pause(pauses[Math.min(tries, pauses.length - 1)], signal);
  }
}

/** The events of a stream of bytes. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = { id: null, data: [] };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (event.data.length > 0) yield { id: event.id, data: event.data.join('\n') };
        event = { id: event.id, data: [] };
      } else if (!line.startsWith(':')) {
        const [, name, content] = /^([^:]*):? ?(.*)$/s.exec(line);
        if (name === 'id') event.id = content;
        if (name === 'data') event.data.push(content);
      }
    }
  }
}

const pause = (milliseconds, signal) => new Promise(resolve => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});
