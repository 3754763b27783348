import { describe, expect, it } from 'vitest';
import { RepoSlug } from '../../../domain/repo.ts';
import { memoryForge } from '../../../testing/memory-forge.ts';
import { NOW, RELEASE, smallTrain } from '../../../testing/small-train.ts';
import { decideDocs, readDocs } from './index.ts';

const SLUG = RepoSlug.parse('acme/docs');
const docs = {
  repo: 'docs',
  files: [{ path: '{line}/index.html' }, { path: 'versions.html', contains: ['v{version}', '>{line}<'] }],
};
const train = smallTrain({ docs: { role: 'external', slug: 'acme/docs', source: 'main', owners: ['dora'] } }, { docs });

async function gateOf(texts: Record<string, string> | null, change = train) {
  const forge = memoryForge({ now: () => NOW });
  if (texts !== null)
    for (const [path, text] of Object.entries(texts)) forge.repo(SLUG).texts.set(`main:${path}`, text);
  const facts = await readDocs({ train: change, release: RELEASE, forge: forge.forge, now: NOW });
  return facts === null ? null : decideDocs(facts, { train: change, waivers: [], now: NOW });
}

describe('docs-built', () => {
  it('passes where the entry of the release is there and the menu has it', async () => {
    expect(await gateOf({ '2.8/index.html': 'torch', 'versions.html': '<a>2.8</a> v2.8.0' })).toMatchObject({
      id: 'docs-built',
      verdict: 'pass',
      summary: 'docs main has the entry of 2.8.0: 2 files',
      owners: ['dora', 'rita'],
    });
  });

  it('fails for an entry that is not there, and for a menu without the new version', async () => {
    const gate = await gateOf({ '2.7/index.html': 'torch', 'versions.html': '<a>2.7</a> v2.8.0' });
    expect(gate).toMatchObject({
      verdict: 'failing',
      summary: 'docs main: there is no 2.8/index.html, and 1 more',
    });
    expect(gate?.evidence[1]?.text).toBe('versions.html does not have ">2.8<"');
  });

  it('knows nothing of a repository that is not there or hidden, which is no missing entry', async () => {
    expect(await gateOf(null)).toMatchObject({ verdict: 'no-data' });
  });

  it('is only there for a train that says where its documentation lies', async () => {
    expect(await gateOf({}, smallTrain())).toBeNull();
  });
});
