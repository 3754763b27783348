import type { Random } from './random.ts';
import type { Shape } from './shape.ts';

/** Lines replaced in a file: what a commit does there. */
export interface Edit {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A commit of main after the cut, as the release branch may pick it. */
export interface MainChange {
  readonly mark: number;
  readonly pull: number;
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly date: number;
  /** Other commits that are the same change landed again. */
  readonly twins: readonly number[];
  readonly takenBack: boolean;
}

export interface MadeMain {
  readonly changes: readonly MainChange[];
  /** The files at the cut. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly cutMark: number;
  /** Release pull requests that main names as where its change comes from, by the mark of main's commit. */
  readonly forwarded: ReadonlyMap<number, number>;
}

export const SLUG = 'example/rail';
/** A tree as deep and wide as those of large projects: comparing two of them is what git spends its time on. */
const AREAS = 10;
const DIRS = 80;
const FILES_PER_DIR = 120;
const AT_ROOT = 100;
const LINES = 40;
const START = 1_500_000_000;
export const STEP = 600;
const MOVED = { from: 'src/area_3/mod_3/', to: 'src/area_3/module_3/' };
/** Titles that many commits have. */
const COMMON = ['Update pins', 'Fix lint', 'Bump version', 'Update CI image', 'Fix typo'] as const;

function nameOf(dir: number, file: number): string {
  return `src/area_${dir % AREAS}/mod_${dir}/f_${file}.py`;
}

function newLine(random: Random, plain = 0.2): string {
  if (random.chance(plain)) return random.pick(['}', '', '    return None', '    pass', '# end']);
  return `    ${random.word()}_${random.word()}(${random.below(100_000)}, "${random.word()}")`;
}

function newTitle(random: Random, common: number): string {
  if (random.chance(common)) return random.pick(COMMON);
  const verb = random.pick(['Fix', 'Add', 'Remove', 'Support', 'Guard', 'Speed up', 'Refactor']);
  return `${verb} ${random.word()} ${random.word()} in ${random.word()} ${random.word()}`;
}

function newBody(random: Random, pull: number): string {
  const parts: string[] = [];
  if (random.chance(0.3)) parts.push(`Fixes #${1 + random.below(pull)}`);
  if (random.chance(0.2)) parts.push(`Follow-up of #${1 + random.below(pull)}, see also #${1 + random.below(pull)}.`);
  parts.push(`${random.word()} ${random.word()} ${random.word()}.`);
  return parts.join('\n\n');
}

interface Writing {
  readonly random: Random;
  readonly write: (text: string) => Promise<void>;
  readonly files: Map<string, readonly string[]>;
  /** Their names, to choose from. */
  readonly paths: string[];
  readonly shape: Shape;
}

export function commitText(input: {
  readonly ref: string;
  readonly mark: number;
  readonly date: number;
  readonly message: string;
}): string {
  const who = `Ada <ada@example.org> ${input.date} +0000`;
  return `commit ${input.ref}\nmark :${input.mark}\nauthor ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(input.message)}\n${input.message}\n`;
}

export function fileText(path: string, lines: readonly string[], newline = '\n'): string {
  const content = lines.map((line) => `${line}${newline}`).join('');
  return `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
}

/** Writes main, `total` commits of which the last `after` come after the cut, as a stream for git fast-import. */
export async function makeMain(
  random: Random,
  write: (text: string) => Promise<void>,
  size: { readonly total: number; readonly after: number; readonly shape: Shape },
): Promise<MadeMain> {
  const writing: Writing = { random, write, files: new Map(), paths: [], shape: size.shape };
  const { files } = writing;
  for (let dir = 0; dir < DIRS; dir += 1) {
    for (let file = 0; file < FILES_PER_DIR; file += 1)
      files.set(
        nameOf(dir, file),
        Array.from({ length: LINES }, () => newLine(random)),
      );
  }
  for (let file = 0; file < AT_ROOT; file += 1) files.set(`top_${file}.txt`, [newLine(random)]);
  writing.paths.push(...files.keys());
  await write(commitText({ ref: 'refs/heads/main', mark: 1, date: START, message: 'Begin' }));
  for (const [path, lines] of files) await write(fileText(path, lines));
  const cutMark = size.total - size.after;
  let atCut: ReadonlyMap<string, readonly string[]> = new Map();
  const changes: MainChange[] = [];
  const forwarded = new Map<number, number>();
  const back: { readonly at: number; readonly change: MainChange }[] = [];
  for (let mark = 2; mark <= size.total; mark += 1) {
    if (mark === cutMark + 1) atCut = new Map(files);
    const date = START + mark * STEP;
    const due = back[0];
    if (due !== undefined && due.at <= mark) {
      back.shift();
      const isReland = due.change.takenBack;
      const done = await turnBack(writing, due.change, { mark, date, isReland });
      if (done && isReland)
        changes.splice(
          changes.findIndex(({ mark: found }) => found === due.change.mark),
          1,
          { ...due.change, takenBack: false, twins: [mark] },
        );
      if (done && !isReland) {
        const taken = { ...due.change, takenBack: true };
        changes.splice(
          changes.findIndex(({ mark: found }) => found === due.change.mark),
          1,
          taken,
        );
        back.push({ at: mark + 20, change: taken });
      }
      continue;
    }
    if (mark === cutMark + 500) {
      await moveFolder(writing, mark, date);
      continue;
    }
    const change = await ordinary(writing, { mark, date, forwarded, isAfter: mark > cutMark });
    if (mark <= cutMark) continue;
    changes.push(change);
    if (random.chance(0.01) && back.length < 3) back.push({ at: mark + 10, change });
  }
  return { changes, files: atCut, cutMark, forwarded };
}

async function ordinary(
  writing: Writing,
  input: {
    readonly mark: number;
    readonly date: number;
    readonly forwarded: Map<number, number>;
    readonly isAfter: boolean;
  },
): Promise<MainChange> {
  const { random, write, shape } = writing;
  const { mark, date } = input;
  const pull = 10_000 + mark;
  const title = newTitle(random, shape.commonTitles);
  const edits = newEdits(writing);
  let body = newBody(random, pull);
  if (input.isAfter && random.chance(0.01)) {
    input.forwarded.set(mark, 900_000 + mark);
    body = random.pick([
      `Forward-ports #${900_000 + mark} to main.\n\n${body}`,
      `Same change as https://github.com/${SLUG}/pull/${900_000 + mark}\n\n${body}`,
    ]);
  }
  await write(commitText({ ref: 'refs/heads/main', mark, date, message: `${title} (#${pull})\n\n${body}\n` }));
  for (const edit of edits) await applyTo(writing, edit);
  return { mark, pull, title, edits, date, twins: [], takenBack: false };
}

