import { expect, it } from 'vitest';
import { storeAddress } from './store-address.ts';

it.each([
  ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
  ['s3://bucket/whl/test/', { kind: 's3', bucket: 'bucket', prefix: 'whl/test' }],
  ['https://download.example/whl', { kind: 'http', url: 'https://download.example/whl' }],
  ['file:///srv/whl%20x', { kind: 'folder', path: '/srv/whl x' }],
  ['../whl', { kind: 'folder', path: '../whl' }],
  ['file://server/whl', null],
  ['file:///srv/%2', null],
  ['s3://B', null],
  ['gs://bucket', null],
  ['https://', null],
])('the address %s of a store', (text, address) => {
  expect(storeAddress(text)).toEqual(address);
});
