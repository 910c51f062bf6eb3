// Text to be taken elsewhere.

import { element } from './dom.js';

const SHOWN_MILLIS = 2000;

/** A page that came by plain HTTP from another host has no clipboard of its own: there the old way is left. */
async function copy(text, near) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const area = element('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1', readonly: true });
  area.value = text;
  near.after(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  near.focus();
  return done;
}

/** A button that copies what text() gives then. */
export function copyButton(text, what) {
  const label = element('span', { 'aria-live': 'polite' }, 'Copy');
  const button = element('button', { type: 'button', class: 'button small copy' }, label, element('span', { class: 'unseen' }, ` ${what}`));
  button.addEventListener('click', async () => {
    const done = await copy(text(), button).catch(() => false);
    label.textContent = done ? 'Copied' : 'Select and copy it yourself';
    setTimeout(() => {
      label.textContent = 'Copy';
    }, SHOWN_MILLIS);
  });
  return button;
}
