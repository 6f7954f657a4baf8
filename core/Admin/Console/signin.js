// The way in: nothing to type with a certificate, a form for a token.
import { call, get, setToken } from './api.js';
import { button, field, h, heading, input } from './dom.js';

/**
 * @param {Element} place where to draw it
 * @param {string | null} message why the form is shown
 * @param {object} who the server's answer to whoami; asked for if absent
 * @param {(who: object) => Promise<void>} open called with whoever signed in
 */
export async function signIn(place, message, who, open) {
  const error = h('p', { class: 'error', role: 'alert' });
  const main = h('main', { id: 'main', class: 'signin', tabindex: '-1' },
    h('img', { src: 'icon.svg', alt: '', width: '40', height: '40' }), heading('Sign in to Kipuka'));
  place.replaceChildren(main);
  try {
    who ??= await get('whoami');
  } catch (failure) {
    main.append(h('p', { class: 'error', role: 'alert' }, failure.message), button('Try again', () => signIn(place, null, null, open), 'primary'));
    main.querySelector('button').focus();
    return;
  }
  main.append(message ? h('p', { class: 'why', role: 'status' }, message) : '', h('p', { class: 'hint' }, ways(who)));
  if (who.operator) {
    const again = button(`Continue as ${who.operator}`, attempt, 'primary');
    main.append(error, again);
    again.focus();
    return;
  }
  if (!who.takes_tokens || (who.needs_certificate && !who.certificate_presented)) {
    const again = button('Try again', () => location.reload(), 'primary');
    main.append(error, again);
    again.focus();
    return;
  }
  const token = input('token', '', { type: 'password', autocomplete: 'off', required: true, maxlength: '4096' });
  const go = h('button', { type: 'submit', class: 'primary' }, 'Sign in');
  main.append(h('form', { onsubmit: submit }, field('Token', token, 'It is kept in this page alone, until you close or reload it.'), error, go));
  token.focus();

  async function submit(event) {
    event.preventDefault();
    setToken(token.value.trim());
    token.value = '';
    go.disabled = true;
    await attempt();
    go.disabled = false;
  }

  async function attempt() {
    error.textContent = '';
    try {
      await open(await call('POST', 'login'));
    } catch (failure) {
      setToken(null);
      error.textContent = failure.status === 401
        ? 'This token is not accepted. Check that it is complete and that it is one of the server\'s admin tokens.'
        : failure.message;
      main.querySelector('input, button').focus();
    }
  }
}

function ways(who) {
  if (who.needs_certificate && !who.certificate_presented) {
    return 'This server wants an operator\'s client certificate. Install yours in the browser, then try again; the browser may have to be closed first.';
  }
  if (who.certificate_presented && who.takes_certificates && !who.needs_certificate && !who.operator) {
    return who.takes_tokens
      ? 'The certificate of your browser is not an operator\'s. Sign in with an admin token instead.'
      : 'The certificate of your browser is not an operator\'s. Choose another one: close the browser, open this page and select it.';
  }
  if (!who.takes_tokens && !who.operator) {
    return 'This server lets operators in by client certificate. Install yours in the browser, then try again; the browser may have to be closed first.';
  }
  if (who.operator) return 'Your browser has an operator\'s certificate.';
  return who.takes_certificates
    ? 'Sign in with an admin token, or open this page with an operator\'s client certificate in the browser.'
    : 'Sign in with one of the server\'s admin tokens.';
}
