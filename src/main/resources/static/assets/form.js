// A form whose checks are the server's own: each change is tried there as one types, and what is wrong shows beside its field.

import { LoggedOut, Lost, Refused } from './api.js';
import { element, find, keepFocus, setText } from './dom.js';
import { processName } from './store.js';

const PAUSE_MILLIS = 400;

let forms = 0;

/** What came of it, for people. */
export function failure(e) {
  if (e instanceof LoggedOut) {
    return 'Nothing was done: you are logged out.';
  } else if (e instanceof Lost) {
    return `The ${processName()} did not answer, so it may be done or not: ${e.message}.`;
  } else if (e instanceof Refused && e.status === 412) {
    return 'Nothing was done: somebody else has changed it. You now see the current values.';
  } else if (e instanceof Refused) {
    return `Nothing was done: ${e.message}.`;
  }
  throw e;
}

function control(field, id) {
  if (field.kind === 'check') {
    return element('input', { id, name: field.name, type: 'checkbox' });
  } else if (field.options) {
    return element('select', { id, name: field.name, class: 'input' },
      ...field.options.map(([value, text]) => element('option', { value }, text)));
  }
  if (field.kind === 'password') {
    return element('input', { id, name: field.name, class: 'input', type: 'password', autocomplete: 'new-password' });
  }
  return element('input', { id, name: field.name, class: 'input', type: 'text', placeholder: field.placeholder, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
}

/** One field with its label, what it means, and what is wrong with it. */
class Field {
  constructor(field, id) {
    this.name = field.name;
    this.pointer = field.pointer ?? `/${field.name}`;
    this.when = field.when ?? (() => true);
    this.usual = field.options?.[0][0] ?? ''; // a list with nothing chosen would send nothing
    this.touched = false;
    this.input = control(field, id);
    this.hint = element('p', { class: 'hint', id: `${id}-hint` }, field.hint ?? '');
    this.problem = element('p', { class: 'problem', id: `${id}-problem` });
    this.input.setAttribute('aria-describedby', `${id}-hint ${id}-problem`);
    const label = element('label', { for: id }, field.label);
    this.box = element('div', { class: `field ${field.kind === 'check' ? 'check' : ''} ${field.wide ? 'wide' : ''}`, 'data-field': field.name },
      ...(field.kind === 'check' ? [this.input, label] : [label, this.input]), this.hint, this.problem);
  }

  get value() {
    const { type, checked, value } = this.input;
    return type === 'checkbox' ? checked : type === 'password' ? value : value.trim();
  }

  set value(value) {
    if (this.input.type === 'checkbox') {
      this.input.checked = Boolean(value);
    } else {
      this.input.value = value ?? this.usual;
    }
  }

  isMeant(pointer) {
    return pointer === this.pointer || pointer.startsWith(`${this.pointer}/`);
  }

  complain(text) {
    setText(this.problem, text);
    this.input.setAttribute('aria-invalid', text !== '');
  }
}

/**
 * Fields are {name, label, hint, placeholder, pointer, kind, options, wide, when(values)}: pointer is where the field is in the
 * body. send(values, dryRun) sends it. After a success done(answer, values) goes on. renew() reads anew what somebody else has
 * changed, and gives the values.
 */
export class Form {
  constructor({ fields, values = {}, act, send, done, renew, cancel }) {
    const id = `form-${++forms}`;
    Object.assign(this, { send, done, renew });
    this.turn = 0;
    this.fields = fields.map((field) => new Field(field, `${id}-${field.name}`));
    this.message = element('div', { role: 'alert', class: 'form-message' });
    this.button = element('button', { type: 'submit', class: 'button primary' }, act);
    const buttons = element('div', { class: 'dialog-buttons' }, ...(cancel ? [element('button', { type: 'button', class: 'button', click: cancel }, 'Cancel')] : []), this.button);
    // What is said comes behind the buttons, so that none moves away from who is about to press it.
    this.root = element('form', { class: 'manage', novalidate: true, autocomplete: 'off' },
      element('div', { class: 'fields' }, ...this.fields.map((field) => field.box)), buttons, this.message);
    buttons.addEventListener('pointerdown', () => this.hold());
    this.fill(values);
    this.root.addEventListener('input', (event) => this.typed(event.target));
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  fill(values) {
    this.fields.forEach((field) => {
      field.value = values[field.name];
    });
    this.showFields();
  }

  values() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
  }

  showFields() {
    const values = this.values();
    this.fields.forEach((field) => {
      field.box.hidden = !field.when(values);
    });
  }

  typed(input) {
    const field = this.fields.find((each) => each.input === input);
    if (field) {
      this.turn++; // what was asked before is about other values
      field.touched = true;
      this.showFields();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.check(), PAUSE_MILLIS);
    }
  }

  /** What the server would say now; of fields that were not filled in yet it is not shown. */
  async check() {
    const turn = ++this.turn;
    let refused;
    try {
      await this.send(this.values(), true);
    } catch (e) {
      if (!(e instanceof Refused)) {
        return; // it is told on submit
      }
      refused = e;
    }
    await this.held;
    if (turn === this.turn && this.root.isConnected) {
      this.show(refused, (field) => field.touched);
    }
  }

  /** Nothing moves while a button is pressed: a click is only one if it ends where it has begun. */
  hold() {
    this.held = new Promise((release) => {
      const end = () => setTimeout(release); // behind the click
      ['pointerup', 'pointercancel'].forEach((type) => addEventListener(type, end, { once: true, capture: true }));
    });
  }

  /** Shows each problem beside its field, what is about no field above all of them. */
  show(refused, isShown) {
    const errors = refused?.errors ?? [];
    const homeless = errors.filter((error) => !this.fields.some((field) => !field.box.hidden && field.isMeant(error.pointer)));
    this.fields.forEach((field) => {
      const own = errors.filter((error) => field.isMeant(error.pointer));
      field.complain(isShown(field) ? own.map((error) => error.detail).join('; ') : '');
    });
    const isStale = refused?.status === 412;
    const texts = homeless.map((error) => `${error.pointer} ${error.detail}`.trim());
    if (refused && (errors.length === 0 || isStale)) {
      texts.push(isStale ? 'Somebody else has changed this.' : refused.message);
    }
    this.say(texts.join('; '));
  }

  say(text, tone = 'bad') {
    this.message.replaceChildren(...(text ? [element('p', { class: `message ${tone}` }, text)] : []));
  }

  async submit() {
    clearTimeout(this.timer);
    this.turn++;
    const values = this.values();
    this.button.disabled = true;
    try {
      const answer = await this.send(values, false);
      this.say('');
      await this.done(answer, values);
    } catch (e) {
      await this.refused(e);
    } finally {
      this.button.disabled = false;
    }
  }

  async refused(e) {
    if (!(e instanceof Refused)) {
      this.say(failure(e));
    } else if (e.status === 412 && this.renew) {
      try {
        this.fill(await this.renew());
        this.show(undefined, () => false);
        this.say(failure(e), 'warn');
      } catch (later) {
        this.say(failure(later));
      }
    } else {
      this.show(e, () => true);
      this.fields.find((field) => field.input.getAttribute('aria-invalid') === 'true')?.input.focus();
    }
  }
}

/** Opens content in a window of its own; gives what closes it. When it is closed nothing is left of it. */
export function openDialog(title, ...content) {
  const before = document.activeElement;
  const id = `dialog-${++forms}`;
  const dialog = element('dialog', { class: 'manage-dialog', 'aria-labelledby': id }, element('h2', { id }, ...title), ...content);
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before?.isConnected) {
      before.focus({ preventScroll: true });
    }
    keepFocus();
  });
  dialog.showModal();
  return () => dialog.close();
}

/** Opens a form in a window of its own. */
export function openForm(title, options, ...above) {
  let close = () => {};
  const form = new Form({
    ...options,
    cancel: () => close(),
    done: async (answer, values) => {
      close();
      await options.done?.(answer, values);
    },
  });
  close = openDialog(title, ...above, form.root);
  find('said').replaceChildren();
}
