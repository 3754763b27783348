import { expect, it } from 'vitest';
import type { GatePageView } from '../../api/views/gate.ts';
import { Digest } from '../../domain/canonical-json.ts';
import type { Verdict } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { ALICE, actionsIn, roomOf, tableIn, wordsOf } from '../../testing/doc-says.ts';
import { madeGate } from '../../testing/made-views.ts';
import { gateDoc } from './gate.ts';

function made(changes: Partial<GatePageView> = {}): GatePageView {
  return { release: ReleaseVersion.parse('2.8.0'), title: 'Small', gate: madeGate('people'), history: [], ...changes };
}
const until = Instant.parse('2025-07-01T23:59:59Z');

it('offers to waive a closed gate with a reason and an end, and shows the command', () => {
  const [waive] = actionsIn(gateDoc(made(), roomOf()));
  expect(waive).toMatchObject({
    href: '/r/2.8.0/gates/people/waive',
    command: 'signalbox gate waive 2.8.0 people -m REASON --until UNTIL',
    barred: null,
  });
  expect(waive?.fields.map(({ name }) => name)).toEqual(['reason', 'until']);
  expect(actionsIn(gateDoc(made(), roomOf({ viewer: ALICE })))[0]?.barred).toContain('Needs role release-manager');
});

it('offers to end the waiver of a waived gate, and nothing on an open one', () => {
  const waiver = { gate: 'people', by: 'ben', reason: 'they are away', until };
  const waived = gateDoc(made({ gate: madeGate('people', { verdict: 'waived', waiver }) }), roomOf());
  expect(actionsIn(waived).map(({ id }) => id)).toEqual(['end-waiver-people']);
  expect(wordsOf(waived)).toContain('by @ben until 2025-07-01T23:59:59Z: they are away');
  expect(actionsIn(gateDoc(made({ gate: madeGate('people', { verdict: 'pass' }) }), roomOf()))).toEqual([]);
});

it('says of a gate without data that unknown never passes', () => {
  const doc = gateDoc(made({ gate: madeGate('people', { verdict: 'no-data', evidence: [], fix: null }) }), roomOf());
  expect(doc.title).toContain('no data');
  expect(wordsOf(doc)).toContain('Unknown never passes.');
  expect(wordsOf(doc)).toContain('signalbox gate run 2.8.0 people');
});

it('shows decisions newest first with a link to the entry, and says why there are none', () => {
  expect(wordsOf(gateDoc(made(), roomOf()))).toContain('Nobody has decided anything about this gate');
  const history = [
    {
      seq: 9,
      at: roomOf().now,
      actor: 'ana',
      what: 'refused' as const,
      text: 'was refused gate waive people: no role',
      verdict: null,
    },
    { seq: 4, at: roomOf().now, actor: 'ben', what: 'waived' as const, text: '<b>waived</b>', verdict: null },
  ];
  const rows = tableIn(gateDoc(made({ history }), roomOf()), 'history').groups[0]?.rows;
  expect(rows?.map(({ href }) => href)).toEqual(['/log?seq=9', '/log?seq=4']);
  expect(rows?.[1]?.cells[3]).toBe('<b>waived</b>');
});

/** A verdict that was seen to turn. */
function turned(seq: number, verdict: Verdict): GatePageView['history'][number] {
  return {
    seq,
    at: Instant.parse(`2025-06-${String(seq + 10)}T12:00:00Z`),
    actor: 'bot',
    what: 'turned',
    text: `turned to ${verdict}`,
    verdict,
  };
}

it('shows verdicts that turned in one list with the decisions, and the last of them as a strip, oldest first', () => {
  const waived = { ...turned(3, 'pass'), what: 'waived', verdict: null, actor: 'ben', text: 'waived it' } as const;
  const history = [turned(4, 'waived'), waived, turned(2, 'failing'), turned(1, 'pass')];
  const doc = gateDoc(made({ history }), roomOf());
  expect(wordsOf(doc)).toContain(
    'Its verdicts so far: [pass] 2025-06-11T12:00:00Z, [failing] 2025-06-12T12:00:00Z, [waived] 2025-06-14T12:00:00Z',
  );
  const rows = tableIn(doc, 'history').groups[0]?.rows;
  expect(rows?.map(({ cells }) => cells[0])).toEqual([
    { kind: 'state', state: 'waived' },
    { kind: 'state', state: 'waived', word: 'waived' },
    { kind: 'state', state: 'failing' },
    { kind: 'state', state: 'pass' },
  ]);
  const many = Array.from({ length: 14 }, (_, index) => turned(14 - index, 'pass'));
  expect(wordsOf(gateDoc(made({ history: many }), roomOf()))).toContain(
    'The last 10 of 14 verdicts: [pass] 2025-06-15',
  );
});

const digest = Digest.parse(`sha256:${'a'.repeat(64)}`);
const signing = {
  bound: { candidate: CandidateVersion.parse('2.8.0-rc2'), manifest: digest },
  evidence: 'required',
  people: ['mia'],
  roles: ['approver'],
  signedBy: [],
} as const;

it('offers to sign to whoever may, bound to the files that are shown, and says to others who may', () => {
  const gate = madeGate('downstream-canaries:meta', { verdict: 'needs-you', signing });
  const seenBy = (login: string, roles: readonly string[]) =>
    actionsIn(gateDoc(made({ gate }), roomOf({ viewer: { login, roles } })));
  const [sign, waive] = seenBy('mia', []);
  expect(sign).toMatchObject({
    label: 'Sign',
    href: '/r/2.8.0/gates/downstream-canaries%3Ameta/sign',
    command: 'signalbox gate sign 2.8.0 downstream-canaries:meta --evidence LINK -m NOTE',
    barred: null,
    fields: [
      { name: 'manifest', kind: 'hidden', value: digest },
      { name: 'evidence', required: true },
      { name: 'reason', required: false },
    ],
  });
  expect(waive?.barred).toContain('Needs role release-manager');
  expect(seenBy('dora', ['approver'])[0]?.barred).toBeNull();
  expect(seenBy('alice', [])[0]?.barred).toBe('For @mia, or the role approver');
});

it('offers to take a sign-off back to whoever gave it, and to release managers', () => {
  const gate = madeGate('downstream-canaries:meta', { verdict: 'pass', signing: { ...signing, signedBy: ['mia'] } });
  const idsFor = (login: string, roles: readonly string[]) =>
    actionsIn(gateDoc(made({ gate }), roomOf({ viewer: { login, roles } }))).map(({ id }) => id);
  expect(idsFor('mia', [])).toEqual(['revoke-downstream-canaries:meta-mia']);
  expect(idsFor('dora', ['approver'])).toEqual(['sign-downstream-canaries:meta']);
  expect(idsFor('ana', ['release-manager'])).toEqual([
    'sign-downstream-canaries:meta',
    'revoke-downstream-canaries:meta-mia',
  ]);
});
