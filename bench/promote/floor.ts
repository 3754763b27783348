import { eachAtOnce } from '../../src/adapters/http/slots.ts';
import { quickRequests } from '../../src/adapters/s3/quick.ts';
import { emptyTarget, SMALL, smallKey, type Ground } from '../store/copying.ts';

const AT_ONCE = 64;

/** What the server itself takes for the small objects, in milliseconds: signed copies without anything around them, and looks at what came of them. */
export interface Floor {
  readonly copies: number;
  readonly looks: number;
}

export async function timeFloor(ground: Ground): Promise<Floor> {
  await emptyTarget(ground, 'small/');
  const { endpoint, ...keys } = ground.server;
  const to = { endpoint, region: 'us-east-1', bucket: ground.to, pathStyle: true };
  const quick = quickRequests({ ...to, keys, parallel: AT_ONCE, idle: 60_000 });
  const all = Array.from({ length: SMALL }, (_, number) => smallKey(number));
  const timed = async (work: (key: string) => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await eachAtOnce(all, AT_ONCE, async (key) => void (await work(key)));
    return performance.now() - started;
  };
  const copies = await timed((key) =>
    quick.copy(key, { 'x-amz-copy-source': `${ground.from}/${key}`, 'x-amz-metadata-directive': 'COPY' }),
  );
  const looks = await timed((key) => quick.head(key, true));
  quick.close();
  return { copies, looks };
}
