import { neutral } from '../../domain/plain-text.ts';
import type { Block, Column, Row } from '../doc.ts';
import { mayBeFollowed, queryWith } from '../href.ts';
import { idOf } from '../identity.ts';
import { openedIn } from '../view.ts';
import { actionsOf } from './action.tsx';
import { hasLink, link, rich } from './inline.tsx';
import { live, type Child, type Node, type Stage } from './stage.ts';

type Table = Extract<Block, { readonly kind: 'table' }>;

/** A region that scrolls by itself where the table is wider than the window. */
export function scrolling(captionId: string, table: Node): Node {
  return (
    <div class="scroll" role="group" tabindex={0} aria-labelledby={captionId}>
      {table}
    </div>
  );
}

function look(column: Column | undefined): string | undefined {
  const names = [column?.align === 'right' ? 'num' : '', column?.mono === true ? 'mono' : ''].filter(
    (name) => name !== '',
  );
  return names.length === 0 ? undefined : names.join(' ');
}

function hasMore(row: Row): boolean {
  return (row.details ?? []).length > 0 || (row.actions ?? []).length > 0;
}

/** Opens and closes what is under a row: a link without a script, so that an opened row has an address. */
function opener(row: Row, id: string, stage: Stage): Node {
  const opened = openedIn(stage.room.query);
  const isOpen = opened.includes(row.key);
  const others = isOpen ? opened.filter((key) => key !== row.key) : [...opened, row.key];
  const to = queryWith(stage.room.query, { open: others.length === 0 ? null : others.join(',') });
  const name = `Details of ${firstText(row)}`;
  return (
    <a
      class="opens"
      href={`${to}#${id}`}
      aria-label={name}
      aria-expanded={isOpen ? 'true' : 'false'}
      aria-controls={`${id}:d`}
      data-key={row.key}
    >
      <svg class="chevron" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M6 4l4 4-4 4" class="line" />
      </svg>
    </a>
  );
}

function firstText(row: Row): string {
  const first = row.cells[0] ?? row.key;
  const parts = typeof first === 'string' || 'kind' in first ? [first] : first;
  const text = parts.map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : '')).join('');
  return neutral(text.trim() === '' ? row.key : text);
}

function head(row: Row, id: string, stage: Stage): Child {
  const cell = row.cells[0] ?? '';
  const text = rich(cell, stage);
  const linked =
    row.href === undefined || hasLink(cell) || !mayBeFollowed(row.href) ? text : link(row.href, text, 'rowlink');
  return hasMore(row) ? [opener(row, id, stage), linked] : linked;
}

function rowOf(table: Table, row: Row, stage: Stage): readonly Node[] {
  const id = idOf('r', table.id, row.key);
  const main = live(stage, id, (inner) => (
    <tr id={id} data-row={row.href === undefined || !mayBeFollowed(row.href) ? '' : row.href}>
      {table.columns.map((column, index) =>
        index === 0 ? (
          <th scope="row" class={look(column)}>
            {head(row, id, inner)}
          </th>
        ) : (
          <td class={look(column)}>{rich(row.cells[index] ?? '', inner)}</td>
        ),
      )}
    </tr>
  ));
  if (!hasMore(row)) return [main];
  const isOpen = openedIn(stage.room.query).includes(row.key);
  const more = live(stage, `${id}:d`, (inner) => (
    <tr id={`${id}:d`} class="more" hidden={!isOpen}>
      <td colspan={table.columns.length}>
        {inner.show(row.details ?? [], inner, id)}
        {row.actions === undefined || row.actions.length === 0 ? null : actionsOf(row.actions, inner)}
      </td>
    </tr>
  ));
  return [main, more];
}

/** The name of a group, and how many rows it has: a cell of its own, since a header without cells heads nothing. */
function groupRow(name: string, rows: number, columns: number): Node {
  if (columns === 1) {
    return (
      <tr class="group">
        <td>
          <strong>{neutral(name)}</strong> <span class="count">{rows}</span>
        </td>
      </tr>
    );
  }
  return (
    <tr class="group">
      <th scope="rowgroup">{neutral(name)}</th>
      <td colspan={columns - 1}>
        <span class="count">{rows}</span>
      </td>
    </tr>
  );
}

export function tableOf(table: Table, stage: Stage): Node {
  const captionId = idOf('t', table.id, 'caption');
  const groups = table.groups.filter((group) => group.rows.length > 0);
  if (groups.length === 0) return emptyOf(idOf('t', table.id, 'empty'), table, stage);
  return scrolling(
    captionId,
    <table id={idOf('t', table.id)} class={groups.some((group) => group.rows.some(hasMore)) ? 'openable' : undefined}>
      <caption id={captionId}>{neutral(table.caption)}</caption>
      <thead>
        <tr>
          {table.columns.map((column) => (
            <th scope="col" class={look(column)}>
              {neutral(column.name)}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody>
          {group.name === null ? null : groupRow(group.name, group.rows.length, table.columns.length)}
          {group.rows.flatMap((row) => rowOf(table, row, stage))}
        </tbody>
      ))}
    </table>,
  );
}

/** Why there is nothing, where something would be. */
export function emptyOf(
  id: string,
  of: { readonly caption: string; readonly empty: Table['empty'] },
  stage: Stage,
): Node {
  return live(stage, id, (inner) => (
    <div id={id} class="empty">
      <strong>{neutral(of.caption)}</strong>
      <p>{rich(of.empty, inner)}</p>
    </div>
  ));
}
