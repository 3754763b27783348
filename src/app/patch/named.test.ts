import { describe, expect, it } from 'vitest';
import { ReleaseVersion } from '../../domain/version.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { createRelease } from '../releases.ts';
import { patchNamed } from './named.ts';

const release = ReleaseVersion.parse('2.8.1');

describe('the patch release that is meant', () => {
  it.each([
    ['2.8.2', '2.8.2'],
    ['v2.8.1', '2.8.1'],
    ['2.8', '2.8.1'],
    ['2.7', '2.7.3'],
  ])('%s is %s', async (typed, expected) => {
    const app = memoryApp();
    await createRelease(app, release);
    for (const each of ['2.7.1', '2.7.2']) {
      await createRelease(app, ReleaseVersion.parse(each));
      const ledger = await app.ledger();
      const event = { type: 'release-closed', release: ReleaseVersion.parse(each), reason: 'out' } as const;
      await ledger.append(app.loaded.train.train, [{ at: app.clock.now(), actor: 'ana', event }]);
    }
    expect(await patchNamed(app, typed)).toEqual({ ok: true, value: expected });
  });

  it('is never a minor release, and must be named where several are live', async () => {
    const app = memoryApp();
    const minor = await patchNamed(app, '2.8.0');
    expect(minor).toMatchObject({ ok: false, problems: [{ code: 'not-a-patch' }] });
    expect(minor.ok ? '' : minor.problems[0].text).toContain('for example 2.8.1');
    expect(await patchNamed(app, null)).toMatchObject({ ok: false, problems: [{ code: 'which-patch' }] });
    await createRelease(app, release);
    expect(await patchNamed(app, null)).toEqual({ ok: true, value: release });
    await createRelease(app, ReleaseVersion.parse('2.7.1'));
    expect(await patchNamed(app, null)).toMatchObject({ ok: false, problems: [{ code: 'which-patch' }] });
  });
});
