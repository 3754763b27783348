import { expect, it } from 'vitest';
import type { LedgerDraft } from '../domain/ledger-event.ts';
import type { Ledger } from '../ports/ledger.ts';
import { draft } from '../testing/ledger-draft.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { groupedAppend } from './group-append.ts';

function slow(ledger: Ledger, fails: (drafts: readonly LedgerDraft[]) => boolean = () => false) {
  const sizes: number[] = [];
  const append: Ledger['append'] = async (train, drafts) => {
    sizes.push(drafts.length);
    await Promise.resolve();
    if (fails(drafts)) throw new Error('no space left on device');
    return ledger.append(train, drafts);
  };
  return { sizes, ledger: { ...ledger, append } };
}

it('stores together what comes while something is being stored, each with its own entries', async () => {
  const { sizes, ledger } = slow(memoryLedger());
  const append = groupedAppend(ledger, 'small');
  const answers = await Promise.all([
    append([draft('one')]),
    append([draft('two'), draft('three')]),
    append([draft('four')]),
  ]);
  expect(sizes).toEqual([1, 3]);
  expect(answers.map((entries) => entries.map(({ seq }) => seq))).toEqual([[1], [2, 3], [4]]);
  expect((await ledger.verify('small')).faults).toEqual([]);
});

it('lets a failure through to all that were stored together, and stores what comes later', async () => {
  const { ledger } = slow(memoryLedger(), (drafts) => drafts.length > 1);
  const append = groupedAppend(ledger, 'small');
  const ends = await Promise.allSettled([append([draft('one')]), append([draft('two')]), append([draft('three')])]);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await append([draft('four')])).toHaveLength(1);
});
