// Light, dark, or as the system has it.

import { find, setText } from './dom.js';

const KEY = 'portproxy.theme';
const NEXT = { '': 'light', light: 'dark', dark: '' };
const SHOWN = { '': ['◐', 'as in the system'], light: ['☀', 'light'], dark: ['☾', 'dark'] };

function show(theme) {
  if (theme === '') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
  const [icon, text] = SHOWN[theme];
  setText(find('theme-icon'), icon);
  setText(find('theme-text'), `Colours: ${text}`);
  find('theme').title = `Colours: ${text}`;
  document.dispatchEvent(new Event('theme'));
}

export function startTheme() {
  const current = () => document.documentElement.dataset.theme ?? '';
  show(current());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => document.dispatchEvent(new Event('theme')));
  find('theme').addEventListener('click', () => show(NEXT[current()]));
}
