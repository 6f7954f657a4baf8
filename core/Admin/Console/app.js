// The frame: who is signed in, the pages, and which one is shown.
import { call, get, getIfThere, setToken, whenRefused } from './api.js';
import { announce, button, h } from './dom.js';
import { signIn } from './signin.js';
import * as overview from './pages/overview.js';
import * as authorities from './pages/authorities.js';
import * as certificates from './pages/certificates.js';
import * as certificate from './pages/certificate.js';
import * as passwords from './pages/passwords.js';
import * as requests from './pages/requests.js';
import * as audit from './pages/audit.js';
import * as labels from './pages/labels.js';
import * as server from './pages/server.js';

const pages = [
  { name: 'overview', label: 'Overview', module: overview },
  { name: 'authorities', label: 'Authorities', module: authorities },
  { name: 'certificates', label: 'Certificates', module: certificates, one: certificate },
  { name: 'requests', label: 'Requests', module: requests },
  { name: 'passwords', label: 'Passwords', module: passwords, needs: 'otp' },
  { name: 'labels', label: 'Labels', module: labels },
  { name: 'audit', label: 'Audit', module: audit },
  { name: 'server', label: 'Server', module: server },
];

const app = document.getElementById('app');
let leaving = null;
let shown = [];
let frame = null;

whenRefused(failure => enter(failure.message));
window.addEventListener('hashchange', () => { if (frame) showPage(); });
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  const target = document.querySelector('main h1') ?? document.querySelector('main');
  target?.focus();
});
start();

async function start() {
  try {
    const who = await get('whoami');
    if (who.operator) await open(await call('POST', 'login'));
    else enter(null, who);
  } catch (failure) {
    enter(failure.message);
  }
}

/** Shows the way in. */
async function enter(message, who) {
  leaving?.abort();
  frame = null;
  setToken(null);
  document.title = 'Sign in · Kipuka';
  await signIn(app, message, who, open);
}

async function open(who) {
  const there = await Promise.all(pages.map(page => (page.needs ? isThere(page.needs) : true)));
  shown = pages.filter((_, place) => there[place]);
  frame = drawFrame(who);
  showPage();
}

// What plugins and newer servers bring is shown where it is.
async function isThere(path) {
  const api = await describe();
  return api === null || `/admin/${path}` in api.paths;
}

let description = null;
const describe = () => (description ??= getIfThere('openapi.json'));

function drawFrame(who) {
  const main = h('main', { id: 'main', tabindex: '-1' });
  const links = shown.map(page => h('a', { href: `#/${page.name}` }, page.label));
  const waiting = h('span', { class: 'count' });
  links[shown.findIndex(page => page.name === 'requests')].append(' ', waiting);
  const name = who.operator;
  app.replaceChildren(
    h('header', { class: 'top' },
      h('a', { class: 'brand', href: '#/overview' }, h('img', { src: 'icon.svg', alt: '', width: '24', height: '24' }), 'Kipuka'),
      h('p', { class: 'who' }, h('span', { class: 'unseen' }, 'Signed in as '), h('span', { class: 'name', title: name }, name),
        h('span', { class: 'hint' }, who.method === 'mtls' ? 'by certificate' : 'by token')),
      button('Sign out', () => leave(who), 'small')),
    h('nav', { class: 'side', 'aria-label': 'Pages' }, h('ul', {}, links.map(link => h('li', {}, link)))),
    main);
  return {
    main,
    links,
    /** How many requests wait, beside the page's name. */
    setWaiting(number) {
      waiting.textContent = number > 0 ? String(number) : '';
      waiting.setAttribute('aria-label', number > 0 ? `${number} waiting` : '');
    },
  };
}

async function leave(who) {
  try {
    await call('POST', 'logout');
  } catch {
    // Whether or not it could be recorded, the credential is forgotten here.
  }
  enter(who.method === 'mtls'
    ? 'You have signed out. Your browser still has the certificate; close the browser so that nobody else uses it.'
    : 'You have signed out.');
}

function showPage() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/').map(decode);
  const page = shown.find(candidate => candidate.name === name) ?? shown[0];
  const module = rest.length > 0 && page.one ? page.one : page.module;
  leaving?.abort();
  leaving = new AbortController();
  frame.links.forEach((link, place) => {
    if (shown[place] === page) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
  document.title = `${module.title} · Kipuka`;
  draw(module, { id: rest[0], query: Object.fromEntries(new URLSearchParams(query)), signal: leaving.signal, setWaiting: frame.setWaiting });
}

async function draw(module, context) {
  const { main } = frame;
  const place = h('div', { class: 'page' });
  main.replaceChildren(place);
  main.setAttribute('aria-busy', 'true');
  try {
    await module.draw(place, context);
  } catch (failure) {
    if (failure.name === 'AbortError' || context.signal.aborted) return;
    if (!failure.code) console.error(failure);
    place.append(h('div', { class: 'failure', role: 'alert' },
      h('p', {}, failure.code ? failure.message : 'This page could not be drawn. Reload it; if it stays so, report it with what you see in the browser\'s console.'),
      button('Try again', () => showPage())));
  }
  if (context.signal.aborted) return;
  main.removeAttribute('aria-busy');
  const title = place.querySelector('h1');
  if (title && !place.contains(document.activeElement)) title.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  announce(`${title?.textContent ?? module.title} is shown.`);
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
