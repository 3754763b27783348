const LONGEST = 2000;

/**
 * Where to go on after signing in: a path of ours, whatever was asked for. Nothing in it can lead to another host, begin another header, or back
 * to signing in.
 */
export function backPath(asked: string | null | undefined): string {
  if (typeof asked !== 'string' || asked.length > LONGEST) return '/';
  // Browsers take a backslash for a slash, and leave out control characters wherever they stand.
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(asked) || !URL.canParse(asked, 'http://ours.invalid')) return '/';
  const { origin, pathname, search } = new URL(asked, 'http://ours.invalid');
  // Looked at again: what `..` leaves behind may begin with two slashes.
  if (origin !== 'http://ours.invalid' || pathname.startsWith('//')) return '/';
  return /^\/sign-(in|out)(\/|$)/u.test(pathname) ? '/' : `${pathname}${search}`;
}
