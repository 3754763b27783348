import { expect, it } from 'vitest';
import { memoryApp } from '../../testing/memory-app.ts';
import { NOW } from '../../testing/engine-world.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { systemPage } from './system.ts';

it('shows whom nothing reaches, and why', async () => {
  const app = memoryApp();
  const box = await app.notices();
  const text = {
    kind: 'approval',
    release: null,
    headline: 'approve plan p7k2m9',
    lines: [],
    path: '/',
    duty: null,
  } as const;
  const common = { notice: { ...text, id: 'n', at: NOW }, calls: [], notBefore: NOW };
  const why = 'no mail address of dora is known';
  const notices = [
    { ...common, id: '1', who: 'dora', address: null, why },
    { ...common, id: '2', who: 'ben', address: { channel: 'mail', address: 'ben@example.org' } as const, why: null },
  ];
  await box.advance(null, { state: {}, notices, at: NOW });
  const read = await systemPage.read({ app, params: {}, query: {} });
  if (!read.ok) throw new Error('the page was not read');
  expect(read.value.view).toMatchObject({ untold: [{ who: 'dora', headline: 'approve plan p7k2m9', why }] });
  expect(JSON.stringify(read.value.view)).not.toContain('ben@example.org');
  const room = { now: NOW, viewer: null, holders: {}, query: {}, past: null };
  expect(textOfDoc(systemPage.doc(read.value.view, room))).toContain(why);
});
