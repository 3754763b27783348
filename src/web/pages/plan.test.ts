import { expect, it } from 'vitest';
import type { PlanPageView } from '../../api/views/plan.ts';
import { addSeconds } from '../../domain/instant.ts';
import { ALICE, actionsIn, roomOf, tableIn, wordsOf } from '../../testing/doc-says.ts';
import { madePlan } from '../../testing/made-views.ts';
import type { Action, PageRoom } from '../doc.ts';
import { planDoc } from './plan.ts';

const { now } = roomOf();
const BEN: PageRoom['viewer'] = { login: 'ben', roles: ['release-manager'] };
const DORA: PageRoom['viewer'] = { login: 'dora', roles: ['approver'] };
const permanent = madePlan({
  permanent: true,
  phrase: 'small 2.8.0',
  approvalsNeeded: 2,
  mayApprove: ['ana', 'dora'],
  manifest: 'sha256:ff',
});

function actionOf(view: PlanPageView, id: string, room = roomOf()): Action | undefined {
  return actionsIn(planDoc(view, room)).find((action) => action.id === id);
}

it('shows the steps by wave with what takes each back', () => {
  const steps = tableIn(planDoc(madePlan(), roomOf()), 'steps');
  expect(steps.groups.map(({ name }) => name)).toEqual(['Wave 1 of 2', 'Wave 2 of 2']);
  expect(steps.groups[0]?.rows[0]?.cells).toEqual([
    '+ branch',
    'core',
    'release/2.8',
    'at abcdef012',
    'full',
    { kind: 'state', state: 'queued', word: 'not started' },
  ]);
});

it('shows a band on a plan that cannot be undone, and asks for the phrase', () => {
  const words = wordsOf(planDoc(permanent, roomOf()));
  expect(words).toContain('[permanent Cannot be undone]');
  expect(words).toContain('Bound to the plan sha256:00');
  expect(words).toContain('and to the files sha256:ff');
  expect(words).toContain('May approve: @ana, @dora');
  const apply = actionOf(permanent, 'apply');
  expect(apply).toMatchObject({
    phrase: 'small 2.8.0',
    undo: 'none',
    command: 'signalbox apply p7k2m9 --confirm "small 2.8.0"',
  });
  expect(apply?.barred).toBe('2 more must approve it first: @ana, @dora');
});

it('lets nobody approve what they made or have approved, nor without the role', () => {
  const approvedBy = [{ by: 'ana', at: now, role: 'release-manager', expires: addSeconds(now, 60) }];
  const once = madePlan({ ...permanent, approvedBy, approvals: 1, mayApprove: ['dora'] });
  expect(actionOf(once, 'approve', roomOf({ viewer: DORA }))?.barred).toBeNull();
  expect(actionOf(once, 'approve', roomOf({ viewer: BEN }))?.barred).toContain('cannot approve it');
  expect(actionOf(once, 'approve')?.barred).toContain('has approved it already');
  expect(actionOf(once, 'approve', roomOf({ viewer: ALICE }))?.barred).toContain(
    'Needs role release-manager or approver',
  );
  expect(actionOf(once, 'revoke')?.barred).toBeNull();
  expect(actionOf(once, 'revoke', roomOf({ viewer: DORA }))).toBeUndefined();
});

it('lets its author and owners apply it without the role of a release manager', () => {
  const view = madePlan({ author: 'alice', owners: ['alice'] });
  expect(actionOf(view, 'apply', roomOf({ viewer: ALICE }))?.barred).toBeNull();
  expect(actionOf(madePlan(), 'apply', roomOf({ viewer: ALICE }))?.barred).toContain('Needs role release-manager');
  expect(actionOf(view, 'apply', roomOf({ viewer: ALICE, past: now }))?.barred).toContain('You look at the past');
});

