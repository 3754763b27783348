import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ForgeSignIn } from '../ports/forge-sign-in.ts';

export interface SignInUnderTest {
  readonly forge: ForgeSignIn;
  /** `alma` agrees in the forge's page: the address that her browser is sent back to. */
  agree(authorizeUrl: string): Promise<string>;
  /** False for a forge that looks neither at the verifier nor at the redirect when it is given a code. */
  readonly isStrict: boolean;
}

const redirect = 'http://127.0.0.1:8787/sign-in/forge/callback';
const verifier = 'v'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** What every way of signing in by a forge keeps to. */
export function signInContract(under: () => SignInUnderTest): void {
  const begin = async (): Promise<URLSearchParams> => {
    const tried = under();
    const { forge } = tried;
    const back = new URL(await tried.agree(forge.authorizeUrl({ state: 'the-state', challenge, redirect })));
    expect(`${back.origin}${back.pathname}`).toBe(redirect);
    return back.searchParams;
  };
  const code = async (): Promise<string> => (await begin()).get('code') ?? '';

  it('sends back the state that it was given, and tells who agreed', async () => {
    const back = await begin();
    expect(back.get('state')).toBe('the-state');
    expect(await under().forge.loginOf({ code: back.get('code') ?? '', verifier, redirect })).toBe('alma');
  });

  it('takes a code once', async () => {
    const once = { code: await code(), verifier, redirect };
    await under().forge.loginOf(once);
    await expect(under().forge.loginOf(once)).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  it('takes no code that it did not give', async () => {
    const made = { code: 'made-up', verifier, redirect };
    await expect(under().forge.loginOf(made)).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  it('takes a code from nobody but who began', async (context) => {
    if (!under().isStrict) context.skip();
    const stolen = { code: await code(), verifier: 'w'.repeat(43), redirect };
    await expect(under().forge.loginOf(stolen)).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  it('takes a code only for the place it was sent to', async (context) => {
    if (!under().isStrict) context.skip();
    const moved = { code: await code(), verifier, redirect: `${redirect}/other` };
    await expect(under().forge.loginOf(moved)).rejects.toMatchObject({ code: 'not-signed-in' });
  });
}
