import type { Action, Block, Doc, PageRoom } from '../web/doc.ts';
import { NOW } from './engine-world.ts';

/** What a page is shown in: `ana`, a release manager of the small train, looks, with nothing in the address. */
export function roomOf(changes: Partial<PageRoom> = {}): PageRoom {
  return {
    now: NOW,
    viewer: { login: 'ana', roles: ['release-manager'] },
    holders: { 'release-manager': ['ana', 'ben', 'cleo'], approver: ['dora'] },
    query: {},
    past: null,
    ...changes,
  };
}

/** Somebody who may look and not decide. */
export const ALICE: PageRoom['viewer'] = { login: 'alice', roles: [] };

/** Every text of the page one after the other, without any structure. */
export function wordsOf(doc: Doc): string {
  return textsIn(doc).join('\n');
}

function textsIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  if (Array.isArray(part))
    return isRich(part) ? [part.map((each) => textsIn(each).join('')).join('')] : part.flatMap(textsIn);
  if (part === null || typeof part !== 'object') return [];
  const record: Readonly<Record<string, unknown>> = { ...part };
  if (record['kind'] === 'state')
    return [`[${String(record['state'])}${'word' in record ? ` ${String(record['word'])}` : ''}]`];
  if (record['kind'] === 'person') return [`@${String(record['login'])}`];
  if (record['kind'] === 'time') return [String(record['at'])];
  if (record['kind'] === 'link' || record['kind'] === 'code' || record['kind'] === 'strong')
    return [String(record['text'])];
  return Object.values(record).flatMap(textsIn);
}

function isRich(parts: readonly unknown[]): boolean {
  return parts.every(
    (part) =>
      typeof part === 'string' || (part !== null && typeof part === 'object' && 'kind' in part && isInline(part.kind)),
  );
}

function isInline(kind: unknown): boolean {
  return ['state', 'link', 'code', 'strong', 'person', 'time'].some((known) => known === kind);
}

/** Every block, those inside of others too. */
export function blocksOf(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => [
    block,
    ...(block.kind === 'section' ? blocksOf(block.blocks) : []),
    ...(block.kind === 'table'
      ? block.groups.flatMap(({ rows }) => rows.flatMap(({ details }) => blocksOf(details ?? [])))
      : []),
  ]);
}

/** The table of this id. */
export function tableIn(doc: Doc, id: string): Extract<Block, { readonly kind: 'table' }> {
  const found = blocksOf(doc.blocks).find((block) => block.kind === 'table' && block.id === id);
  if (found?.kind !== 'table') throw new Error(`the page has no table ${id}`);
  return found;
}

/** Every action of the page, those of rows too. */
export function actionsIn(doc: Doc): readonly Action[] {
  return blocksOf(doc.blocks).flatMap((block) => {
    if (block.kind === 'actions') return block.actions;
    return block.kind === 'table'
      ? block.groups.flatMap(({ rows }) => rows.flatMap(({ actions }) => actions ?? []))
      : [];
  });
}
