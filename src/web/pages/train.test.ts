import { expect, it } from 'vitest';
import { TrainView } from '../../api/views/train.ts';
import { ALICE, actionsIn, roomOf, tableIn, wordsOf } from '../../testing/doc-says.ts';
import { madeGate, madeRelease } from '../../testing/made-views.ts';
import { trainDoc } from './train.ts';

function madeTrain(changes: Partial<TrainView> = {}): TrainView {
  return {
    train: 'small',
    title: 'Small',
    freeze: null,
    main: null,
    live: [],
    ended: [],
    coming: [],
    unopened: null,
    ...changes,
  };
}

const blocked = madeRelease({
  gates: [madeGate('people', { verdict: 'needs-you' }), madeGate('released', { verdict: 'queued' })],
  blocking: ['people'],
  later: ['released'],
});

it('says first how many things wait for who looks', () => {
  const view = madeTrain({ main: blocked });
  expect(trainDoc(view, roomOf()).title).toBe('(1) 2.8.0 not ready, Small');
  expect(trainDoc(view, roomOf({ viewer: ALICE })).title).toBe('2.8.0 not ready, Small');
  expect(trainDoc(view, roomOf({ viewer: null })).title).toBe('2.8.0 not ready, Small');
});

it('shows what blocks the next step and names what is closed for later', () => {
  const doc = trainDoc(madeTrain({ main: blocked }), roomOf());
  expect(tableIn(doc, 'blocking').groups[0]?.rows.map(({ key }) => key)).toEqual(['people']);
  expect(wordsOf(doc)).toContain('Closed for later steps: released');
  expect(wordsOf(doc)).toContain('1 need you today');
});

it('says what to do where nothing blocks', () => {
  const words = wordsOf(trainDoc(madeTrain({ main: madeRelease() }), roomOf()));
  expect(words).toContain('Ready for the branch cut of core, vision.');
  expect(words).toContain('Do: signalbox branch cut 2.8.0');
  const done = wordsOf(trainDoc(madeTrain({ main: madeRelease({ next: null }) }), roomOf()));
  // Said once.
  expect(done.split('Nothing is left to do here.')).toHaveLength(2);
});

it('says on an empty train why, and how a release is opened', () => {
  const doc = trainDoc(TrainView.parse({ ...madeTrain(), unopened: '2.9.0' }), roomOf());
  expect(doc.title).toBe('no release is live, Small');
  expect(wordsOf(doc)).toContain('No release is live. Nobody has opened a release on this train yet.');
  expect(wordsOf(doc)).toContain('Open one: signalbox release create 2.9.0');
  expect(wordsOf(doc)).toContain('The calendar names no date that lies ahead.');
});

it('says on a frozen train who froze it, and offers to thaw it', () => {
  const freeze = { by: 'dora', at: roomOf().now, reason: 'the key leaked' };
  const doc = trainDoc(madeTrain({ freeze, main: madeRelease({ freeze }) }), roomOf());
  expect(wordsOf(doc)).toContain('The train was frozen by @dora, 2025-06-24T14:00:00Z: the key leaked');
  expect(actionsIn(doc).map(({ id }) => id)).toContain('thaw');
  expect(actionsIn(doc).map(({ id }) => id)).not.toContain('freeze');
});

it('lets approvers freeze, since stopping is easy', () => {
  const dora = { login: 'dora', roles: ['approver'] };
  const actions = actionsIn(trainDoc(madeTrain(), roomOf({ viewer: dora })));
  expect(actions.find(({ id }) => id === 'freeze')?.barred).toBeNull();
  expect(actions.find(({ id }) => id === 'create-release')?.barred).toContain('Needs role release-manager');
});
