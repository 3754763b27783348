/** Theme, density and shortcuts: kept in cookies, so that the server sends the next page as it is to look. */
import { all, through } from './find.ts';

const YEAR = 31_536_000;

function keep(name: string, value: string): void {
  // oxlint-disable-next-line unicorn/no-document-cookie -- read by the server before the first paint; the Cookie Store API is not everywhere
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
}

function press(kind: 'theme' | 'density' | 'keys', value: string): void {
  for (const button of all(`[data-${kind}-to]`))
    button.setAttribute('aria-pressed', String(button.dataset[`${kind}To`] === value));
}

function setTheme(theme: string): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  document.querySelector('meta[name=color-scheme]')?.setAttribute('content', theme === 'system' ? 'light dark' : theme);
}

function onClick(event: MouseEvent): void {
  const button = through(event, '[data-theme-to], [data-density-to], [data-keys-to]');
  if (button === null) return;
  const { themeTo, densityTo, keysTo } = button.dataset;
  if (themeTo !== undefined) {
    setTheme(themeTo);
    keep('theme', themeTo);
    press('theme', themeTo);
  } else if (densityTo !== undefined) {
    document.documentElement.dataset['density'] = densityTo;
    keep('density', densityTo);
    press('density', densityTo);
  } else if (keysTo !== undefined) {
    document.documentElement.dataset['keys'] = keysTo;
    keep('keys', keysTo);
    press('keys', keysTo);
  }
}

export function startLooks(): void {
  document.addEventListener('click', onClick);
}
