import { describe, expect, it } from 'vitest';
import { keyOf, parseSource, slugOf } from './from.ts';

describe('a repository given with --from', () => {
  it.each([
    ['~/src/vision@main', { source: '~/src/vision', branch: 'main', slug: null }],
    ['/src/vision', { source: '/src/vision', branch: null, slug: null }],
    ['/src/vision@viable/strict', { source: '/src/vision', branch: 'viable/strict', slug: null }],
    ['pytorch/vision=/src/v@main', { source: '/src/v', branch: 'main', slug: 'pytorch/vision' }],
    ['git@host:owner/name.git', { source: 'git@host:owner/name.git', branch: null, slug: null }],
    ['git@host:owner/name.git@main', { source: 'git@host:owner/name.git', branch: 'main', slug: null }],
    ['https://user@host/owner/name', { source: 'https://user@host/owner/name', branch: null, slug: null }],
    ['https://host/owner/name@main', { source: 'https://host/owner/name', branch: 'main', slug: null }],
  ])('%s is read as it is meant', (text, expected) => {
    expect(parseSource(text)).toEqual(expected);
  });

  it.each(['', '@main', '--upload-pack=x', '-x', '/src/v@', '/src/v@--exec=x'])('"%s" is refused', (text) => {
    expect(() => parseSource(text)).toThrow('is not a repository');
  });

  it.each([
    ['/nowhere/widget', null, { owner: 'local', name: 'widget' }],
    ['https://host/acme/widget.git', null, { owner: 'acme', name: 'widget' }],
    ['git@host:acme/widget.git', null, { owner: 'acme', name: 'widget' }],
    ['/nowhere/x', 'acme/widget', { owner: 'acme', name: 'widget' }],
  ])('%s with the name %s belongs to the right owner', async (source, slug, expected) => {
    expect(await slugOf({ source, branch: null, slug })).toEqual(expected);
  });

  it.each([
    ['Widget', 'widget'],
    ['9lives.js', 'lives.js'],
    ['ünïcode', 'n-code'],
    ['___', 'repo'],
  ])('%s is %s in the train', (name, key) => {
    expect(keyOf(name)).toBe(key);
  });
});
