// Elements. Text is only ever set as text: names and addresses come from the network.

export const find = (id) => document.getElementById(id);

/** An element with attributes or handlers, and children, which are elements or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      made.addEventListener(key, value);
    } else if (value === true) {
      made.setAttribute(key, '');
    } else if (value !== false && value !== undefined && value !== null) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

/** What somebody else wrote. Its direction stays its own (Unicode TR9), so that it moves nothing beside it. */
export const theirs = (text, attributes = {}) => element('bdi', attributes, text);

/** Sets text and the tip that says it exactly, if they are others than before. */
export function setText(target, text, tip = '') {
  if (target.textContent !== text) {
    target.textContent = text;
  }
  if (target.title !== tip) {
    target.title = tip;
  }
}

export function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) {
    target.setAttribute(name, value);
  }
}

/** A word with a colour: good, warn, bad or plain. */
export function setBadge(target, text, tone, tip = '') {
  const badge = target.firstElementChild ?? target.appendChild(element('span'));
  setAttribute(badge, 'class', `badge ${tone}`);
  setText(badge, text, tip);
}

export function setLink(target, text, href, tip = '', mono = true) {
  const link = target.firstElementChild ?? target.appendChild(element('a', { class: `isolated ${mono ? 'mono' : 'strong'}` }));
  setAttribute(link, 'href', href);
  setText(link, text, tip);
}

let clearing = 0;

function tell(tone, parts) {
  const said = find('said');
  said.replaceChildren(element('p', { class: `message ${tone}` }, ...parts));
  clearTimeout(clearing);
  clearing = setTimeout(() => said.replaceChildren(), 8000);
}

/** Says what an act has come to, to be seen and heard. */
export const say = (...parts) => tell('good', parts);

/** Says what has not become of it. */
export const complain = (...parts) => tell('bad', parts);

/** Where keys go when what had the focus is gone: never to nowhere. */
export function keepFocus() {
  if (document.activeElement === null || document.activeElement === document.body) {
    find('title').focus({ preventScroll: true });
  }
}

/** Asks before something is closed; title and text are text and elements. Resolves to whether it shall be. */
export function confirmed(title, text, act) {
  const dialog = find('confirm');
  const before = document.activeElement;
  find('confirm-title').replaceChildren(...title);
  find('confirm-text').replaceChildren(...text);
  find('confirm-yes').textContent = act;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      before?.focus({ preventScroll: true });
      resolve(dialog.returnValue === 'yes');
    }, { once: true });
  });
}
