import { describe, expect, it } from 'vitest';
import { GitError } from '../../ports/git.ts';
import { addressOf, mirrorName, safeText } from './address.ts';

const at = (remote: string) => ({ repo: 'vision', remote });

describe('the address of a remote', () => {
  it.each([
    ['https://github.com/pytorch/vision', 'https://github.com'],
    ['https://github.com:8443/pytorch/vision.git', 'https://github.com:8443'],
    ['http://127.0.0.1:3000/o/r.git', 'http://127.0.0.1:3000'],
    ['http://example.org/o/r.git', null],
    ['ssh://git@example.org/o/r.git', null],
    ['git@github.com:pytorch/vision.git', null],
    ['file:///srv/git/r.git', null],
    ['/srv/git/r.git', null],
  ])('%s gets the token only where it is safe: %s', (remote, origin) =>
    expect(addressOf(at(remote))).toEqual({ text: remote, tokenOrigin: origin }),
  );

  it.each([
    '',
    '-u',
    '--upload-pack=touch /tmp/x',
    'ext::sh -c touch% /tmp/x',
    'ext::/bin/x',
    'git://example.org/r',
    'fd::17',
    'ssh://-oProxyCommand=x/r',
    '-oProxyCommand=x:r',
    'relative',
    'https://',
    'https://user@example.org/r',
    'https://a:secret-word@example.org/r',
    'ssh://a:secret-word@example.org/r',
    '/srv/a\nb',
    '/srv/a\0b',
    `/${'x'.repeat(3000)}`,
  ])('%j is refused before git sees it, naming the repository and no password', (remote) => {
    const attempt = (): unknown => addressOf(at(remote));
    expect(attempt).toThrow(GitError);
    expect(attempt).toThrow(/^vision: (?!.*secret-word)/s);
  });

  it('gives each repository and remote a mirror of its own, under a name that is only a name', () => {
    const names = [at('/a'), at('/b'), { repo: '../../etc', remote: '/a' }, { repo: 'a/b', remote: '/a' }].map(
      mirrorName,
    );
    expect(new Set(names).size).toBe(4);
    expect(names.every((name) => /^[A-Za-z0-9_][A-Za-z0-9._-]*\.git$/.test(name))).toBe(true);
  });

  it('is told without secrets, passwords, headers or terminal commands', () => {
    const text = 'to https://me:pass@h/r with tok3n and Authorization: Basic abc= \u001b[31mred\u0007';
    expect(safeText(text, ['tok3n', ''])).toBe('to https://***@h/r with *** and Authorization: Basic ***  [31mred');
    expect(safeText('x'.repeat(5000), [])).toHaveLength(2001);
  });
});
