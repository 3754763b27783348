/* oxlint-disable max-lines -- the kinds of commits of one generator; apart they would say less */
import {
  commitText,
  edited,
  fileText,
  nameAtCut,
  STEP,
  type Edit,
  type MadeMain,
  type MainChange,
} from './main-branch.ts';
import { messageOf } from './messages.ts';
import type { Random } from './random.ts';
import type { Kind, Shape } from './shape.ts';

/** What a commit of the release branch really is: by marks of main's commits; any of each group counts as the same. */
export interface TruthOfCommit {
  readonly mark: number;
  readonly kind: string;
  readonly mains: readonly (readonly number[])[];
}

/** A commit to write on the branch. */
interface Draft {
  readonly kind: string;
  readonly message: string;
  readonly edits: readonly Edit[];
  readonly mains: readonly MainChange[];
  readonly date: number;
  readonly newline?: string;
}

const FIRST_MARK = 1_000_000;

interface Making {
  readonly random: Random;
  readonly main: MadeMain;
  readonly shas: ReadonlyMap<number, string>;
  readonly files: Map<string, readonly string[]>;
  readonly used: Set<number>;
  /** Numbers of the branch's own pull requests, one after the other. */
  readonly nextPull: () => number;
  readonly shape: Shape;
}

/** Writes the release branch of `size` commits for git fast-import, on top of the cut. */
export async function makeRelease(
  random: Random,
  input: {
    readonly main: MadeMain;
    readonly shas: ReadonlyMap<number, string>;
    readonly size: number;
    readonly shape: Shape;
    readonly write: (text: string) => Promise<void>;
  },
): Promise<readonly TruthOfCommit[]> {
  const { main, shas, size, shape, write } = input;
  let pull = 500_000;
  const making: Making = {
    random,
    main,
    shas,
    files: new Map(main.files),
    used: new Set(),
    nextPull: () => (pull += 1),
    shape,
  };
  const truth: TruthOfCommit[] = [];
  const picked: Draft[] = [];
  const kinds = shape.mix.flatMap(([kind, share]) =>
    Array.from({ length: Math.round((size * share) / 100) }, () => kind),
  );
  for (let mark = FIRST_MARK; truth.length < size; mark += 1) {
    const undo = truth.length % 40 === 20 ? revertOf(making, picked) : null;
    const kind = kinds[random.below(kinds.length)] ?? 'exact';
    const draft = undo ?? draftOf(kind, making);
    if (draft === null) continue;
    const from = truth.length === 0 ? `from ${shas.get(main.cutMark) ?? ''}\n` : '';
    await write(
      `${commitText({ ref: 'refs/heads/release/1.0', mark, date: draft.date, message: draft.message })}${from}`,
    );
    for (const edit of draft.edits) await applyTo(making, edit, draft.newline, write);
    truth.push({ mark, kind: draft.kind, mains: draft.mains.map((change) => [change.mark, ...change.twins]) });
    if (draft.kind === 'exact' && draft.newline === undefined) picked.push(draft);
  }
  return truth;
}

async function applyTo(
  { files }: Making,
  edit: Edit,
  newline: string | undefined,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const path = nameAtCut(edit.path);
  const lines = edited(files.get(path) ?? [], edit);
  if (lines === null) throw new Error(`the generator made an edit that does not apply to ${path}`);
  files.set(path, lines);
  await write(fileText(path, lines, newline));
}

function applies({ files }: Making, edits: readonly Edit[]): boolean {
  return edits.every((edit) => edited(files.get(nameAtCut(edit.path)) ?? [], edit) !== null);
}

/** A change of main that was not picked yet, and whose lines the branch has. */
function freshChange(making: Making, wanted: (change: MainChange) => boolean = () => true): MainChange | null {
  const { random, main, used } = making;
  for (let tries = 0; tries < 400; tries += 1) {
    const change = main.changes[random.below(main.changes.length)];
    if (change === undefined || used.has(change.mark) || main.forwarded.has(change.mark)) continue;
    if (change.takenBack || !wanted(change) || !applies(making, change.edits)) continue;
    used.add(change.mark);
    return change;
  }
  return null;
}

function draftOf(kind: Kind, making: Making): Draft | null {
  switch (kind) {
    case 'exact':
      return exactPick(making);
    case 'edited':
      return editedPick(making);
    case 'multi':
      return multiPick(making);
    case 'partial':
      return partialPick(making);
    case 'empty':
      return emptyPick(making);
    case 'release-only':
      return releaseOnly(making);
    case 'misleading':
      return misleading(making);
    case 'forwarded':
      return forwarded(making);
  }
}

function nextPull({ nextPull: next }: Making): number {
  return next();
}

function exactPick(making: Making): Draft | null {
  const change = freshChange(making);
  if (change === null) return null;
  const newline = making.random.chance(0.02) ? { newline: '\r\n' } : {};
  // A file with other line ends is another text for every later edit: only its last one.
  const kind = 'exact';
  return {
    kind,
    message: messageOf(making, change, making.shape.silent),
    edits: change.edits,
    mains: [change],
    date: change.date + STEP,
    ...newline,
  };
}

