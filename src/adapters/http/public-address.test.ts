import { describe, expect, it } from 'vitest';
import { isPublicAddress, literalAddress, publicLookup } from './public-address.ts';

describe('a public address', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'example.org',
    '',
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '172.32.0.1', '140.82.112.3', '2606:50c0:8000::153'])('is %s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it('is told from a name', () => {
    expect(literalAddress(new URL('https://[::1]:8/x'))).toBe('::1');
    expect(literalAddress(new URL('https://0x7f.1/'))).toBe('127.0.0.1');
    expect(literalAddress(new URL('https://example.org/'))).toBeNull();
  });
});

const answering = (addresses: readonly string[]) =>
  publicLookup((_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );

const asked = (addresses: readonly string[], all: boolean) =>
  new Promise((resolve) => {
    answering(addresses)('example.org', { all }, (error, address, family) =>
      resolve(error === null ? [address, family] : error.message),
    );
  });

describe('looking up', () => {
  it('gives what is public of an answer, and a failure where nothing is', async () => {
    expect(await asked(['10.0.0.1', '8.8.8.8', '::1'], false)).toEqual(['8.8.8.8', 4]);
    expect(await asked(['10.0.0.1', '8.8.8.8'], true)).toEqual([[{ address: '8.8.8.8', family: 4 }], undefined]);
    expect(await asked(['10.0.0.1', '::1'], true)).toBe('example.org is at no public address');
    expect(await asked([], false)).toBe('example.org is at no public address');
  });
});