function newEdits({ random, files, paths, shape }: Writing): readonly Edit[] {
  const count = random.chance(shape.twoFiles) ? 2 : 1;
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(paths[random.below(paths.length)] ?? '');
  return [...chosen].map((path) => {
    const lines = files.get(path) ?? [];
    const from = random.below(Math.max(1, lines.length - 4));
    const before = lines.slice(from, from + 1 + random.below(3));
    const grown = lines.length > 60 ? 1 : 2 + random.below(4);
    return {
      path,
      before,
      after: Array.from({ length: grown }, (_none, index) =>
        index === 0 ? uniqueLine(random) : newLine(random, shape.plainLines),
      ),
    };
  });
}

function uniqueLine(random: Random): string {
  return `    ${random.word()}_${random.word()}(${random.below(1_000_000)}, "${random.word()} ${random.word()}")`;
}

/** The file with the edit in it; null when its lines are not there. */
export function edited(lines: readonly string[], { before, after }: Edit): readonly string[] | null {
  const from = lines.findIndex((_line, index) => before.every((line, offset) => lines[index + offset] === line));
  return from === -1 || before.length === 0
    ? null
    : [...lines.slice(0, from), ...after, ...lines.slice(from + before.length)];
}

async function applyTo({ write, files }: Writing, edit: Edit): Promise<boolean> {
  const lines = edited(files.get(edit.path) ?? [], edit);
  if (lines === null) return false;
  files.set(edit.path, lines);
  await write(fileText(edit.path, lines));
  return true;
}

/** Takes a change back, or lands it again; false when its lines were changed meanwhile: then an ordinary empty line is all that is written. */
async function turnBack(
  writing: Writing,
  change: MainChange,
  input: { readonly mark: number; readonly date: number; readonly isReland: boolean },
): Promise<boolean> {
  const { mark, date, isReland } = input;
  const edits = isReland
    ? change.edits
    : change.edits.map(({ path, before, after }) => ({ path, before: after, after: before }));
  const works = edits.every((edit) => edited(writing.files.get(edit.path) ?? [], edit) !== null);
  const quoted = `"${change.title} (#${change.pull})"`;
  const title = works
    ? isReland
      ? `Reland "${change.title}"`
      : `Revert ${quoted}`
    : newTitle(writing.random, writing.shape.commonTitles);
  const body = works && !isReland ? `Reverts ${SLUG}#${change.pull}` : 'Again.';
  await writing.write(
    commitText({ ref: 'refs/heads/main', mark, date, message: `${title} (#${10_000 + mark})\n\n${body}\n` }),
  );
  if (works) for (const edit of edits) await applyTo(writing, edit);
  return works;
}

async function moveFolder({ write, files, paths }: Writing, mark: number, date: number): Promise<void> {
  await write(commitText({ ref: 'refs/heads/main', mark, date, message: `Move a module (#${10_000 + mark})\n` }));
  for (const [path, lines] of files) {
    if (!path.startsWith(MOVED.from)) continue;
    files.delete(path);
    files.set(path.replace(MOVED.from, MOVED.to), lines);
    paths.splice(paths.indexOf(path), 1, path.replace(MOVED.from, MOVED.to));
  }
  await write(`R ${MOVED.from.slice(0, -1)} ${MOVED.to.slice(0, -1)}\n`);
}

/** The name a file had at the cut. */
export function nameAtCut(path: string): string {
  return path.replace(MOVED.to, MOVED.from);
}
