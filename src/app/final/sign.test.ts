import { beforeEach, describe, expect, it } from 'vitest';
import { addSeconds } from '../../domain/instant.ts';
import type { Result } from '../../domain/result.ts';
import { FinalChecks } from '../../domain/train/final.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { NOW, smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { recordManifest } from '../../testing/recorded-manifest.ts';
import { abandon } from '../abandon.ts';
import { showGate, waiveGate } from '../gates.ts';
import { judge } from '../judge.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { createRelease } from '../releases.ts';
import { gateHistory } from '../verdicts/gate-history.ts';
import { revokeSignOff, signGate, type SignInput } from './sign.ts';

const release = ReleaseVersion.parse('2.8.0');
const rc1 = CandidateVersion.parse('2.8.0-rc1');
const rc2 = CandidateVersion.parse('2.8.0-rc2');

const final = FinalChecks.parse({
  signOffs: {
    'docs-ready': { title: 'Documentation is ready', roles: ['repo-owner'], binds: 'release' },
    safety: {
      title: 'Safety was looked at',
      people: ['dora', 'ana'],
      roles: ['triage-reviewer'],
      excludedRoles: ['release-manager'],
      signatures: 2,
    },
  },
  canaries: {
    meta: { title: 'Meta', people: ['mia'], excluded: ['ben'], evidence: 'required', dueDays: 2 },
    vision: { title: 'Vision users', people: ['vera'], repos: ['vision'] },
  },
});
const train = {
  ...smallTrain,
  final,
  roles: { ...smallTrain.roles, 'repo-owner': ['otto'], 'triage-reviewer': ['tom', 'ben'] },
};

let app = memoryApp();
const as = (login: string) => ({ ...app, who: () => Promise.resolve(login) });
const said = (result: Result<unknown, AppProblem>): string =>
  result.ok ? '' : result.problems.map(({ kind, code, text }) => `${kind} ${code}: ${text}`).join('\n');
const sign = (who: string, gate: string, more: Partial<SignInput> = {}) =>
  signGate(as(who), { release, gate, note: '', evidence: null, shown: null, ...more });
const take = (who: string, of: string | null) => revokeSignOff(as(who), { release, gate: 'meta', of, reason: 'oops' });
const LINK = 'https://meta.example/canary/17';

async function gateOf(named: string) {
  const shown = await showGate(app, release, named);
  if (!shown.ok) throw new Error(shown.problems[0].text);
  return shown.value.gate;
}
const signedTypes = async () =>
  (await entriesOf(app)).map(({ event }) => event.type).filter((type) => /sign/u.test(type));

beforeEach(async () => {
  app = memoryApp({ loaded: { train, digest: TRAIN_DIGEST } });
  await createRelease(app, release);
});

