import type { z } from 'zod';
import type { App } from '../app/app.ts';
import type { AppProblem } from '../app/problem.ts';
import type { Instant } from '../domain/instant.ts';
import type { Result } from '../domain/result.ts';
import type { Role } from '../domain/train/train.ts';
import type { Doc, PageRoom } from '../web/doc.ts';

/** What was read for a page, and how old the oldest of it is. */
export interface Viewed<View> {
  readonly view: View;
  readonly asOf: Instant;
  /** Something in it could not be read. */
  readonly stale: boolean;
}

export interface PageInput {
  readonly app: App;
  /** Of the path: `release`, `gate`. Not checked yet. */
  readonly params: Readonly<Record<string, string>>;
  /** Those members of the query that `reads` names. */
  readonly query: Readonly<Record<string, string>>;
}

/**
 * A page: what it reads, and what it says. `read` knows nothing of who looks, so that one reading serves everybody; `doc` is pure. HTML,
 * plain text, JSON, live rows, the API and its description are all made from this.
 */
export interface PageDef<View> {
  /** Also the name of its JSON document: `signalbox.NAME/1`. */
  readonly name: string;
  /** With parameters as `:release`. */
  readonly path: string;
  readonly summary: string;
  readonly schema: z.ZodType<View>;
  /** Members of the query that change what is read; all others only change what is shown. */
  readonly reads: readonly string[];
  /** Milliseconds after which it is read again while somebody looks. */
  readonly budget: number;
  read(input: PageInput): Promise<Result<Viewed<View>, AppProblem>>;
  doc(view: View, room: PageRoom): Doc;
  /** The view when it was read too long ago to be believed: what rests on a reading is not known any more. Absent: nothing in it is a verdict. */
  outdated?(view: View, readAt: Instant): View;
}

/** What an action did. */
export interface Done {
  /** Path of the page that shows the effect. */
  readonly to: string;
  /** One sentence, said on that page. */
  readonly said: string;
  /** For the API. */
  readonly data: unknown;
}

export interface ActionInput<Input> {
  /** Its `who` is the person who acts. */
  readonly app: App;
  readonly params: Readonly<Record<string, string>>;
  readonly input: Input;
}

/** Something that a person does through the server; forms and the API go through the same one. */
export interface ActionDef<Input> {
  /** `gate-waive`. */
  readonly name: string;
  /** POST only. */
  readonly path: string;
  readonly summary: string;
  /** Any of them; none: whoever is signed in. The use case looks again. */
  readonly roles: readonly Role[];
  /** Of the form, whose values are all text, and of the API's JSON. */
  readonly schema: z.ZodType<Input>;
  run(input: ActionInput<Input>): Promise<Result<Done, AppProblem>>;
}

/** A page of which nobody has to know the type of its view. */
export interface Page extends Omit<PageDef<unknown>, 'doc' | 'outdated'> {
  /** Throws when the data is not of this page: what was stored long ago may be. */
  doc(data: unknown, room: PageRoom): Doc;
  outdated(data: unknown, readAt: Instant): unknown;
}

export function pageOf<View>(def: PageDef<View>): Page {
  return {
    ...def,
    doc: (data, room) => def.doc(def.schema.parse(data), room),
    outdated: (data, readAt) => (def.outdated === undefined ? data : def.outdated(def.schema.parse(data), readAt)),
  };
}

/** An action of which nobody has to know the type of its input. */
export interface AnyAction extends Omit<ActionDef<unknown>, 'run'> {
  /** `input` as it came; throws ZodError when it is not as it must be. */
  run(input: ActionInput<unknown>): Promise<Result<Done, AppProblem>>;
}

export function actionOf<Input>(def: ActionDef<Input>): AnyAction {
  return { ...def, run: ({ input, ...rest }) => def.run({ ...rest, input: def.schema.parse(input) }) };
}
