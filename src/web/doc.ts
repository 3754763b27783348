/**
 * What a page says, before it is HTML or plain text: both are made from the same document, so that they cannot differ in a fact (ux.md D7, B23).
 * Pages are pure functions from view data to a `Doc`; src/web/html and src/web/text show it.
 */
import type { Instant } from '../domain/instant.ts';
import type { State } from '../domain/state.ts';

export { STATES, type State } from '../domain/state.ts';

/** A piece of text with a meaning. Plain strings are shown as they are: nothing in them is markup. */
export type Inline =
  | string
  /** `word` instead of the state's own word: `37 of 40`. */
  | { readonly kind: 'state'; readonly state: State; readonly word?: string }
  /** `href` is a path of ours, or an https address from data, which is checked before it becomes a link. */
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'person'; readonly login: string }
  /** A date in text, the moment and the local time in its title. `form` `ago` and `until` are reckoned from the room's now. */
  | { readonly kind: 'time'; readonly at: Instant; readonly form: 'date' | 'minute' | 'ago' | 'until' };
export type Rich = Inline | readonly Inline[];

/** An input of an action's form or of a filter. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'long-text' | 'date' | 'choice' | 'hidden';
  readonly value?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly required?: boolean;
  readonly hint?: string;
  /** Longest text that is taken. */
  readonly max?: number;
}

/**
 * Something that can be done from the page: always shown, and disabled with its reason to those who may not (ux.md 2.2). It posts a form;
 * the server looks again at everything.
 */
export interface Action {
  /** Unique on the page. */
  readonly id: string;
  /** Verb and object: `Waive gate`. */
  readonly label: string;
  /** Path that the form is posted to. */
  readonly href: string;
  readonly fields: readonly Field[];
  /** The same on the command line; with names of fields in capitals where a value goes. */
  readonly command: string;
  /** What has to be typed before the button works; for what cannot be undone. */
  readonly phrase?: string;
  readonly undo: 'full' | 'partial' | 'none';
  /** Why it cannot be done now by whoever looks: `Needs role release-manager; ask @malfet`. Null when it can. */
  readonly barred: string | null;
  /** What will happen, shown in the dialog before the button. */
  readonly tells?: Rich;
}

export interface Column {
  readonly key: string;
  readonly name: string;
  readonly align?: 'left' | 'right';
  readonly mono?: boolean;
}

/** A row is known by its key: with live updates it is swapped as a whole. */
export interface Row {
  readonly key: string;
  readonly cells: readonly Rich[];
  /** Where Enter on the row leads. */
  readonly href?: string;
  /** Shown when the row is opened. */
  readonly details?: readonly Block[];
  readonly actions?: readonly Action[];
}

export interface Card {
  readonly key: string;
  readonly href: string;
  readonly title: string;
  readonly lines: readonly Rich[];
  readonly actions?: readonly Action[];
}

/** A cell of a grid: what it is is said in its name, so that it can be read without looking. */
export interface GridCell {
  readonly state: State;
  /** Package, Python, platform, accelerator, state: `torch, Python 3.12, linux x86_64, CUDA 12.8: validated`. */
  readonly name: string;
  readonly href?: string;
  /** A number or a word instead of the shape, for grids of sizes. */
  readonly text?: string;
}

export interface TimelineSpan {
  readonly lane: string;
  readonly name: string;
  readonly from: Instant;
  /** The same as `from`: a moment. */
  readonly to: Instant;
  readonly state: State;
  /** Where it was planned before it was moved. */
  readonly was?: Instant;
}

/** A picture is drawn from data, and the data is always there as a table too. */
export type Picture =
  | { readonly kind: 'timeline'; readonly spans: readonly TimelineSpan[]; readonly now: Instant }
  | {
      readonly kind: 'lines';
      readonly unit: string;
      readonly series: readonly {
        readonly name: string;
        readonly points: readonly { readonly at: Instant | string; readonly value: number }[];
      }[];
      /** A line that must not be crossed. */
      readonly limit?: { readonly name: string; readonly value: number };
    }
  | {
      /** Counts that hold from one moment until they change, with the dates of the calendar. */
      readonly kind: 'steps';
      readonly unit: string;
      readonly series: readonly {
        readonly name: string;
        readonly points: readonly { readonly at: Instant; readonly value: number }[];
      }[];
      readonly marks: readonly { readonly name: string; readonly at: Instant }[];
      /** The last value of each holds until then. */
      readonly now: Instant;
    }
  | {
      readonly kind: 'heat';
      readonly columns: readonly string[];
      readonly rows: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
      readonly unit: string;
    }
  | {
      /** On one axis, an interval a line: how far each is from 0, held against the limit. */
      readonly kind: 'intervals';
      readonly unit: string;
      readonly limit: number;
      readonly rows: readonly {
        readonly name: string;
        readonly low: number;
        readonly value: number;
        readonly high: number;
        readonly state: State;
        readonly word: string;
      }[];
    }
  | {
      readonly kind: 'bars';
      readonly unit: string;
      readonly bars: readonly { readonly name: string; readonly value: number; readonly limit?: number }[];
    };

