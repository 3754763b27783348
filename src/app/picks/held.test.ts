import { expect, it } from 'vitest';
import { heldLines } from './held.ts';

it('holds every line that a release-only commit put in place of another', () => {
  const old = 'jobs:\n  a:\n    uses: acme/infra/x.yml@main\n  b: 1\n';
  const next = 'jobs:\n  a:\n    uses: acme/infra/x.yml@release/2.8\n  b: 1\n';
  expect(heldLines(old, next)).toEqual([
    { held: '    uses: acme/infra/x.yml@release/2.8', instead: '    uses: acme/infra/x.yml@main' },
  ]);
});

it('holds what was added, and nothing of what only moved or is blank', () => {
  expect(heldLines('a\nb\n', 'b\n\na\nnew\n')).toEqual([{ held: 'new', instead: '' }]);
  expect(heldLines('', '')).toEqual([]);
});
