import { expect, it } from 'vitest';
import { changeHref, entryHref, gateHref, planHref, releaseHref } from './page-path.ts';

it('leads to the page of what is named, and nowhere else whatever stands in the name', () => {
  expect([releaseHref('2.8.0'), gateHref('2.8.0', 'ask:compiler'), planHref('p7k2m9')]).toEqual([
    '/r/2.8.0',
    '/r/2.8.0/gates/ask%3Acompiler',
    '/plans/p7k2m9',
  ]);
  expect([changeHref({ repo: 'core', pr: 7 }), entryHref(12)]).toEqual(['/pr/core/7', '/log?seq=12']);
  const evil = '../x?y#z';
  for (const path of [releaseHref(evil), gateHref('2.8.0', evil), planHref(evil), changeHref({ repo: evil, pr: 7 })]) {
    const { pathname, search, hash } = new URL(path, 'https://s.example');
    expect([pathname, search, hash]).toEqual([path, '', '']);
  }
});
