import { beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../app/app.ts';
import { branchRef } from '../domain/git-names.ts';
import { savePlan } from '../app/plans.ts';
import { type cliRun, hasEscapes, type CliOutside, type CliRan } from './cli-terminal.ts';
import { BASE, cutStep, NOW, planOf, tagStep } from './engine-world.ts';
import { memoryApp } from './memory-app.ts';
import { fakeId } from './memory-git.ts';
import { columnsOf } from '../cli/output/text.ts';

/** A test that is not of this run. */
const unheard = (_name: string, _test: () => Promise<void>): void => undefined;

async function events(of: App): Promise<number> {
  return (await (await of.ledger()).read({ train: 'small' })).length;
}

/** Without what changes when a plan binds one thing more: its id, and how many gates there are. */
function golden(text: string): string {
  return text
    .replaceAll(/(?<=Plan |undo |apply )p[0-9a-z]{5}\b/gu, 'p.....')
    .replaceAll(/\d+ of \d+ pass/gu, 'N of N pass');
}

/** What the command line says and does, wherever it runs: here, or on a server. */
export function cliAppSuite(run: typeof cliRun, where: 'here' | 'on a server' = 'here'): void {
  let app = memoryApp();
  const go = (argv: readonly string[], outside: CliOutside = {}): Promise<CliRan> =>
    run(argv, { app, now: '2025-06-24T14:00:04Z', ...outside });

  const waiveMilestone = [
    'gate',
    'waive',
    '2.8.0',
    'milestone-resolved',
    '-m',
    'no forge here',
    '--until',
    '7d',
    '--yes',
  ];

  beforeEach(async () => {
    app = memoryApp();
    await go(['release', 'create', '2.8.0', '--yes']);
  });

  describe('a release from gates to branches, as it is seen', () => {
    it('says where it stands', async () => {
      expect(golden((await go(['status'])).out)).toMatchSnapshot();
    });

    it('says what blocks with exit 3, and that nothing does with exit 0', async () => {
      const blocked = await go(['blockers', '2.8.0']);
      expect(blocked.code).toBe(3);
      expect(golden(blocked.out)).toMatchSnapshot();
      await go(waiveMilestone);
      const check = await go(['branch', 'check', 'core', '2.8.0']);
      expect(check).toMatchObject({ code: 0 });
    });

    it('shows the plan in a dry run and changes nothing: no event, no ref', async () => {
      await go(waiveMilestone);
      const before = await events(app);
      const dry = await go(['branch', 'cut', '2.8.0', '--dry-run', '--exit-code']);
      expect(dry.code).toBe(10);
      expect(golden(dry.out)).toMatchSnapshot();
      expect(await events(app)).toBe(before);
      expect(app.git.refsOf('/remotes/core').size).toBe(1);
      expect((await go(['branch', 'cut', '2.8.0', '-n'])).code).toBe(0);
    });

    it('refuses a cut behind closed gates and names them', async () => {
      const ran = await go(['branch', 'cut', '2.8.0', '--yes']);
      expect({ code: ran.code, out: ran.out }).toEqual({ code: 3, out: '' });
      expect(ran.err).toContain('milestone-resolved');
      expect(ran.err).toContain('[GATE_BLOCKED]');
    });

    it('applies what was confirmed, finds nothing to do the second time, and takes it back', async () => {
      await go(waiveMilestone);
      const declined = await go(['branch', 'cut', '2.8.0'], { typed: ['n'] });
      expect(declined.code).toBe(5);
      expect(declined.questions.join()).toContain('[y/N]');
      expect(app.git.refsOf('/remotes/core').size).toBe(1);
      const cut = await go(['branch', 'cut', '2.8.0'], { typed: ['y'] });
      expect(cut.code).toBe(0);
      expect(golden(cut.out)).toMatchSnapshot();
      expect([...app.git.refsOf('/remotes/core').keys()].toSorted()).toEqual([
        'refs/heads/main',
        'refs/heads/orig/release/2.8',
        'refs/heads/release/2.8',
      ]);
      const again = await go(['branch', 'cut', '2.8.0', '--yes']);
      expect(again.code).toBe(0);
      expect(again.out).toContain('Nothing to do');
      const [id = ''] = (await go(['plan', 'list', '--plain'])).out.split('\t');
      expect((await go(['undo', id, '--yes'])).code).toBe(0);
      expect(app.git.refsOf('/remotes/core').size).toBe(1);
    });
  });

  describe('a plan and a world that moved', () => {
    it('refuses with exit 6 and names both commits', async () => {
      await go(waiveMilestone);
      await go(['branch', 'cut', '2.8.0'], { typed: ['n'] });
      const [id = ''] = (await go(['plan', 'list', '--plain'])).out.split('\t');
      app.git.setRef('/remotes/core', branchRef('release/2.8'), fakeId('somebody else'));
      const ran = await go(['apply', id]);
      expect(ran.code).toBe(6);
      expect((ran.out + ran.err).replaceAll(/\s+/gu, ' ')).toContain(fakeId('somebody else'));
      expect(await go(['plan', 'diff', id])).toMatchObject({ code: 6 });
    });

    // Over a wire the command may be done before it hears of it: src/server/command-route.test.ts has it under control.
    (where === 'here' ? it : unheard)(
      'finishes the current step at the first Ctrl-C, prints how to go on, and ends with 130',
      async () => {
        await go(waiveMilestone);
        await go(['branch', 'cut', '2.8.0'], { typed: ['n'] });
        const [id = ''] = (await go(['plan', 'list', '--plain'])).out.split('\t');
        const ran = await go(['apply', id], { onInterrupt: (press) => press() });
        expect(ran.code).toBe(130);
        expect(ran.err).toContain('Finishing the current step');
        expect(ran.out).toContain(`signalbox apply ${id}`);
        expect((await go(['apply', id])).code).toBe(0);
      },
    );
  });

  describe('an apply that stops half-way', () => {
    const plan = planOf([
      cutStep('core', { updates: [{ ref: branchRef('orig/release/2.8'), from: null, to: BASE }] }),
      cutStep('vision', { wave: 1 }),
    ]);

    it('ends with 7, tells what is recorded and how to go on, and does only the rest the second time', async () => {
      await savePlan(app, plan);
      app.git.refusing.add(branchRef('release/2.8'));
      const stopped = await go(['apply', plan.id]);
      expect(stopped.code).toBe(7);
      expect(golden(stopped.out)).toMatchSnapshot();
      app.git.refusing.clear();
      const again = await go(['apply', plan.id, '--json']);
      expect(again.code).toBe(0);
      expect(JSON.parse(again.out)).toMatchObject({ data: { end: 'finished', resumed: true } });
      expect(await go(['apply', plan.id])).toMatchObject({ code: 5, out: '' });
    });
  });

  describe('doctor', () => {
    it('finds all well, or names what is not and what to do', async () => {
      expect((await go(['doctor'])).code).toBe(0);
      app.git.setRef('/remotes/vision', branchRef('main'), null);
      const ran = await go(['doctor']);
      expect(ran.code).toBe(3);
      expect(ran.out).toContain('there is no branch main to cut from');
    });

    it('tells work of the bot that failed for good, and how it is tried again', async () => {
      const jobs = await app.jobs();
      const delivery = { event: 'reviewed', id: 'd-1', repo: 'acme/core', by: 'ben', at: NOW, item: 12 };
      const worker = await jobs.work('deliveries', async () => {
        throw new Error('the forge said no');
      });
      await jobs.add('deliveries', [{ keys: ['delivery d-1'], data: delivery }]);
      await worker.stop();
      const [dead] = await jobs.dead('deliveries');
      const id = dead?.id ?? '';
      const ran = await go(['doctor', '--plain']);
      expect(ran.code).toBe(3);
      expect(ran.out).toContain(`1 dead since ${NOW}: reviewed acme/core#12 by ben failed with: the forge said no`);
      expect(ran.out).toContain(`signalbox bot revive ${id}`);
      const webhooks = await go(['doctor', '--webhooks']);
      expect(webhooks.code).toBe(3);
      expect(webhooks.out).toContain(`fix: signalbox bot revive ${id}`);
      expect((await go(['bot', 'revive', '--yes'])).code).toBe(2);
      const wrong = await go(['bot', 'revive', 'nonsense', '--yes']);
      expect(wrong.code).toBe(2);
      expect(wrong.err).toContain('signalbox doctor --webhooks');
      const revived = await go(['bot', 'revive', id, '--yes']);
      expect(revived.code).toBe(0);
      expect(revived.out).toContain('reviewed acme/core#12 by ben');
      expect(await jobs.counts('deliveries')).toEqual({ waiting: 1, running: 0, dead: 0 });
      expect((await go(['doctor', '--webhooks'])).code).toBe(0);
      expect((await go(['bot', 'revive', '--all', '--yes'])).out).toContain('No job is dead');
    });
  });

  describe('what cannot be undone', () => {
    const permanent = planOf([tagStep('core', 0)]);

    beforeEach(async () => {
      await savePlan(app, permanent);
    });

    it('needs two others first, and says whom to ask for what', async () => {
      const ran = await go(['apply', permanent.id, '--confirm', 'small 2.8.0-rc1']);
      expect(ran.code).toBe(5);
      expect(ran.err).toContain(`signalbox plan approve ${permanent.id}`);
    });

    it('is never done by --yes: the phrase must be typed or given', async () => {
      for (const who of ['ben', 'cleo']) {
        const approved = await go(['plan', 'approve', permanent.id, '--yes'], {
          app: { ...app, who: () => Promise.resolve(who) },
        });
        expect(approved.code).toBe(0);
      }
      const yes = await go(['apply', permanent.id, '--yes']);
      expect(yes.code).toBe(5);
      expect(yes.err).toContain('--confirm "small 2.8.0-rc1"');
      expect((await go(['apply', permanent.id, '--confirm', 'small 2.8.0'])).code).toBe(5);
      expect((await go(['apply', permanent.id], { typed: ['yes'] })).code).toBe(5);
      expect([...app.git.refsOf('/remotes/core').keys()]).toEqual(['refs/heads/main']);
    });

    it('cannot be approved by its author (exit 4), nor by somebody without the role', async () => {
      expect((await go(['plan', 'approve', permanent.id, '--yes'])).code).toBe(4);
      expect(
        (
          await go(['plan', 'approve', permanent.id, '--yes'], {
            app: { ...app, who: () => Promise.resolve('mallory') },
          })
        ).code,
      ).toBe(4);
    });
  });

  describe('every answer in every form', () => {
    const answers = [
      ['status'],
      ['blockers'],
      ['todo', '--all'],
      ['gate', 'list'],
      ['gate', 'show', '2.8.0', 'milestone-resolved'],
      ['branch', 'cut', '2.8.0', '-n'],
      ['log'],
      ['plan', 'list'],
      ['release', 'list'],
      ['rc', 'list'],
      ['calendar', 'show', '--train', 'pytorch'],
      ['support', 'show', '--train', 'pytorch'],
      ['config', 'explain'],
      // A server has the train it has.
    ].filter((argv) => where === 'here' || !argv.includes('--train'));

    it.each([60, 80, 132])('fits %d columns', async (width) => {
      await go(waiveMilestone);
      await go(['branch', 'cut', '2.8.0', '--yes']);
      for (const argv of answers) {
        const ran = await go(argv, { env: { SIGNALBOX_FORCE_TTY: String(width), NO_COLOR: '1' } });
        const wide = `${ran.out}\n${ran.err}`.split('\n').filter((line) => columnsOf(line) > width);
        // Commands to copy are never broken.
        expect(wide.filter((line) => !/signalbox \S/u.test(line))).toEqual([]);
      }
    });

    it('is one JSON document, plain records, or ASCII, always without escapes in a pipe', async () => {
      for (const argv of answers) {
        const json = await go([...argv, '--json']);
        const document: unknown = JSON.parse(json.out);
        expect(document).toHaveProperty('schema');
        expect(document).toHaveProperty('data');
        expect(json.out).toMatch(/^\{"schema":"signalbox\.[a-z-]+\/1"/u);
        const ascii = await go([...argv, '--ascii']);
        expect(Buffer.from(ascii.out + ascii.err).every((byte) => byte < 128)).toBe(true);
        const plain = await go([...argv, '--plain']);
        expect(hasEscapes(json.out + ascii.out + plain.out + json.err)).toBe(false);
        expect([json.code, ascii.code]).toEqual([plain.code, plain.code]);
      }
    });

    it('refuses to answer from data that is too old', async () => {
      expect((await go(['status', '--max-age', '1s'])).code).toBe(9);
      expect((await go(['status', '--max-age', '1h'])).code).toBe(0);
      expect((await go(['status', '--max-age', 'soon'])).code).toBe(2);
    });
  });
}
