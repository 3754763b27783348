import { beforeEach, describe, expect, it } from 'vitest';
import { savePlan } from '../app/plans.ts';
import { digestOf } from '../domain/canonical-json.ts';
import { tagRef } from '../domain/git-names.ts';
import { Step } from '../domain/plan/step.ts';
import { type cliRun, type CliOutside, type CliRan } from './cli-terminal.ts';
import { BASE, cutStep, planOf, tagStep } from './engine-world.ts';
import { memoryApp } from './memory-app.ts';
import { memoryPackages } from './memory-packages.ts';
import { columnsOf } from '../cli/output/text.ts';

const packages = () => memoryPackages(() => Promise.reject(new Error('nothing is uploaded in this test')));

/** What the command line says and does, wherever it runs: here, or on a server. */
export function cliDecisionsSuite(run: typeof cliRun): void {
  let index = packages();
  let app = memoryApp();
  const as = (login: string): CliOutside => ({ app: { ...app, who: () => Promise.resolve(login) } });

  /** One command at 80 columns; no line of it is wider, but a command to copy. */
  async function go(argv: readonly string[], outside: CliOutside = {}): Promise<CliRan> {
    const ran = await run(argv, { app, now: '2025-06-24T14:00:04Z', ...outside });
    const wide = `${ran.out}\n${ran.err}`.split('\n').filter((line) => columnsOf(line) > 80);
    expect(wide.filter((line) => !/signalbox \S/u.test(line))).toEqual([]);
    return ran;
  }

  beforeEach(async () => {
    index = packages();
    app = memoryApp({ packages: index });
    await go(['release', 'create', '2.8.0', '--yes']);
  });

  const agreed = planOf([cutStep('core')], { approvals: 2 });

  describe('a plan that others have to agree to', () => {
    beforeEach(async () => {
      await savePlan(app, agreed);
    });

    it('shows who approved, until when that counts, who else may, and what it is bound to', async () => {
      await go(['plan', 'approve', agreed.id, '--yes'], as('ben'));
      expect((await go(['plan', 'show', agreed.id])).out).toMatchSnapshot();
      await go(['plan', 'approve', agreed.id, '--yes'], as('dora'));
      const whole = await go(['plan', 'show', agreed.id]);
      expect(whole.out).toContain('(2 of 2)');
      expect(whole.out).not.toContain('May approve');
    });

    it('is refused without them in words that fit: it can be taken back', async () => {
      const ran = await go(['apply', agreed.id, '--yes']);
      expect({ code: ran.code, err: ran.err }).toMatchSnapshot();
      expect(ran.err).not.toContain('cannot be');
    });

    it('names whose approval has expired', async () => {
      for (const who of ['ben', 'cleo']) await go(['plan', 'approve', agreed.id, '--yes'], as(who));
      app.clock.move(12 * 60 * 60);
      // Made again, the same plan is good for longer; the approvals are as old as they are.
      await savePlan(app, agreed);
      expect((await go(['plan', 'show', agreed.id])).out).toContain('(2 of 2)');
      app.clock.move(12 * 60 * 60);
      const again = await go(['apply', agreed.id, '--yes']);
      expect(again.code).toBe(5);
      expect(again.err.replaceAll(/\s+/gu, ' ')).toContain('it has none, and what ben, cleo gave has expired');
      expect(app.git.pushes()).toBe(0);
    });
  });

  describe('an upload to a package index', () => {
    const bytes = digestOf('the wheel');
    const upload = Step.parse({
      kind: 'upload-file',
      key: 'upload-file:core:core.whl',
      wave: 0,
      reversible: 'never',
      undo: 'none: the name is used for ever; yank the version',
      repo: 'core',
      from: { channel: 'staging', place: 0, key: 'core-2.8.0-py3-none-any.whl' },
      to: { channel: 'pypi', place: 0 },
      project: 'core',
      version: '2.8.0',
      file: 'core-2.8.0-py3-none-any.whl',
      size: 9,
      digest: bytes,
    });
    const plan = planOf([upload], { purpose: 'pypi', phrase: 'small 2.8.0', title: 'Upload 1 file of core 2.8.0' });
    const approve = async (): Promise<void> => {
      for (const who of ['ben', 'cleo']) await go(['plan', 'approve', plan.id, '--yes'], as(who));
    };

    beforeEach(async () => {
      await savePlan(app, plan);
    });

    // ux.md T8 and T9.
    it('is never done by --yes, nor without a terminal, nor by a wrong phrase: the index is asked nothing', async () => {
      await approve();
      const ways: readonly (readonly [readonly string[], CliOutside])[] = [
        [['apply', plan.id, '--yes'], {}],
        [['apply', plan.id, '--yes', '--no-input'], {}],
        [['apply', plan.id], {}],
        [['apply', plan.id, '--confirm', 'small 2.8'], {}],
        [['apply', plan.id], { typed: ['torch 2.8'] }],
        [['apply', plan.id, '--yes'], { typed: ['y'] }],
      ];
      for (const [argv, outside] of ways) {
        const ran = await go(argv, outside);
        expect([argv, ran.code]).toEqual([argv, 5]);
        expect(ran.err).toContain('--confirm "small 2.8.0"');
      }
      expect(index.calls()).toBe(0);
      expect(index.uploads).toEqual([]);
    });

    it.each([
      ['nobody approved it', []],
      ['the train is frozen', [['release', 'freeze', '-m', 'the key leaked', '--yes']]],
      ['the release was given up', [['release', 'abandon', '2.8.0', '-m', 'skipped', '--confirm', 'abandon 2.8.0']]],
    ])('is refused before the index is asked anything when %s', async (_case, before) => {
      if (before.length > 0) await approve();
      for (const argv of before) expect((await go(argv)).code).toBe(0);
      const ran = await go(['apply', plan.id, '--confirm', 'small 2.8.0']);
      expect(ran.code).toBe(5);
      expect(index.calls()).toBe(0);
    });
  });

  describe('a frozen train', () => {
    let frozen: CliRan | { readonly code: null; readonly out: '' } = { code: null, out: '' };
    beforeEach(async () => {
      await savePlan(app, agreed);
      frozen = await go(['release', 'freeze', '-m', 'the upload key leaked', '--yes'], as('dora'));
    });

    it('says so, and how it ends', () => {
      expect({ code: frozen.code, out: frozen.out }).toMatchSnapshot();
    });

    it('is what status, blockers and the plan show, with who, since when and why', async () => {
      const outs = [];
      for (const argv of [['status'], ['blockers'], ['plan', 'show', agreed.id], ['log']]) outs.push(await go(argv));
      expect(outs.map(({ code }) => code)).toEqual([0, 3, 0, 0]);
      expect(outs.map(({ out }) => out).join('\n---\n')).toMatchSnapshot();
    });

    it('refuses an apply in the same words', async () => {
      const ran = await go(['apply', agreed.id]);
      expect({ code: ran.code, err: ran.err }).toMatchSnapshot();
    });

    it('has a plan written down and nothing asked', async () => {
      for (const gate of ['milestone-resolved', 'people'])
        await go(['gate', 'waive', '2.8.0', gate, '-m', 'no forge', '--until', '7d', '--yes']);
      const ran = await go(['branch', 'cut', '2.8.0', '--yes']);
      expect(ran.code).toBe(5);
      expect(ran.err).toContain('[TRAIN_FROZEN]');
      expect(ran.err).toContain('signalbox release thaw');
      expect(app.git.pushes()).toBe(0);
    });

    it('is thawed by a release manager, and says what was stopped', async () => {
      expect((await go(['release', 'thaw', '-m', 'all clear', '--yes'], as('dora'))).code).toBe(4);
      const thawed = await go(['release', 'thaw', '-m', 'the key was replaced', '--yes']);
      expect(thawed.out).toMatchSnapshot();
      expect((await go(['release', 'thaw', '-m', 'again', '--yes'])).out).toContain('is not frozen');
      expect((await go(['blockers'])).out).not.toContain('train-frozen');
    });
  });

  describe('giving a candidate up', () => {
    beforeEach(() => {
      app.git.setRef('/remotes/core', tagRef('v2.8.0-rc1'), BASE);
    });
    const words = ['release', 'abandon', '2.8.0-rc1', '-m', 'wrong keys'];

    it.each([
      ['nothing was said, without a terminal', words, {}, 2],
      ['only --yes was said', [...words, '--yes'], {}, 5],
      ['another phrase was given', [...words, '--confirm', 'abandon 2.8.0'], {}, 5],
      ['another phrase was typed', words, { typed: ['yes'] }, 5],
      ['no reason was given', ['release', 'abandon', '2.8.0-rc1', '--confirm', 'abandon 2.8.0-rc1'], {}, 2],
    ])('is not done when %s', async (_case, argv, outside, code) => {
      const ran = await go(argv, outside);
      expect(ran.code).toBe(code);
      expect((await go(['log'])).out).not.toContain('abandoned');
    });

    it('is done by the phrase, and keeps it from being cut or marked again', async () => {
      const done = await go(words, { typed: ['abandon 2.8.0-rc1'] });
      expect({ code: done.code, out: done.out, err: done.err, questions: done.questions }).toMatchSnapshot('first');
      const again = await go([...words, '--confirm', 'abandon 2.8.0-rc1'], as('ben'));
      expect(again.out).toMatchSnapshot('again');
      expect((await go(['rc', 'final', '2.8.0-rc1', '--yes'])).err).toContain('was abandoned by @ana');
      const tag = planOf([tagStep('core', 0)]);
      await savePlan(app, tag);
      expect((await go(['plan', 'show', tag.id])).out).toContain('2.8.0-rc1 was abandoned by @ana');
    });
  });

  describe('marking a candidate as final', () => {
    it('ends with 5 and says what is missing where nobody recorded its files', async () => {
      const ran = await go(['rc', 'final', '2.8.0-rc1', '--yes']);
      expect({ code: ran.code, err: ran.err }).toMatchSnapshot();
      expect((await go(['rc', 'final', '2.8.0-rc1', '--withdraw', '--yes'])).code).toBe(2);
      expect((await go(['rc', 'final', '2.8.0-rc1', '--withdraw', '-m', 'a bug', '--yes'])).code).toBe(5);
      expect((await go(['rc', 'final', '2.8', '--yes'])).code).toBe(2);
    });
  });

  describe('stopping a plan', () => {
    it('asks whoever is at it, and ends with 5 where nobody is', async () => {
      await savePlan(app, agreed);
      const nobody = await go(['plan', 'stop', agreed.id, '-m', 'the wrong index', '--yes']);
      expect({ code: nobody.code, err: nobody.err }).toMatchSnapshot('nobody');
      const leases = await app.leases();
      await leases.take('small', 'release:2.8.0', { holder: 'ben', since: app.clock.now() });
      const asked = await go(['plan', 'stop', agreed.id, '-m', 'the wrong index', '--yes'], as('dora'));
      expect({ code: asked.code, out: asked.out }).toMatchSnapshot('asked');
    });

    it('is seen by the apply before its next step: it ends with 7 and says who asked, when and why', async () => {
      const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })]);
      await savePlan(app, plan);
      const push = app.git.push.bind(app.git);
      const git = {
        ...app.git,
        push: async (...given: Parameters<typeof push>) => {
          const answer = await push(...given);
          expect((await go(['plan', 'stop', plan.id, '-m', 'the wrong index', '--yes'], as('dora'))).code).toBe(0);
          return answer;
        },
      };
      const ran = await go(['apply', plan.id], { app: { ...app, git } });
      expect({ code: ran.code, out: ran.out.replaceAll(plan.id, 'p.....') }).toMatchSnapshot();
      const shown = (await go(['plan', 'show', plan.id])).out;
      expect(shown.replaceAll(/\s+/gu, ' ')).toContain(
        'The last apply, by @ana, stopped 14:00 UTC: @dora asked to stop it: the wrong index',
      );
      expect(await go(['apply', plan.id])).toMatchObject({ code: 0 });
    });
  });
}