describe('a gate that people sign', () => {
  it('is there only where the train file names it', async () => {
    const bare = memoryApp();
    const { gates } = await judge(bare, release, { families: ['sign-off', 'downstream-canaries'] });
    expect(gates).toEqual([]);
    expect(said(await signGate(bare, { release, gate: 'docs-ready', note: '', evidence: null, shown: null }))).toMatch(
      /^usage gate-not-signed: docs-ready is not signed: the train file names nothing to sign/u,
    );
  });

  it('waits for a candidate, then for people, and is found by its name alone', async () => {
    expect(await gateOf('meta')).toMatchObject({ id: 'downstream-canaries:meta', verdict: 'queued' });
    expect(said(await sign('mia', 'meta', { evidence: LINK }))).toMatch(/^refused manifest-missing: /u);
    await recordManifest(app, rc1, { core: 'one' });
    expect(await gateOf('meta')).toMatchObject({
      verdict: 'needs-you',
      summary: 'Meta: nobody has signed for 2.8.0-rc1',
      owners: ['mia'],
      fix: 'signalbox gate sign 2.8.0 meta --evidence LINK',
    });
  });

  it('passes once somebody who may has signed, with the link, and writes the same only once', async () => {
    const { digest } = await recordManifest(app, rc1, { core: 'one' });
    const input = { evidence: LINK, note: 'trained for two days' };
    expect(await sign('mia', 'meta', input)).toMatchObject({ ok: true, value: { isNew: true } });
    expect(await sign('mia', 'meta', input)).toMatchObject({ ok: true, value: { isNew: false } });
    expect(await signedTypes()).toEqual(['gate-signed']);
    expect(await gateOf('meta')).toMatchObject({
      verdict: 'pass',
      summary: 'Meta: signed by @mia for 2.8.0-rc1',
      evidence: [{ text: '@mia signed for 2.8.0-rc1: trained for two days', link: LINK, source: 'ledger' }],
      signing: { bound: { candidate: rc1, manifest: digest }, signedBy: ['mia'] },
    });
    expect((await gateHistory(app, release, 'downstream-canaries:meta')).map(({ what }) => what)).toEqual(['signed']);
  });

  it.each([
    ['without the link that it needs', { who: 'mia', gate: 'meta', evidence: null }, /^usage evidence-missing: /u],
    [
      'with something that is no link',
      { who: 'mia', gate: 'meta', evidence: 'it works' },
      /^usage evidence-no-link: "it works" is not a link/u,
    ],
    [
      'with a link that runs a script',
      { who: 'mia', gate: 'meta', evidence: 'javascript:alert(1)' },
      /^usage evidence-no-link/u,
    ],
    [
      'by somebody who may not',
      { who: 'alice', gate: 'meta', evidence: LINK },
      /^not-allowed role-missing: Signing downstream-canaries:meta is for @mia, and alice/u,
    ],
    [
      'by a release manager, who is not asked',
      { who: 'ana', gate: 'meta', evidence: LINK },
      /^not-allowed role-missing/u,
    ],
    [
      'by whoever is excluded by name',
      { who: 'ben', gate: 'meta', evidence: LINK },
      /^not-allowed signer-excluded: ben may not sign/u,
    ],
    [
      'of a gate that is judged',
      { who: 'ana', gate: 'people', evidence: null },
      /^usage gate-not-signed: people is not signed\. What is: docs-ready, safety, meta, vision/u,
    ],
  ])('is not signed %s', async (_how, { who, gate, evidence }, why) => {
    await recordManifest(app, rc1, { core: 'one' });
    expect(said(await sign(who, gate, { evidence }))).toMatch(why);
    expect(await signedTypes()).toEqual([]);
  });

  it('is not signed by somebody in two roles that exclude each other, and that is written down', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    // Ben is a triage reviewer, who may, and a release manager, who may not.
    expect(said(await sign('ben', 'safety'))).toBe(
      'not-allowed signer-excluded: ben may not sign sign-off:safety: ben has the role release-manager, which is excluded. Somebody else has to: signalbox gate show REL sign-off:safety',
    );
    expect((await entriesOf(app)).at(-1)).toMatchObject({ actor: 'ben', event: { type: 'refused' } });
    // So with a name in the train file.
    expect(said(await sign('ana', 'safety'))).toMatch(/^not-allowed signer-excluded/u);
    expect((await gateHistory(app, release, 'sign-off:safety')).map(({ what }) => what)).toEqual([
      'refused',
      'refused',
    ]);
  });

  it('needs as many different people as the train says', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    await sign('tom', 'safety');
    await sign('tom', 'safety', { note: 'again' });
    expect(await gateOf('safety')).toMatchObject({
      verdict: 'needs-you',
      summary: 'Safety was looked at: 1 of 2 people have signed for 2.8.0-rc1',
    });
    await sign('dora', 'safety');
    expect(await gateOf('safety')).toMatchObject({ verdict: 'pass' });
  });

  it('is void for another candidate, and says which files changed; signed anew it passes', async () => {
    await recordManifest(app, rc1, { core: 'one', vision: 'same' });
    await sign('mia', 'meta', { evidence: LINK });
    await recordManifest(app, rc2, { core: 'two', vision: 'same' });
    const gate = await gateOf('meta');
    expect(gate).toMatchObject({
      verdict: 'needs-you',
      summary: 'Meta: nobody has signed for 2.8.0-rc2; 1 earlier sign-off void, since files changed',
      signing: { signedBy: [] },
    });
    expect(gate.evidence[0]?.text).toBe('@mia signed for 2.8.0-rc1. Void: 1 file changed since: whl/core.whl');
    await sign('mia', 'meta', { evidence: LINK });
    expect(await gateOf('meta')).toMatchObject({ verdict: 'pass' });
  });

  it('is void for what it was given for only: files of other repositories may change', async () => {
    await recordManifest(app, rc1, { core: 'one', vision: 'same' });
    await sign('vera', 'vision');
    await recordManifest(app, rc2, { core: 'two', vision: 'same' });
    expect(await gateOf('vision')).toMatchObject({ verdict: 'pass' });
    await recordManifest(app, rc2, { core: 'two', vision: 'other' });
    expect(await gateOf('vision')).toMatchObject({ verdict: 'needs-you' });
    await recordManifest(app, rc2, { core: 'two' });
    expect(await gateOf('vision')).toMatchObject({ verdict: 'needs-you' });
  });

  it('holds whatever the files are where the release is signed', async () => {
    await sign('otto', 'docs-ready');
    await recordManifest(app, rc1, { core: 'one' });
    await recordManifest(app, rc2, { core: 'two' });
    expect(await gateOf('docs-ready')).toMatchObject({
      verdict: 'pass',
      summary: 'Documentation is ready: signed by @otto for 2.8.0',
    });
  });

  it('is about the newest candidate that was not given up', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    await sign('mia', 'meta', { evidence: LINK });
    await recordManifest(app, rc2, { core: 'two' });
    await abandon(app, { release, candidate: rc2, reason: 'wrong keys' });
    expect(await gateOf('meta')).toMatchObject({ verdict: 'pass' });
  });

  it('signs nothing that was not shown: the files changed between the look and the click', async () => {
    const { digest } = await recordManifest(app, rc1, { core: 'one' });
    await recordManifest(app, rc1, { core: 'other' });
    expect(said(await sign('mia', 'meta', { evidence: LINK, shown: digest }))).toMatch(
      /^conflict candidate-changed: /u,
    );
    expect(await signedTypes()).toEqual([]);
  });

  it('is taken back by who signed, or by a release manager for them, and by nobody else', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    await sign('mia', 'meta', { evidence: LINK });
    expect(said(await take('vera', null))).toBe(
      'refused not-signed: @vera has not signed downstream-canaries:meta of 2.8.0. Signed by @mia: name one with --of LOGIN.',
    );
    expect(said(await take('vera', 'mia'))).toMatch(/^not-allowed role-missing/u);
    expect((await take('mia', null)).ok).toBe(true);
    expect(await gateOf('meta')).toMatchObject({ verdict: 'needs-you', evidence: [] });
    await sign('mia', 'meta', { evidence: LINK });
    expect(await take('ana', 'mia')).toMatchObject({ ok: true, value: { gate: { verdict: 'needs-you' } } });
  });

  it('can be waived by its name, as every gate', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    await waiveGate(app, { release, gate: 'meta', reason: 'they are closed', until: addSeconds(NOW, 3600) });
    expect(await gateOf('downstream-canaries:meta')).toMatchObject({ verdict: 'waived' });
  });

  it('does not count somebody whom the train excluded since', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    await sign('mia', 'meta', { evidence: LINK });
    const meta = { ...final.canaries['meta'], people: [], roles: ['approver'], excluded: ['mia'] };
    const canaries = FinalChecks.parse({ canaries: { meta } });
    const changed = { ...app, loaded: { train: { ...train, final: canaries }, digest: TRAIN_DIGEST } };
    const shown = await showGate(changed, release, 'meta');
    expect(shown).toMatchObject({ ok: true, value: { gate: { verdict: 'needs-you' } } });
  });
});

