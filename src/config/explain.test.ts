import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allKeys, explainKey, explainUnknownKey } from './explain.ts';
import { trainJsonSchema } from './json-schema.ts';
import { renderReference } from './reference.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

describe('a key of the train file', () => {
  it.each(['repos.vision.version.follow', 'repos.<repo>.version.follow'])('is explained: %s', (key) => {
    expect(explainKey(key)).toMatchObject({
      ok: true,
      value: { key: 'repos.<repo>.version.follow', type: 'one of same, count, listed', required: true, preset: null },
    });
  });

  it.each([
    'repos.core.onBranch.0.to',
    'repos.core.onBranch[3].to',
    'repos.core.onBranch[].to',
    'repos.core.onBranch.to',
  ])('in a list is explained: %s', (key) => {
    expect(explainKey(key)).toMatchObject({ ok: true, value: { key: 'repos.<repo>.onBranch[].to', type: 'a text' } });
  });

  it('with kinds tells them', () => {
    const explained = explainKey('repos.core.onMain');
    expect(explained.ok ? explained.value.kinds.map(({ kind }) => kind) : []).toEqual([
      'workflow-refs',
      'input',
      'file',
      'replace',
      'submodule',
    ]);
  });

  it('that may be null says so, with its default', () => {
    expect(explainKey('branches.cutPoint')).toMatchObject({
      ok: true,
      value: { type: 'a text, or null', preset: '"orig/release/{line}"' },
    });
  });

  it.each([
    [
      'repos.vision.vesion',
      /^There is no key repos\.vision\.vesion\. repos\.<repo> has: role, slug, .* Did you mean repos\.<repo>\.version\?$/,
    ],
    ['tilte', /^There is no key tilte\. A train file has: train, title, .* Did you mean title\?$/],
    ['title.x', /^There is no key title\.x\. title has: nothing below it\.$/],
    ['__proto__', /^There is no key __proto__\./],
    ['constructor.name', /^There is no key constructor\./],
  ])('that is none is refused: %s', (key, text) => {
    const explained = explainKey(key);
    expect(explained.ok ? '' : explained.problems.map(explainUnknownKey).join()).toMatch(text);
  });

  it('is described wherever it stands', () => {
    const bare = allKeys().filter(
      ({ key, description }) => description === '' && !key.endsWith('.kind') && !/\.<\w+>$/.test(key),
    );
    expect(bare.map(({ key }) => key)).toEqual([]);
  });

  it('can be explained under the name it is listed by', () => {
    const keys = allKeys().map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(150);
    expect(
      keys.map((key) => explainKey(key)).flatMap((explained) => (explained.ok ? explained.value.key : 'refused')),
    ).toEqual(keys);
  });
});

describe('what is generated from the schema', () => {
  it('is the reference in docs (node scripts/train-reference.ts writes it)', async () => {
    expect(await readFile(join(docs, 'train-reference.md'), 'utf8')).toBe(renderReference());
  });

  it('is the JSON Schema in docs, which asks for nothing that may be inherited', async () => {
    const schema = trainJsonSchema();
    expect(JSON.parse(await readFile(join(docs, 'train.schema.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
    expect(schema).toMatchObject({ additionalProperties: false, properties: { extends: { type: 'string' } } });
    expect(schema).not.toHaveProperty('required');
  });
});
