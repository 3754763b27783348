/** How the server is seen from outside: by which addresses, and whether over TLS. */
export interface Outside {
  /** What links and redirects are made with: `https://signalbox.example`. */
  readonly origin: string;
  /** Every origin by which its own pages are reached. */
  readonly origins: readonly string[];
  readonly secure: boolean;
}

/** Of an outside address, `https://signalbox.example`; only its origin counts. */
export function outsideOf(url: string): Outside {
  const { origin, protocol } = new URL(url);
  return { origin, origins: [origin], secure: protocol === 'https:' };
}

/** Of a server that listens to this machine only. */
export function loopbackOutside(port: number): Outside {
  const origins = ['127.0.0.1', 'localhost', '[::1]'].map((host) => new URL(`http://${host}:${port}`).origin);
  return { origin: `http://127.0.0.1:${port}`, origins, secure: false };
}

/**
 * Whether a request was made for one of our own names. A foreign name that was pointed to this machine's address (DNS rebinding) makes a page of
 * somebody else look like ours to the browser.
 */
export function isOurHost({ origins }: Outside, host: string | null): boolean {
  return host !== null && origins.some((origin) => new URL(origin).host === host.toLowerCase());
}

/** Whether a request that changes something comes from our own pages, by what only the browser can say. */
export function isFromOurPages({ origins }: Outside, headers: Headers): boolean {
  const [site, origin] = [headers.get('sec-fetch-site'), headers.get('origin')];
  // Every browser of today says at least one of them with a form; who says neither is none, and can take a token.
  if (site === null && origin === null) return false;
  return (site === null || site === 'same-origin') && (origin === null || origins.includes(origin));
}
