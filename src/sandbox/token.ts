/** The token of an Authorization header: `Bearer T`, `token T`, or Basic with the token as the password; null without one. */
export function tokenOf(header: string | undefined): string | null {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return value;
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8');
      return pair.slice(pair.indexOf(':') + 1);
    }
    case '':
      return null;
    default:
      return value;
  }
}
