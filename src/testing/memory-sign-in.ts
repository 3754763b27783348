import { createHash, randomBytes } from 'node:crypto';
import { ForgeError } from '../ports/forge.ts';
import type { ForgeSignIn } from '../ports/forge-sign-in.ts';

/** A forge in memory, with what a person does in its pages. */
export interface MemorySignIn extends ForgeSignIn {
  /** Somebody agrees there: the address that the browser is sent back to. */
  agree(authorizeUrl: string, login: string): string;
}

/** Signs people in as a forge does, without one. An old forge does not know PKCE, and looks at no verifier. */
export function memorySignIn({ knowsPkce = true }: { readonly knowsPkce?: boolean } = {}): MemorySignIn {
  const codes = new Map<string, { readonly login: string; readonly challenge: string; readonly redirect: string }>();
  return {
    authorizeUrl: ({ state, challenge, redirect }) =>
      `https://forge.test/authorize?${new URLSearchParams({ state, challenge, redirect }).toString()}`,
    agree: (authorizeUrl, login) => {
      const { searchParams } = new URL(authorizeUrl);
      const read = (name: string): string => searchParams.get(name) ?? '';
      const code = randomBytes(10).toString('hex');
      codes.set(code, { login, challenge: read('challenge'), redirect: read('redirect') });
      return `${read('redirect')}?${new URLSearchParams({ code, state: read('state') }).toString()}`;
    },
    loginOf: async ({ code, verifier, redirect }) => {
      const found = codes.get(code);
      codes.delete(code);
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      if (found === undefined || (knowsPkce && found.challenge !== challenge) || found.redirect !== redirect)
        throw new ForgeError('not-signed-in', 'the forge does not take it');
      return found.login;
    },
  };
}
