import { afterEach, beforeEach, expect, it } from 'vitest';
import { secretOf } from '../config/environment-reading.ts';
import { succeed } from '../domain/result.ts';
import { Channel } from '../domain/train/channels.ts';
import type { PackageFiles } from '../ports/package-files.ts';
import { startPackageIndex, type PackageIndex } from '../sandbox/packages.ts';
import { smallTrain } from '../testing/engine-world.ts';
import { memoryStores, type MemoryStore } from '../testing/memory-store.ts';
import { noStores } from '../testing/no-stores.ts';
import { INDEX, stage } from '../testing/package-files-contract.ts';
import { composePackages, type PackagesInput } from './compose-packages.ts';

const TORCH = { project: 'torch', version: '2.8.0' };
const JOB = { repository: 'acme/core', workflow: 'release.yml', environment: null };

let index: PackageIndex;
let store: MemoryStore;

beforeEach(async () => {
  index = await startPackageIndex({ dir: null, publishers: [{ ...JOB, projects: ['torch'] }] });
  store = memoryStores().store('staging');
});
afterEach(() => index.stop());

function composed(place: object, environment: Partial<PackagesInput['environment']> = {}): PackageFiles {
  const isIndex = { holds: 'wheel', store: 'package-index' };
  const channels = {
    pypi: Channel.parse({ title: 'Index', write: 'once', places: [{ ...isIndex, ...place }] }),
    staging: Channel.parse({ title: 'Staging', write: 'replace', places: [{ holds: 'wheel', store: 'object-store' }] }),
  };
  const opened = { channel: 'staging', holds: 'wheel', store, writable: succeed(store), outside: null } as const;
  return composePackages({
    train: { ...smallTrain, channels },
    environment: {
      storeAddresses: new Map(),
      indexTokens: new Map(),
      indexUploads: new Map(),
      jobIdentity: null,
      ...environment,
    },
    stores: { ...noStores, of: async () => succeed([opened]) },
  });
}

const tokens = () => new Map([['pypi', secretOf(index.tokens['owner'] ?? '')]]);
const torch = () => stage(store, { name: 'torch', version: '2.8.0' });

it('uploads from the stores of the train to the index that it names, with the token of the environment', async () => {
  const packages = composed({ address: index.simpleUrl, upload: index.uploadUrl }, { indexTokens: tokens() });
  expect(await packages.missing(INDEX)).toBeNull();
  expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
  expect(await packages.look(INDEX, TORCH)).toHaveLength(1);
  expect(await packages.yank(INDEX, TORCH, 'broken')).toMatchObject({ accepted: false });
});

it('takes the addresses that the train leaves out from the environment', async () => {
  const packages = composed(
    {},
    {
      indexTokens: tokens(),
      storeAddresses: new Map([['pypi', index.url]]),
      indexUploads: new Map([['pypi', index.uploadUrl]]),
    },
  );
  expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
});

it('uploads as the job of CI that it runs in, unless a token was set', async () => {
  const { url, token } = index.beginJob(JOB);
  const jobIdentity = { url, token: secretOf(token) };
  const place = { address: index.simpleUrl, upload: index.uploadUrl };
  expect(await composed(place, { jobIdentity }).upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
  const other = { project: 'vision', version: '1' };
  const packages = composed(place, { jobIdentity, indexTokens: tokens() });
  expect(await packages.upload(INDEX, other, stage(store, { name: 'vision', version: '1' }))).toEqual({
    accepted: true,
  });
  expect(index.files().map(({ uploadedBy }) => uploadedBy)).toEqual(['acme/core', 'owner']);
});

it('says what is missing, and which variable gives it', async () => {
  expect(await composed({ address: index.simpleUrl }, { indexTokens: tokens() }).missing(INDEX)).toBe(
    'it is not said where files are uploaded to. Give the place an `upload` in the train file, or set SIGNALBOX_INDEX_PYPI_UPLOAD: https://…',
  );
  expect(await composed({ address: index.simpleUrl, upload: index.uploadUrl }).missing(INDEX)).toBe(
    'there is no token to upload with. Set SIGNALBOX_INDEX_PYPI_TOKEN or SIGNALBOX_INDEX_PYPI_TOKEN_FILE, or run in a job of CI that the index trusts',
  );
});

it('fails for a place that the train does not name, or that has no address', async () => {
  await expect(composed({}).look(INDEX, TORCH)).rejects.toThrow(
    /has no address: give it one in the train file, or set SIGNALBOX_STORE_PYPI/u,
  );
  await expect(composed({}).look({ channel: 'pypi', place: 1 }, TORCH)).rejects.toThrow(/is no package index/u);
  const packages = composed({ address: index.simpleUrl, upload: index.uploadUrl }, { indexTokens: tokens() });
  const wheel = torch();
  const astray = { ...wheel, from: { ...wheel.from, place: 1 } };
  await expect(packages.upload(INDEX, TORCH, astray)).rejects.toThrow(/place 1 of channel staging is no store/u);
});
