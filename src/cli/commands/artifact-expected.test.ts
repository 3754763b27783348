import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cliRun } from '../../testing/cli-terminal.ts';

const expected = (...argv: readonly string[]) => cliRun(['artifact', 'expected', ...argv, '--train', 'pytorch']);

describe('artifact expected', () => {
  it('shows every file of a release at 80 columns, what is left out and what changed', async () => {
    const { code, out } = await expected('2.7.0');
    expect(code).toBe(0);
    expect(out).toMatchSnapshot();
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('lists them with --plain, one to a line, and gives all facts with --json', async () => {
    const plain = await expected(
      '2.7.0',
      '--package',
      'torch',
      '--platform',
      'macos-arm64',
      '--python',
      '3.13t',
      '--kind',
      'wheel',
      '--plain',
    );
    expect(plain.out.split('\n')[0]?.split('\t')).toEqual([
      'expected',
      'torch/wheel/macos-arm64/cpu/3.13t',
      'experimental',
      'cpu',
      'torch-2.7.0-cp313-cp313t-macosx_11_0_arm64.whl',
      'pypi:torch-2.7.0-cp313-cp313t-macosx_11_0_arm64.whl',
    ]);
    const json: unknown = JSON.parse((await expected('2.7.0', '--json')).out);
    expect(json).toMatchObject({ schema: 'signalbox.expected-artifacts/1', data: { release: '2.7.0', line: '2.7' } });
  });

  it('prints the matrix of CI and nothing else', async () => {
    const { out } = await expected(
      '2.7.0',
      '--package',
      'torch',
      '--python',
      '["3.12"]',
      '--kind',
      'wheel',
      '--github-matrix',
    );
    const matrix = z.object({ include: z.array(z.object({ installation: z.string() })) }).parse(JSON.parse(out));
    expect(matrix.include).toHaveLength(14);
  });

  it.each([
    [['2.7.0', '--platform', 'plan9'], 'The release has no platform "plan9"'],
    [['2.7.0', '--python', '[3.12'], '[3.12 is no JSON list of texts'],
    [['2.7.0', '--python', '[3.12]'], '[3.12] is no JSON list of texts'],
    [['2.99.0'], 'does not say what 2.99.0 is built for'],
    [['2.7'], 'Did you mean 2.7.0?'],
    [['2.7.0', '--images'], '--images is for the matrix of CI'],
    [['2.7.0', '--channel', 'test'], '--channel is for the matrix of CI'],
  ])('refuses %j with exit 2', async (argv, text) => {
    const ran = await expected(...argv);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(ran.err.replaceAll(/\s+/gu, ' ')).toContain(text);
  });
});
