import { expect, it } from 'vitest';
import { formOf } from './form.ts';

const FILE = { name: 'torch-2.8.0-py3-none-any.whl', size: 5 };

it('is what a reader of forms reads, of the length that is said', async () => {
  const fields = [
    ['name', 'torch'],
    ['classifiers', 'Typing :: Typed'],
    ['classifiers', 'Programming Language :: Python :: 3'],
    ['description', 'ünï\r\n--signalbox-\r\n"quoted"'],
  ] as const;
  const { contentType, head, tail, length } = formOf(fields, FILE);
  const bytes = Buffer.concat([head, Buffer.from('wheel'), tail]);
  expect(bytes.length).toBe(length);
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  expect(form.getAll('classifiers')).toEqual([fields[1][1], fields[2][1]]);
  expect(form.get('description')).toBe(fields[3][1]);
  const content = form.get('content');
  if (!(content instanceof File)) throw new Error('no file came');
  expect([content.name, await content.text()]).toEqual([FILE.name, 'wheel']);
});

it('has another boundary each time, so that no description can foresee it', () => {
  expect(formOf([], FILE).contentType).not.toBe(formOf([], FILE).contentType);
});
