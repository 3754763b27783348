import type { Child } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { raw } from 'hono/html';
import type { Block, PageRoom } from '../doc.ts';

export type Node = JSX.Element;
export type { Child };

/** An element that is swapped as a whole when it changes. */
export interface LiveRow {
  readonly id: string;
  readonly html: string;
  /** The same without what only the clock changes (`5 h ago`): what a server compares, so that it sends facts and not minutes. */
  readonly fact: string;
}

/** What the parts of a page are rendered with. */
export interface Stage {
  readonly room: PageRoom;
  /** Put into every form that posts; empty in what is swapped in later, where the script fills it in. */
  readonly formToken: string;
  /** Shows blocks within a block; `path` names where. Here, since a row of a table may hold any block, and modules have no cycles. */
  readonly show: (blocks: readonly Block[], stage: Stage, path: string) => readonly Node[];
  /** Where live elements are collected instead of shown. Null inside of one: what is swapped as a whole holds no other. */
  readonly collect: LiveRow[] | null;
}

export function htmlOf(node: Node): string {
  if (node instanceof Promise) throw new Error('Parts of pages are rendered at once');
  return node.toString();
}

const TIMES = /(<time [^>]*>)[^<]*/gu;

/** Renders a live element, or collects it and leaves its place. `make` gives exactly one element, with this id. */
export function live(stage: Stage, id: string, make: (inner: Stage, id: string) => Node): Node {
  if (stage.collect === null) return make(stage, id);
  const html = htmlOf(make({ ...stage, collect: null }, id));
  stage.collect.push({ id, html, fact: html.replace(TIMES, '$1') });
  return raw(`<!--${id}-->`);
}
