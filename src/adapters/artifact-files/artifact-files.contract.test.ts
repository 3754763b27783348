import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe } from 'vitest';
import { artifactFilesContract } from '../../testing/artifact-files-contract.ts';
import { objectServer, SMALLEST_PART, WITHOUT_CEPH } from '../../testing/ceph.ts';
import { memoryStores } from '../../testing/memory-store.ts';
import { testBucket } from '../../testing/test-bucket.ts';
import { folderStore } from '../folder/store.ts';
import { s3Store } from '../s3/store.ts';

artifactFilesContract('in folders', async () => {
  const root = await mkdtemp(join(tmpdir(), 'signalbox-files-'));
  for (const name of ['test', 'stable']) await mkdir(join(root, name));
  return {
    test: folderStore(join(root, 'test')),
    stable: folderStore(join(root, 'stable')),
    elsewhere: memoryStores().store('elsewhere'),
    plant: async (key, bytes) => {
      const path = join(root, 'test', key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
    holdsConditions: true,
    close: () => rm(root, { recursive: true }),
  };
});

describe.skipIf(WITHOUT_CEPH)('on a real server', () => {
  artifactFilesContract('S3 (Ceph)', async () => {
    const server = await objectServer();
    const { endpoint, ...credentials } = server;
    const [one, two] = [await testBucket(server), await testBucket(server)];
    const limits = { smallestPart: SMALLEST_PART };
    const at = { endpoint, region: 'us-east-1', pathStyle: true, credentials, limits };
    const test = s3Store({ ...at, bucket: one.name, prefix: 'whl/test' });
    const stable = s3Store({ ...at, bucket: two.name, prefix: 'whl' });
    return {
      test,
      stable,
      elsewhere: memoryStores().store('elsewhere'),
      plant: (key, bytes) => one.plant(`whl/test/${key}`, bytes),
      holdsConditions: false,
      close: async () => {
        for (const each of [test, stable, one, two]) each.close();
      },
    };
  });
});