describe('what the train file says', () => {
  it.each([
    ['nobody who may', { title: 'X' }, 'nobody may sign'],
    ['somebody who may and may not', { title: 'X', people: ['a'], excluded: ['a'] }, 'a may sign and is excluded'],
    [
      'a role that may and may not',
      { title: 'X', roles: ['approver'], excludedRoles: ['approver'] },
      'approver may sign',
    ],
    ['more signatures than people', { title: 'X', people: ['a'], signatures: 2 }, '2 people must sign and only 1 may'],
  ])('is refused with %s', (_what, rule, why) => {
    const parsed = FinalChecks.safeParse({ canaries: { x: rule } });
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.message).toContain(why);
  });

  it('tells when it is due, and that it was', async () => {
    const cadence = { '2.8': { cut: { on: '2025-06-24' }, release: { on: '2025-06-27' } } };
    const { Calendar } = await import('../../domain/train/calendar.ts');
    const dated = { ...train, calendar: Calendar.parse({ cadence }) };
    const changed = { ...app, loaded: { train: dated, digest: TRAIN_DIGEST } };
    await recordManifest(app, rc1, { core: 'one' });
    expect(await showGate(changed, release, 'meta')).toMatchObject({
      value: { gate: { summary: 'Meta: nobody has signed for 2.8.0-rc1; due 2025-06-25, in 1 d' } },
    });
    app.clock.move(3 * 86_400);
    expect(await showGate(changed, release, 'meta')).toMatchObject({
      value: { gate: { summary: 'Meta: nobody has signed for 2.8.0-rc1; was due 2025-06-25' } },
    });
  });
});
