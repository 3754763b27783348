/** Puts what the server sends into the page. */
import { all, byId } from './find.ts';
import { rove } from './grid.ts';
import { morph } from './morph.ts';

export interface SentRow {
  readonly id: string;
  readonly html: string;
}

/** Parsed, with the form token of this page in its forms. */
function parse(html: string): HTMLTemplateElement {
  const template = document.createElement('template');
  template.innerHTML = html;
  for (const input of Array.from(template.content.querySelectorAll('input[name=form-token]')))
    input.setAttribute('value', document.body.dataset['csrf'] ?? '');
  return template;
}

function flash(element: Element): void {
  element.classList.remove('changed');
  element.classList.add('changed');
  element.addEventListener('animationend', () => element.classList.remove('changed'), { once: true });
}

/** Swaps elements by their ids, whole; what is not on the page is left out. */
export function swapRows(rows: readonly SentRow[]): void {
  for (const { id, html } of rows) {
    const old = byId(id);
    const next = parse(html).content.firstElementChild;
    if (old === null || next === null) continue;
    morph(old, next);
    const now = byId(id);
    if (now !== null) flash(now);
  }
  rove();
}

/** Swaps the content of the page. */
export function swapMain(html: string): void {
  const main = byId('main');
  if (main === null) return;
  const focused = document.activeElement?.id ?? '';
  const next = main.cloneNode(false);
  if (!(next instanceof HTMLElement)) return;
  next.append(parse(html).content);
  morph(main, next);
  if (document.activeElement === document.body && focused !== '') byId(focused)?.focus({ preventScroll: true });
  rove();
}

/** The server's clock as it was when the page was made; the reader's may be wrong. */
const skew = Date.parse(document.querySelector('meta[name=now]')?.getAttribute('content') ?? '') - Date.now() || 0;

/** `5 h ago` goes on while nothing is sent. */
export function tickTimes(): void {
  for (const time of all('time[data-form]')) {
    const form = time.dataset['form'];
    const millis = Date.now() + skew - Date.parse(time.getAttribute('datetime') ?? '');
    const text = form === 'ago' ? ago(millis) : until(-millis);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** The same words as `shortSpan` of src/domain/time-text.ts, which would bring zod along. */
function span(millis: number): string {
  const seconds = Math.floor(Math.abs(millis) / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

function ago(millis: number): string {
  return millis < 1000 ? 'now' : `${span(millis)} ago`;
}

function until(millis: number): string {
  return millis >= 0 ? `in ${span(millis)}` : `${span(millis)} late`;
}