it.each([
  ['a freeze', { freeze: { by: 'dora', at: now, reason: 'the key leaked' } }, 'The train is frozen by @dora'],
  ['an abandonment', { abandoned: { what: '2.8.0', by: 'ana', at: now, reason: 'no' } }, '2.8.0 was abandoned'],
  ['another who is at it', { applying: { holder: 'cleo', since: now } }, '@cleo is changing 2.8.0 now'],
  ['an order that is waiting', { asked: true }, 'It was asked for'],
  ['its age', { goodUntil: now }, 'It is too old to be begun'],
] satisfies readonly (readonly [string, Partial<PlanPageView>, string])[])(
  'does not offer to apply it against %s',
  (_what, changes, why) => {
    const view = madePlan(changes);
    expect(actionOf(view, 'apply')?.barred).toContain(why);
    expect(wordsOf(planDoc(view, roomOf())).length).toBeGreaterThan(0);
  },
);

it('shows what was done, what stopped it and how it is gone on with', () => {
  const [core, vision] = madePlan().shown;
  const view = madePlan({
    state: 'partial',
    done: 1,
    shown: [
      ...(core === undefined ? [] : [{ ...core, done: 1, doneAt: now, doneBy: 'ben' }]),
      ...(vision === undefined ? [] : [{ ...vision, stopped: 'the branch is there with another commit' }]),
    ],
    ended: { end: 'stopped', reason: 'the branch is there', at: now, by: 'ben' },
  });
  const doc = planDoc(view, roomOf());
  expect(doc.title).toBe('1/2 Plan p7k2m9 partial, Cut 2.8, Small');
  const words = wordsOf(doc);
  expect(words).toContain('[pass done]');
  expect(words).toContain('[failing stopped]');
  expect(words).toContain('the branch is there with another commit');
  expect(words).toContain('Go on, which does only the rest: signalbox apply p7k2m9');
  expect(actionOf(view, 'apply')?.label).toBe('Resume plan');
  expect(actionOf(view, 'undo')?.barred).toBeNull();
  expect(actionOf(view, 'drop')).toBeUndefined();
});

it('offers to stop only while somebody is at it, and nothing of that once it is over', () => {
  const applying = { holder: 'cleo', since: now };
  expect(actionOf(madePlan({ state: 'partial', applying }), 'stop', roomOf({ viewer: DORA }))?.barred).toBeNull();
  expect(actionOf(madePlan(), 'stop')).toBeUndefined();
  expect(actionsIn(planDoc(madePlan({ state: 'finished', done: 2 }), roomOf())).map(({ id }) => id)).toEqual(['undo']);
  expect(actionsIn(planDoc(madePlan({ state: 'dropped' }), roomOf()))).toEqual([]);
});

it('says why a worker was refused', () => {
  const refused = { by: 'ben', at: now, reason: 'release/2.8 of core was at a and is at b now' };
  expect(wordsOf(planDoc(madePlan({ refused }), roomOf()))).toContain(`Refused to @ben, ${now}: ${refused.reason}`);
});

it('shows what changed since it was made, and that it could not be compared', () => {
  const difference = {
    to: 'pabcde',
    with: 'now' as const,
    sameDigest: false,
    added: ['tag core v2.8.0-rc2'],
    removed: ['<b>tag</b>'],
    changed: [{ from: 'a', to: 'b' }],
    same: 3,
  };
  const words = wordsOf(planDoc(madePlan({ difference }), roomOf()));
  expect(words).toContain('1 no longer, 1 new, 1 changed, 3 the same.');
  expect(words).toContain('<b>tag</b>');
  expect(wordsOf(planDoc(madePlan({ difference: { ...difference, to: null } }), roomOf()))).toContain(
    'nothing of it is left to plan',
  );
  const same = { ...difference, added: [], removed: [], changed: [] };
  expect(wordsOf(planDoc(madePlan({ difference: same }), roomOf()))).toContain('only what they rest on differs');
  const unread = wordsOf(planDoc(madePlan({ differenceProblem: 'the remote did not answer' }), roomOf()));
  expect(unread).toContain('[no-data] It could not be compared: the remote did not answer');
});
