import { expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import type { PullRequest } from '../../ports/forge.ts';
import { memoryGit, memoryReadForge } from '../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../testing/small-train.ts';
import { decideReleaseOnlyGates } from './gates.ts';
import { readReleaseOnly } from './read.ts';

const train = smallTrain({
  vision: {
    onBranch: [
      { id: 'pin', kind: 'file', files: ['pin.txt'], to: '{commit:infra}' },
      { id: 'later', kind: 'file', files: ['x'], to: 'y', since: '2.9' },
    ],
  },
});
const [HEAD, CUT, PINNED, INFRA] = [commitId('a'), commitId('b'), commitId('c'), commitId('d')];
const refs = {
  vision: { 'refs/heads/release/0.23': HEAD, 'refs/heads/main': HEAD },
  infra: { 'refs/heads/release/2.8': INFRA, 'refs/heads/orig/release/2.8': CUT },
};
const parents = { [INFRA]: PINNED, [PINNED]: CUT, [CUT]: commitId('e') };
const filesWith = (pin: ObjectId) => ({
  [HEAD]: [{ path: 'pin.txt', mode: '100644' as const, blob: commitId('f'), text: `${pin}\n` }],
});

const merged = (number: number): PullRequest => ({
  number,
  title: 't',
  body: '',
  state: 'merged',
  draft: false,
  head: { branch: 'h', commit: HEAD, repo: 'acme/vision' },
  base: 'release/0.23',
  mergeCommit: HEAD,
  mergedAt: null,
  labels: [],
  updatedAt: NOW,
  author: 'box',
  link: 'l',
});

it('reads only the edits that are for the line, and the state of each branch they are for', async () => {
  const forge = memoryReadForge({ find: async () => [] });
  const facts = await readReleaseOnly({
    train,
    release: RELEASE,
    git: memoryGit({ refs, parents, files: filesWith(PINNED) }),
    forge,
    now: NOW,
  });
  const vision = facts.repos.find(({ repo }) => repo.key === 'vision');
  expect(vision?.targets.map(({ target, edits }) => [target, edits.map(({ id }) => id)])).toEqual([
    ['branch', ['pin']],
  ]);
  expect(vision?.head).toMatchObject({ known: true, value: HEAD });
});

it.each([
  ['the head of the branch', INFRA, [INFRA]],
  ['a commit between cut and head', PINNED, [PINNED]],
  ['a commit from before the cut', commitId('e'), []],
  ['a commit that is nowhere', commitId('9'), []],
])('takes %s for a good pin, or not', async (_name, pin, expected) => {
  const forge = memoryReadForge({ find: async () => [] });
  const git = memoryGit({ refs, parents, files: filesWith(pin) });
  const facts = await readReleaseOnly({ train, release: RELEASE, git, forge, now: NOW });
  expect(facts.repos.find(({ repo }) => repo.key === 'vision')?.goodPins.get('infra')).toEqual(expected);
});

it('gives the branch for the commit a number after each pull request that was merged', async () => {
  const asked: string[] = [];
  const forge = memoryReadForge({
    find: async (_slug, { head }) => {
      asked.push(head);
      return asked.length < 3 ? [merged(asked.length)] : [];
    },
  });
  const facts = await readReleaseOnly({
    train,
    release: RELEASE,
    git: memoryGit({ refs, parents, files: filesWith(INFRA) }),
    forge,
    now: NOW,
  });
  const state = facts.repos.find(({ repo }) => repo.key === 'vision')?.targets[0]?.state;
  expect(asked).toEqual([
    'signalbox/release-only/0.23',
    'signalbox/release-only/0.23-2',
    'signalbox/release-only/0.23-3',
  ]);
  expect(state).toMatchObject({
    known: true,
    value: { head: 'signalbox/release-only/0.23-3', merged: [{ number: 1 }, { number: 2 }] },
  });
});

it.each([
  ['a forge that says 403', memoryReadForge({ find: async () => Promise.reject(worldFailure('not-allowed', '403')) })],
  ['nobody signed in', null],
])('has no data with %s', async (_name, forge) => {
  const git = memoryGit({ refs, parents, files: filesWith(INFRA) });
  const facts = await readReleaseOnly({ train, release: RELEASE, git, forge, now: NOW });
  const gates = decideReleaseOnlyGates(facts, train, [], NOW);
  expect(gates.find(({ id }) => id === 'release-only-landed:vision')?.verdict).toBe('no-data');
});