/** Resolved by hand: some of the new lines are other ones. */
function editedPick(making: Making): Draft | null {
  const { random } = making;
  const change = freshChange(making, ({ edits }) =>
    edits.every(({ after, before }) => after.length + before.length >= 4),
  );
  if (change === null) return null;
  const edits = change.edits.map(({ path, before, after }) => {
    const at = random.below(after.length);
    const isTwice = making.shape.twiceEdited > 0 && random.chance(making.shape.twiceEdited);
    const changed = after.map((line, index) =>
      index === at || (isTwice && index === (at + 1) % after.length)
        ? `    ${random.word()}_${random.word()}(${random.below(1_000_000)})`
        : line,
    );
    return {
      path,
      before,
      after: random.chance(0.3) ? [...changed, `    ${random.word()}(${random.below(9999)})`] : changed,
    };
  });
  return {
    kind: 'edited',
    message: messageOf(making, change, making.shape.silentEdited),
    edits,
    mains: [change],
    date: change.date + STEP,
  };
}

function multiPick(making: Making): Draft | null {
  const { random } = making;
  const paths = new Set<string>();
  const mains: MainChange[] = [];
  const count = 2 + random.below(2);
  while (mains.length < count) {
    const change = freshChange(making, ({ edits }) => edits.every(({ path }) => !paths.has(path)));
    if (change === null) return null;
    for (const { path } of change.edits) paths.add(path);
    mains.push(change);
  }
  const own = nextPull(making);
  const numbers = mains.map(({ pull }) => `#${pull}`);
  const message = random.pick([
    `Cherry-pick ${random.word()} fixes (#${own})\n\nCherry-picks of:\n${numbers.map((number) => `- ${number}`).join('\n')}\n`,
    `${mains[0]?.title ?? ''} and more (#${own})\n\nport of ${numbers.join(', ')}\n`,
    `Fixes for 1.0 (#${own})\n\n${mains.map(({ title, pull }) => `* ${title} (#${pull})\n`).join('\n')}`,
  ]);
  return {
    kind: 'multi',
    message,
    edits: mains.flatMap(({ edits }) => edits),
    mains,
    date: Math.max(...mains.map(({ date }) => date)) + STEP,
  };
}

function partialPick(making: Making): Draft | null {
  const change = freshChange(making, ({ edits }) => edits.length > 1);
  if (change === null) return null;
  return {
    kind: 'partial',
    message: messageOf(making, change, 0),
    edits: change.edits.slice(0, 1),
    mains: [change],
    date: change.date + STEP,
  };
}

/** Somebody picked what was there already: the message is a pick's, the content nothing. */
function emptyPick(making: Making): Draft | null {
  const change = freshChange(making);
  return change === null
    ? null
    : { kind: 'empty', message: messageOf(making, change, 0), edits: [], mains: [], date: change.date + STEP };
}

function ownEdit(making: Making): Edit {
  const { random, files } = making;
  const paths = [...files.keys()];
  const path = paths[random.below(paths.length)] ?? '';
  const lines = files.get(path) ?? [];
  const from = random.below(Math.max(1, lines.length - 3));
  return {
    path,
    before: lines.slice(from, from + 2),
    after: Array.from(
      { length: 2 + random.below(3) },
      () => `    ${random.word()}_${random.word()}(${random.below(1_000_000)})`,
    ),
  };
}

function anyDate({ random, main }: Making): number {
  return main.changes[random.below(main.changes.length)]?.date ?? 0;
}

function releaseOnly(making: Making): Draft {
  const { random } = making;
  const own = nextPull(making);
  const title = random.pick([
    `[release-only] Pin ${random.word()}`,
    `Pin ${random.word()} for 1.0`,
    'Update pins',
    'Fix lint',
    `[release/1.0] Work around ${random.word()}`,
  ]);
  const mention = random.chance(0.5) ? `\nSee #${10_000 + making.main.cutMark + random.below(3000)} for why.\n` : '';
  return {
    kind: 'release-only',
    message: `${title} (#${own})\n${mention}`,
    edits: [ownEdit(making)],
    mains: [],
    date: anyDate(making),
  };
}

/** The message of one change on the content of another one, or of none. */
function misleading(making: Making): Draft | null {
  const named = freshChange(making);
  if (named === null) return null;
  const message = messageOf(making, named, 0);
  if (making.random.chance(0.5))
    return { kind: 'misleading', message, edits: [ownEdit(making)], mains: [], date: named.date + STEP };
  const real = freshChange(making);
  return real === null
    ? null
    : { kind: 'misleading', message, edits: real.edits, mains: [real], date: Math.max(named.date, real.date) + STEP };
}

/** Written here first; main has it afterwards. */
function forwarded(making: Making): Draft | null {
  const { random, main, used } = making;
  const open = main.changes.filter(
    ({ mark, edits }) => main.forwarded.has(mark) && !used.has(mark) && applies(making, edits),
  );
  const change = open[random.below(open.length)];
  if (change === undefined) return null;
  used.add(change.mark);
  return {
    kind: 'forwarded',
    message: `${change.title} (#${main.forwarded.get(change.mark)})\n`,
    edits: change.edits,
    mains: [change],
    date: change.date - 100 * STEP,
  };
}

/** Takes a pick back, and every second time the one that was taken back is picked once more. */
function revertOf(making: Making, picked: Draft[]): Draft | null {
  const draft = picked.pop();
  const [change] = draft?.mains ?? [];
  if (draft === undefined || change === undefined) return null;
  const edits = draft.edits.map(({ path, before, after }) => ({ path, before: after, after: before }));
  if (!applies(making, edits)) return null;
  // It may be picked again later.
  making.used.delete(change.mark);
  const title = draft.message.split('\n')[0] ?? '';
  return {
    kind: 'revert',
    message: `Revert "${title}" (#${nextPull(making)})\n`,
    edits,
    mains: [],
    date: draft.date + STEP,
  };
}
