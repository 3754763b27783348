import { createHash } from 'node:crypto';
import type { CommitPatch, CommitText, FilePatch } from '../domain/history.ts';
import { ObjectId } from '../domain/git-names.ts';
import type { History, TwoHeads } from '../ports/history.ts';

/** A commit as a test writes it down: what it says, and which lines of which files it takes away and adds. */
export interface PlainCommit {
  /** Any word; its id is the word's digest, unless it is an id itself. */
  readonly name: string;
  readonly message: string;
  /** By file: lines, each beginning with `-` or `+`, or a space for what only stands beside them. */
  readonly change?: Readonly<Record<string, readonly string[]>>;
  /** Seconds; by default later than the ones before it. */
  readonly at?: number;
  readonly merges?: number;
}

/** Commits by side, each oldest first; `before`: what both sides have. */
export interface PlainSides {
  readonly before?: readonly PlainCommit[];
  readonly main: readonly PlainCommit[];
  readonly line: readonly PlainCommit[];
  /** The first so many commits of the line are those of the branch it was made from. */
  readonly ofParent?: number;
  readonly otherLine?: readonly PlainCommit[];
  readonly pulls?: Readonly<Record<number, readonly PlainCommit[]>>;
  readonly renamed?: Readonly<Record<string, string>>;
}

/** The id of a commit of a test. */
export function plainId(name: string): ObjectId {
  return ObjectId.parse(/^[0-9a-f]{40}$/.test(name) ? name : createHash('sha1').update(name).digest('hex'));
}

export const PLAIN_PARENT = plainId('head of the branch it was made from');
export const PLAIN_SIBLING = plainId('head of another line');

/** The `History` port over plain commits, for tests of the rules: what git itself does is tested on real repositories. */
export function memoryHistory(sides: PlainSides): { readonly history: History; readonly heads: TwoHeads } {
  const { before = [], main, line, ofParent = 0, otherLine = [], pulls = {}, renamed = {} } = sides;
  const pushed = Object.values(pulls).flat();
  const all = [...before, ...main, ...line, ...otherLine, ...pushed];
  const patches = new Map(all.map((commit) => [plainId(commit.name), patchOf(commit)]));
  const heads = { main: plainId(main.at(-1)?.name ?? 'cut'), line: plainId(line.at(-1)?.name ?? 'cut') };
  const files = (id: ObjectId): readonly string[] => patches.get(id)?.files.map(({ path }) => path) ?? [];
  const history: History = {
    async *sides() {
      yield texts(main, 1000).map((commit) => ({ side: 'main', commit }));
      yield texts(line, 5000).map((commit) => ({ side: 'line', commit }));
    },
    async *touched() {
      yield texts(main, 1000).map(({ id }) => ({ id, paths: files(id) }));
    },
    async *range(_at, { tips, not }) {
      if (tips.includes(PLAIN_SIBLING)) yield* texts(otherLine, 4000);
      else yield* texts(line, 5000).slice(0, not.includes(PLAIN_PARENT) ? line.length - ofParent : line.length);
    },
    patches: (_at, ids) => Promise.resolve(new Map(ids.map((id) => [id, patches.get(id) ?? { id, files: [] }]))),
    renamed: () => Promise.resolve(new Map(Object.entries(renamed))),
    pullCommits: (_at, numbers) =>
      Promise.resolve(
        new Map(
          numbers.flatMap((number) => (pulls[number] === undefined ? [] : [[number, texts(pulls[number], 900)]])),
        ),
      ),
    reachable: (_at, ids) => {
      const known = before.map(({ name }) => plainId(name));
      const found = ids.flatMap((id) => {
        const full = known.find((each) => each.startsWith(id));
        return full === undefined ? [] : ([[id, full]] as const);
      });
      return Promise.resolve(new Map(found));
    },
    find: (_at, _where, { pulls: asked }) =>
      Promise.resolve(
        texts(before, 0).flatMap(({ id, committedAt, message }) => {
          const [title = ''] = message.split('\n');
          const pull = Number(/\(#(\d+)\)$/.exec(title)?.[1] ?? 0);
          return asked.includes(pull) ? [{ id, committedAt, title, pull }] : [];
        }),
      ),
    memory: { recall: () => Promise.resolve(null), remember: () => Promise.resolve() },
  };
  return { history, heads };
}

/** Newest first, as git lists them. */
function texts(commits: readonly PlainCommit[], from: number): readonly CommitText[] {
  return commits
    .map((commit, index) => textOf(commit, commits[index - 1]?.name ?? 'cut', from + index * 100))
    .toReversed();
}

function textOf({ name, message, at, merges }: PlainCommit, parent: string, when: number): CommitText {
  const parents = [
    plainId(parent),
    ...Array.from({ length: merges ?? 0 }, (_none, index) => plainId(`merged ${index}`)),
  ];
  return { id: plainId(name), parents, author: 'Ada <ada@example.org>', committedAt: at ?? when, message };
}

function patchOf({ name, change = {} }: PlainCommit): CommitPatch {
  return { id: plainId(name), files: Object.entries(change).map(([path, lines]) => fileOf(path, lines)) };
}

function fileOf(path: string, lines: readonly string[]): FilePatch {
  const of = (sign: string): string =>
    digest(lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1)));
  const changed = lines.filter((line) => /^[-+]/.test(line));
  const numbers = changed.map(
    (line) => ((parseInt(digest([line.slice(1)]).slice(0, 8), 16) << 1) | (line.startsWith('+') ? 1 : 0)) >>> 0,
  );
  return {
    path,
    signature: digest(lines),
    removed: of('-'),
    added: of('+'),
    lines: numbers.toSorted((one, other) => one - other),
  };
}

function digest(lines: readonly string[]): string {
  return createHash('sha1')
    .update(lines.map((line) => line.replaceAll(/\s/g, '')).join('\n'))
    .digest('hex');
}