export type Block =
  | {
      readonly kind: 'section';
      readonly id: string;
      readonly heading: string;
      readonly aside?: Rich;
      readonly blocks: readonly Block[];
    }
  | { readonly kind: 'paragraph'; readonly text: Rich }
  | { readonly kind: 'list'; readonly items: readonly Rich[] }
  | { readonly kind: 'facts'; readonly rows: readonly { readonly name: string; readonly value: Rich }[] }
  | { readonly kind: 'code'; readonly text: string; readonly label?: string }
  /** `error` and `warn` are said by assistive technology at once. */
  | { readonly kind: 'notice'; readonly tone: 'info' | 'warn' | 'error'; readonly text: Rich; readonly next?: Rich }
  | {
      readonly kind: 'table';
      readonly id: string;
      readonly caption: string;
      readonly columns: readonly Column[];
      readonly groups: readonly { readonly name: string | null; readonly rows: readonly Row[] }[];
      /** Why it is empty and the next act; never only "no data". */
      readonly empty: Rich;
    }
  | {
      readonly kind: 'board';
      readonly id: string;
      readonly caption: string;
      readonly columns: readonly { readonly key: string; readonly name: string; readonly cards: readonly Card[] }[];
      readonly empty: Rich;
    }
  | {
      readonly kind: 'grid';
      readonly id: string;
      readonly caption: string;
      /** Columns in groups: `linux x86_64` over `cpu 126 128`. */
      readonly heads: readonly { readonly name: string; readonly columns: readonly string[] }[];
      readonly rows: readonly { readonly name: string; readonly cells: readonly GridCell[] }[];
      readonly empty: Rich;
    }
  | {
      readonly kind: 'phases';
      readonly steps: readonly {
        readonly name: string;
        readonly state: State;
        readonly text: string;
        readonly current: boolean;
      }[];
    }
  | { readonly kind: 'picture'; readonly id: string; readonly caption: string; readonly picture: Picture }
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  /** A form that only changes what is shown: its fields go into the address. */
  | { readonly kind: 'filter'; readonly fields: readonly Field[]; readonly label: string };

/** Tabs of the shell. */
export const TABS = [
  'train',
  'todo',
  'release',
  'picks',
  'artifacts',
  'plans',
  'calendar',
  'support',
  'log',
  'system',
] as const;
export type Tab = (typeof TABS)[number];

export interface Doc {
  /** Of the window, most important first: `(2) 2.8.0-rc2 not ready`. */
  readonly title: string;
  readonly heading: string;
  /** Beside the heading: state, branch, commit. */
  readonly lead?: Rich;
  readonly tab: Tab;
  /** The release the page is about, for the picker and the tabs. */
  readonly release: string | null;
  /** The command line that answers the same. */
  readonly command: string | null;
  readonly blocks: readonly Block[];
}

/** Who looks, as far as a page may know. */
export interface Viewer {
  readonly login: string;
  readonly roles: readonly string[];
}

/** What a page is shown in. */
export interface PageRoom {
  readonly now: Instant;
  /** Null: nobody signed in. */
  readonly viewer: Viewer | null;
  /** Logins by role, to say whom to ask. */
  readonly holders: Readonly<Record<string, readonly string[]>>;
  /** The query of the address: filter, sort, opened row, form of the view. */
  readonly query: Readonly<Record<string, string>>;
  /** The past is looked at: nothing can be done. */
  readonly past: Instant | null;
}

/** Why whoever looks cannot do what needs one of these roles; null when they can. */
export function barredFrom(room: PageRoom, roles: readonly string[]): string | null {
  if (room.past !== null) return 'You look at the past; nothing can be done there';
  const { viewer } = room;
  if (viewer === null) return 'Sign in to do this';
  if (roles.length === 0 || roles.some((role) => viewer.roles.includes(role))) return null;
  const people = roles.flatMap((role) => room.holders[role] ?? []);
  const ask = people.length === 0 ? 'nobody has it' : `ask ${people.map((login) => `@${login}`).join(', ')}`;
  return `Needs role ${roles.join(' or ')}; ${ask}`;
}
