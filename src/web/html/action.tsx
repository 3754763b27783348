import { FORM_FIELD } from '../../api/form.ts';
import { neutral } from '../../domain/plain-text.ts';
import type { Action } from '../doc.ts';
import { mayBePostedTo } from '../href.ts';
import { idOf } from '../identity.ts';
import { fieldOf } from './field.tsx';
import { icon } from './icon.tsx';
import { rich } from './inline.tsx';
import type { Node, Stage } from './stage.ts';

const UNDO: Readonly<Record<Action['undo'], string>> = {
  full: 'Can be undone.',
  partial: 'Can be undone in part.',
  none: 'Cannot be undone.',
};

/** The command that does the same, to copy. */
function command(text: string): Node {
  return (
    <p class="command">
      <code>{neutral(text)}</code>{' '}
      <button type="button" class="btn small js" data-copy={neutral(text)}>
        Copy
      </button>
    </p>
  );
}

function phrase(text: string): Node {
  return (
    <div class="field">
      <label>
        <span class="name">
          Type <code>{neutral(text)}</code> to go on
        </span>
        <input type="text" name="phrase" data-phrase={text} required autocomplete="off" spellcheck={false} />
      </label>
    </div>
  );
}

function form(action: Action, id: string, stage: Stage): Node {
  return (
    <form method="post" action={action.href} class="form" aria-labelledby={`${id}:title`}>
      <input type="hidden" name={FORM_FIELD} value={stage.formToken} />
      <p class="form-title" id={`${id}:title`}>
        {neutral(action.label)}
      </p>
      {action.tells === undefined ? null : <div class="tells">{rich(action.tells, stage)}</div>}
      <p class={`undo undo-${action.undo}`}>
        {action.undo === 'none' ? icon('permanent') : null}
        {UNDO[action.undo]}
      </p>
      {action.fields.map((field) => fieldOf(field, id))}
      {action.phrase === undefined ? null : phrase(action.phrase)}
      {command(action.command)}
      <div class="bar">
        <button type="submit" class={action.undo === 'none' ? 'btn danger' : 'btn primary'}>
          {neutral(action.label)}
        </button>
        <button type="button" class="btn js" data-close>
          Close, do nothing
        </button>
      </div>
    </form>
  );
}

/** Nothing to fill in, nothing to read, and it can be taken back: the button itself posts. */
function isDirect(action: Action): boolean {
  return (
    action.fields.every((field) => field.kind === 'hidden') &&
    action.phrase === undefined &&
    action.tells === undefined &&
    action.undo === 'full'
  );
}

function direct(action: Action, id: string, stage: Stage): Node {
  return (
    <form method="post" action={action.href} class="direct" id={id}>
      <input type="hidden" name={FORM_FIELD} value={stage.formToken} />
      {action.fields.map((field) => fieldOf(field, id))}
      <button type="submit" class="btn" data-command={neutral(action.command)}>
        {neutral(action.label)}
      </button>
    </form>
  );
}

/** Without a script the form is under its summary; with one, a button of the same look shows it in a dialog. */
function unfolding(action: Action, id: string, stage: Stage): Node {
  const look = action.undo === 'none' ? 'btn danger' : 'btn';
  return (
    <div class="act" id={id}>
      <button type="button" class={`${look} js`} aria-haspopup="dialog" data-act={id}>
        {neutral(action.label)}…
      </button>
      <details>
        <summary class={look}>{neutral(action.label)}…</summary>
        {form(action, id, stage)}
      </details>
    </div>
  );
}

function barredReason(action: Action, stage: Stage): string | null {
  if (!mayBePostedTo(action.href)) return 'Its address is not one of this server';
  return action.barred ?? (stage.room.past === null ? null : 'You look at the past; nothing can be done there');
}

/** A row of buttons. What is barred is shown too, with its reason, said once where several have the same. */
export function actionsOf(actions: readonly Action[], stage: Stage): Node {
  const reasons = new Map<string, string>();
  const buttons = actions.map((action) => {
    const id = idOf('act', action.id);
    const reason = barredReason(action, stage);
    if (reason === null) return isDirect(action) ? direct(action, id, stage) : unfolding(action, id, stage);
    const described = reasons.get(reason) ?? `${id}:why`;
    reasons.set(reason, described);
    return (
      <button type="button" class="btn" id={id} aria-disabled="true" aria-describedby={described}>
        {neutral(action.label)}
      </button>
    );
  });
  return (
    <div class="actions">
      {buttons}
      {[...reasons].map(([reason, id]) => (
        <p class="why" id={id}>
          {neutral(reason)}
        </p>
      ))}
    </div>
  );
}
