/** The keyboard of ux.md 2.6. Single keys can be switched off (WCAG 2.1.4). */
import { copy, showDialog } from './actions.ts';
import { all, byId, isWriting } from './find.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Find a release, pull request, gate or plan'],
  ['j, k', 'Next row, row before'],
  ['Enter', 'Open the row'],
  ['c', 'Copy the command that answers the same'],
  ['g then t', 'Train'],
  ['g then d', 'To do'],
  ['g then r', 'Release'],
  ['g then p', 'Cherry-picks'],
  ['g then a', 'Artifacts'],
  ['g then c', 'Calendar'],
  ['g then s', 'Support'],
  ['g then l', 'Log'],
  ['Arrows, Home, End', 'Move in a grid'],
  ['Esc', 'Close'],
  ['?', 'This help'],
];

let isGoing = false;

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function help(): void {
  const table = document.createElement('table');
  table.className = 'keys';
  const body = document.createElement('tbody');
  for (const [key, does] of KEYS) {
    const row = document.createElement('tr');
    const head = document.createElement('th');
    head.scope = 'row';
    head.append(element('kbd', key));
    row.append(head, element('td', does));
    body.append(row);
  }
  table.append(element('caption', 'Single keys can be switched off under View.'), body);
  const close = element('button', 'Close');
  close.setAttribute('type', 'button');
  close.className = 'btn';
  close.dataset['close'] = '';
  const title = element('p', 'Keyboard');
  title.className = 'form-title';
  showDialog('Keyboard', [title, table, close]);
}

function move(by: number): void {
  const rows = all('main tr[data-row]').filter((row) => row.offsetParent !== null);
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.classList.contains('current'));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at === -1 ? 0 : at + by))];
  if (next === undefined) return;
  rows[at]?.classList.remove('current');
  next.classList.add('current');
  const stop = next.querySelector('a');
  if (stop === null) next.tabIndex = -1;
  (stop ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function go(letter: string): void {
  const link = all('a[data-go]').find((each) => each.dataset['go'] === letter);
  link?.click();
}

const SINGLE: Readonly<Record<string, () => void>> = {
  '/': () => byId('find')?.focus(),
  '?': help,
  j: () => move(1),
  k: () => move(-1),
  c: () => {
    const command = all('[data-page-command]')[0]?.dataset['copy'];
    if (command !== undefined) void copy(command);
  },
  g: () => {
    isGoing = true;
    setTimeout(() => (isGoing = false), 1500);
  },
};

function closeMenus(): void {
  for (const menu of all('details.menu[open]')) {
    menu.removeAttribute('open');
    if (menu.contains(document.activeElement)) menu.querySelector('summary')?.focus();
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'Escape') closeMenus();
  const off = document.documentElement.dataset['keys'] === 'off';
  if (off || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (document.querySelector('dialog[open]') !== null) return;
  if (isGoing) {
    isGoing = false;
    go(event.key);
    return;
  }
  const act = SINGLE[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

export function startKeys(): void {
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', (event) => {
    for (const menu of all('details.menu[open]')) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
    }
    if (event.target instanceof Element && event.target.closest('[data-help]') !== null) {
      closeMenus();
      help();
    }
  });
}
