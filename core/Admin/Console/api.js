// The one way to the server: with the credential, and with every failure as a sentence.
import { clock, relative } from './time.js';

// In memory alone: a token is gone when the page is, and no other page or program can read it.
let token = null;
let onRefused = () => {};

export const setToken = value => { token = value; };

/** Whom to tell that the credential is no longer accepted. */
export const whenRefused = handler => { onRefused = handler; };

/** A failure for people: its message is a sentence that says what to do. */
export class Failure extends Error {
  constructor(sentence, status, name) {
    super(sentence);
    this.status = status;
    this.code = name;
  }
}

export async function send(method, path, { body, query, signal, accept, lastEventId } = {}) {
  const url = new URL(`/admin/${path}`, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, value);
  }
  const headers = accept ? { Accept: accept } : {};
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  if (lastEventId) headers['Last-Event-ID'] = lastEventId;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(url, { method, headers, signal, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new Failure('The server cannot be reached. Check that it runs and that this computer can connect to it, then try again.', 0, 'unreachable');
  }
  if (response.ok) return response;
  const failure = await explain(response);
  if (failure.status === 401 && path !== 'login') onRefused(failure);
  throw failure;
}

/** The answer's JSON; null when it has none. */
export async function call(method, path, options) {
  const response = await send(method, path, options);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw unreadable(response);
  }
}

export const get = (path, query, signal) => call('GET', path, { query, signal });

/** The answer, or null where the server has no such thing: a plugin or a feature that is not there. */
export async function getIfThere(path, query, signal) {
  try {
    return await get(path, query, signal);
  } catch (failure) {
    if (failure.status === 404) return null;
    throw failure;
  }
}

async function explain(response) {
  let answer;
  try {
    answer = await response.json();
  } catch {
    return unreadable(response);
  }
  if (typeof answer?.message !== 'string') {
    // A reload that was refused has no message but a list of problems, which its page shows.
    const failure = unreadable(response);
    failure.answer = answer;
    return failure;
  }
  return new Failure(sentenceOf(answer, response), response.status, answer.error);
}

function sentenceOf(answer, response) {
  switch (answer.error) {
    case 'unauthorized':
      return 'The credential is not accepted. Sign in again.';
    case 'locked_out':
      return `There were too many failed attempts from this address. You can try again ${untilText(response)}.`;
    case 'foreign_origin':
      return 'The server did not accept that this page is its own. Open the console at the address of the admin listener itself.';
    case 'internal': {
      const reference = /reference (\S+)/.exec(answer.message)?.[1];
      return `The server failed, and its log says why${reference ? `, under the reference ${reference}` : ''}. Nothing else was done; try again later.`;
    }
    default:
      return sentence(answer.message) + (response.status === 503 ? ' Try again in a moment.' : '');
  }
}

function untilText(response) {
  const seconds = Number(response.headers.get('Retry-After'));
  if (!(seconds > 0)) return 'later';
  const until = new Date(Date.now() + seconds * 1000);
  return `at ${clock(until, true)} UTC (${relative(until)})`;
}

const unreadable = response => new Failure(
  response.status === 503
    ? 'The server, or what stands before it, is not available (HTTP 503). Try again in a moment.'
    : `The server gave an answer that this page cannot read (HTTP ${response.status}). Reload the page; if it stays so, look into the server's log.`,
  response.status, 'unreadable');

// A key's name begins as it is written.
const sentence = text => (/^[a-z]+[\s,']/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text) + (/[.!?]$/.test(text) ? '' : '.');
