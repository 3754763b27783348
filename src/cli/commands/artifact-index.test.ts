import { describe, expect, it } from 'vitest';
import { channelApp, plantRelease, plantWheel, type ChannelApp } from '../../testing/channel-app.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';

const go = ({ app }: ChannelApp, ...argv: readonly string[]): Promise<CliRan> =>
  cliRun(['artifact', 'index', '2.8.0', ...argv], { app, now: '2025-06-24T14:00:04Z' });

async function world(): Promise<ChannelApp> {
  const made = channelApp();
  plantRelease(made.memory);
  await cliRun(['release', 'create', '2.8.0', '--yes'], { app: made.app, now: '2025-06-24T14:00:04Z' });
  return made;
}

describe('artifact index', () => {
  it('shows what it would write, and writes nothing with --dry-run', async () => {
    const channel = await world();
    const { code, out } = await go(channel, '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatchSnapshot();
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(channel.memory.text('index.html')).toBeNull();
  });

  it('writes the pages, and then has nothing to do', async () => {
    const channel = await world();
    expect(await go(channel, '--yes')).toMatchObject({ code: 0 });
    expect(channel.memory.text('cu126/torch/index.html')).toContain('torch-2.8.0%2Bcu126-cp313');
    const again = await go(channel, '--yes');
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain('Nothing to do: The index of test says what lies there.');
  });

  it('refuses what would vanish, until it is asked to', async () => {
    const channel = await world();
    plantWheel(channel.memory, 'cpu', { name: 'torch', version: '2.8.0.dev1' });
    await go(channel, '--yes');
    const gone = 'torch-2.8.0.dev1-py3-none-any.whl';
    const refused = await go(channel, '--remove', 'torch-2.8.0.dev2-py3-none-any.whl', '--yes');
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('is on no page of test');
    expect(await go(channel, '--remove', gone, '--yes')).toMatchObject({ code: 0 });
    expect(channel.memory.text('torch/index.html')).not.toContain(gone);
  });
});
