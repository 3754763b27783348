import { expect, it } from 'vitest';
import { signer } from './signature.ts';

/** The example of Amazon's own documentation: GET of the first ten bytes of test.txt. */
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const now = Date.UTC(2013, 4, 24);

it('signs as the published example is signed', () => {
  const headers = { host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9' };
  const { authorization } = signer(keys, 'us-east-1')({ method: 'GET', path: '/test.txt', headers }, now);
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

it('makes a new key each day, and shows the secret nowhere', () => {
  const sign = signer(keys, 'us-east-1');
  const request = { method: 'HEAD', path: '/', headers: { host: 'h' } };
  const [one, two] = [sign(request, now), sign(request, now + 86_400_000)];
  expect(one['authorization']).not.toBe(two['authorization']);
  expect(sign(request, now)).toEqual(one);
  expect(JSON.stringify([one, two])).not.toContain('wJalr');
});
