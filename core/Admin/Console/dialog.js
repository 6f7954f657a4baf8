// Questions before something is done that cannot be undone.
import { h, newId, button } from './dom.js';

/**
 * Asks once, and does it. What fails is said in the dialog, which stays open.
 * @param {{title: string, text: any, fields?: any, confirm: string, danger?: boolean, act: (form: FormData) => Promise<void>}} question
 * @returns {Promise<boolean>} whether it was done
 */
export function ask({ title, text, fields, confirm, danger, act }) {
  return new Promise(resolve => {
    const error = h('p', { class: 'error', role: 'alert' });
    const yes = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, confirm);
    const no = button('Cancel', () => dialog.close());
    let done = false;
    const form = h('form', { onsubmit: submit }, text, fields, error, h('div', { class: 'buttons' }, no, yes));
    const dialog = open(title, form, () => resolve(done));

    async function submit(event) {
      event.preventDefault();
      if (yes.disabled) return;
      yes.disabled = no.disabled = true;
      error.textContent = '';
      try {
        await act(new FormData(form));
        done = true;
        dialog.close();
      } catch (failure) {
        error.textContent = failure.message;
        yes.disabled = no.disabled = false;
        yes.focus();
      }
    }
  });
}

/** Shows something until it is closed by its button. */
export function show(title, content, close) {
  return new Promise(resolve => {
    const dialog = open(title, [content, h('div', { class: 'buttons' }, button(close, () => dialog.close(), 'primary'))], resolve);
  });
}

function open(title, content, closed) {
  const before = document.activeElement;
  const name = h('h2', { id: newId('dialog') }, title);
  const dialog = h('dialog', { 'aria-labelledby': name.id, onclose: close }, name, content);
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('input, select, textarea')?.focus();
  return dialog;

  function close() {
    dialog.remove();
    closed();
    // The list behind may have been drawn anew, without the button that was pressed.
    if (before?.isConnected) before.focus();
    else document.querySelector('main h1')?.focus();
  }
}
