import { expect, it } from 'vitest';
import { smallTrain } from '../testing/small-train.ts';
import { contradictionsIn } from './cross-checks.ts';

const REST = {
  texts: { hello: 'Hello {line}, {pin:compiler}, {this is no placeholder}' },
  channels: {
    index: {
      title: 'Index',
      write: 'once',
      places: [{ holds: 'wheel', store: 'package-index', address: 'https://index.example/' }],
    },
    store: {
      title: 'Store',
      write: 'once',
      places: [{ holds: 'wheel', store: 'object-store', address: 'https://store.example/' }],
    },
  },
  dependencies: { compiler: { repo: 'vision', ask: 'compiler' } },
};
const ASK = {
  title: 'Compiler {version-of:vision}',
  text: 'hello',
  to: 'its makers',
  sent: { way: 'issue', repo: 'vision' },
  due: { before: 'release', days: 7 },
  done: [{ by: 'package', channel: 'index', package: 'compiler', version: '{required:compiler}' }],
};

const found = (change: Record<string, unknown>): readonly string[] =>
  contradictionsIn(smallTrain({}, { ...REST, asks: { compiler: { ...ASK, ...change } } })).map(
    ({ path, text }) => `${path.join('.')}: ${text}`,
  );

it('takes an ask whose every name is one of the train', () => {
  expect(found({})).toEqual([]);
});

it.each([
  ['a text that is not there', { text: 'helo' }, 'asks.compiler.text: there is no text helo'],
  [
    'a repository that is none',
    { sent: { way: 'issue', repo: 'visio' } },
    'asks.compiler.sent.repo: visio is no repository of the train',
  ],
  [
    'a channel without an index',
    { done: [{ by: 'package', channel: 'store', package: 'x', version: '1' }] },
    'asks.compiler.done.0.channel: store is no channel with a package index',
  ],
  [
    'the issue of an ask by hand',
    { sent: { way: 'hand' }, done: [{ by: 'closed' }] },
    'asks.compiler.done.0.by: there is no issue that could be closed: it is asked by hand',
  ],
  [
    'a branch of nobody',
    { done: [{ by: 'branch', repo: 'nobody' }] },
    'asks.compiler.done.0.repo: nobody is no repository of the train',
  ],
  [
    'a dependency that is none',
    { title: '{required:compilr}' },
    'asks.compiler.title: {required:compilr} names no dependency of the train',
  ],
  ['a platform that is none', { platform: 'plan9' }, 'asks.compiler.platform: the train has no platform plan9'],
  [
    'words about packages without a platform',
    { title: 'Take {upgrades}' },
    "asks.compiler.text: it has {upgrades}, which needs the ask's platform",
  ],
  ['lines turned round', { since: '2.9', until: '2.8' }, 'asks.compiler.until: 2.8 comes before since, 2.9'],
])('finds %s', (_name, change, text) => {
  expect(found(change)).toEqual([text]);
});

it('finds a dependency whose ask is none', () => {
  const train = smallTrain({}, { ...REST, dependencies: { compiler: { repo: 'vision', ask: 'compile' } } });
  expect(contradictionsIn(train)).toMatchObject([{ path: ['dependencies', 'compiler', 'ask'] }]);
});

it('finds packages and platforms of a dependency that the train does not have', () => {
  const compiler = {
    repo: 'visions',
    released: { tag: 'v{version}', packages: ['acme', 'acmes'] },
    rules: [{ channels: ['tests'], backend: 'cuda', requirement: 'compiler', platforms: ['linux'] }],
  };
  expect(contradictionsIn(smallTrain({}, { dependencies: { compiler } }))).toMatchObject([
    { path: ['dependencies', 'compiler', 'repo'], text: 'visions is no repository of the train' },
    { path: ['dependencies', 'compiler', 'released', 'packages', 1], text: 'acmes is no package of the train' },
    { path: ['dependencies', 'compiler', 'rules', 0, 'channels', 0] },
    { path: ['dependencies', 'compiler', 'rules', 0, 'platforms', 0] },
  ]);
});
