/** Actions: the form of each opens in one dialog; what is off says why instead. */
import { all, byId, through } from './find.ts';
import { say } from './say.ts';

let dialog: HTMLDialogElement | null = null;
/** Where the form in the dialog belongs. */
let home: Element | null = null;

function dialogOf(): HTMLDialogElement {
  if (dialog !== null) return dialog;
  dialog = document.createElement('dialog');
  dialog.id = 'dialog';
  document.body.append(dialog);
  dialog.addEventListener('close', takeBack);
  return dialog;
}

function takeBack(): void {
  const form = dialog?.querySelector('form') ?? null;
  // A live update may have brought the row a new form meanwhile.
  if (form !== null && home !== null && home.querySelector('form') === null) home.append(form);
  dialog?.replaceChildren();
  const opener = home?.parentElement?.querySelector('button') ?? null;
  home = null;
  opener?.focus();
}

function isOff(button: Element): boolean {
  return button.getAttribute('aria-disabled') === 'true';
}

function whyOff(button: Element): string {
  const ids = (button.getAttribute('aria-describedby') ?? '').split(' ');
  return ids.map((id) => byId(id)?.textContent.trim() ?? '').find((text) => text !== '') ?? 'It cannot be done now.';
}

/** With a phrase, the button is off until exactly that was typed. */
function judgePhrase(form: HTMLFormElement): void {
  const input = form.querySelector('input[data-phrase]');
  const submit = form.querySelector('button[type=submit]');
  if (!(input instanceof HTMLInputElement) || !(submit instanceof HTMLButtonElement)) return;
  submit.disabled = input.value.trim() !== input.dataset['phrase'];
}

function open(button: HTMLElement): void {
  const details = button.parentElement?.querySelector('details') ?? null;
  const form = details?.querySelector('form') ?? null;
  if (details === null || form === null) return;
  const shown = dialogOf();
  home = details;
  shown.setAttribute('aria-labelledby', form.getAttribute('aria-labelledby') ?? '');
  shown.replaceChildren(form);
  judgePhrase(form);
  shown.showModal();
  const first = form.querySelector('input:not([type=hidden]), select, textarea') ?? form.querySelector('[data-close]');
  if (first instanceof HTMLElement) first.focus();
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied: ${text}`);
  } catch {
    // No clipboard outside of secure contexts: what is shown can be selected by hand.
    say(`It cannot be copied here. The command is: ${text}`);
  }
}

function onClick(event: MouseEvent): void {
  const button = through(event, 'button');
  if (button === null) return;
  if (isOff(button)) {
    event.preventDefault();
    say(whyOff(button));
  } else if (button.dataset['copy'] !== undefined) void copied(button, button.dataset['copy']);
  else if (button.dataset['act'] !== undefined) open(button);
  else if (button.dataset['close'] !== undefined) button.closest('dialog')?.close();
}

async function copied(button: HTMLElement, text: string): Promise<void> {
  await copy(text);
  const name = button.textContent;
  if (name === 'Copied') return;
  button.replaceChildren('Copied');
  setTimeout(() => button.replaceChildren(name), 2000);
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return;
  const submit = form.querySelector('button[type=submit]');
  if (submit === null) return;
  if (isOff(submit) || (submit instanceof HTMLButtonElement && submit.disabled) || form.dataset['sent'] === 'yes') {
    event.preventDefault();
    return;
  }
  form.dataset['sent'] = 'yes';
}

const ACTS =
  'main button[data-act], main form[method=post] button[type=submit], dialog form[method=post] button[type=submit]';

/** All actions off while the data is not fresh; what was off before stays off afterwards. */
export function setActions(on: boolean): void {
  for (const button of all(ACTS)) {
    if (on && button.dataset['off'] === 'lost') {
      delete button.dataset['off'];
      button.removeAttribute('aria-disabled');
      button.removeAttribute('aria-describedby');
    } else if (!on && !isOff(button)) {
      button.dataset['off'] = 'lost';
      button.setAttribute('aria-disabled', 'true');
      button.setAttribute('aria-describedby', 'banner');
    }
  }
}

export function startActions(): void {
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('input', (event) => {
    const form = through(event, 'form');
    if (form instanceof HTMLFormElement) judgePhrase(form);
  });
  window.addEventListener('pageshow', () => {
    for (const form of all('form[data-sent]')) delete form.dataset['sent'];
  });
}

/** A dialog of our own, with these contents. */
export function showDialog(name: string, content: readonly Node[]): void {
  const shown = dialogOf();
  if (shown.open) return;
  shown.removeAttribute('aria-labelledby');
  shown.setAttribute('aria-label', name);
  shown.replaceChildren(...content);
  shown.showModal();
}
