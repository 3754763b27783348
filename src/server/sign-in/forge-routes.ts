import { createHash, createHmac } from 'node:crypto';
import type { Context } from 'hono';
import { newSecret } from '../../app/sign-in/secret.ts';
import { failureCode } from '../../domain/observation.ts';
import { addSeconds } from '../../domain/instant.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { App } from '../../app/app.ts';
import { backPath } from './back-path.ts';
import { clearCookie, readAttempt, writeAttempt } from './cookies.ts';
import { isSame } from './form-token.ts';
import { failedDoc } from './pages.ts';
import type { Entrance } from './entrance.ts';

export const CALLBACK_PATH = '/sign-in/forge/callback';
type ForgeSignIn = NonNullable<App['signIn']>;

const ATTEMPT_SECONDS = 600;
/** What the forge sends back; longer or other things were not sent by it. */
const CODE = /^[A-Za-z0-9._~-]{1,200}$/;
const STATE = /^[A-Za-z0-9_-]{43}$/;

/** The verifier of PKCE, made of what only the browser holds: nothing that could be used is kept here. */
function verifierOf(browser: string, state: string): string {
  return createHmac('sha256', browser).update(`signalbox pkce ${state}`).digest('base64url');
}

/** Sends the browser to the forge. */
export async function beginAtForge(entrance: Entrance, forge: ForgeSignIn, context: Context): Promise<Response> {
  const { app, outside } = entrance;
  const [state, browser] = [newSecret(), newSecret()];
  const until = addSeconds(app.clock.now(), ATTEMPT_SECONDS);
  const sessions = await app.sessions();
  // Whoever may begin may be anybody: what is over is swept out by whoever comes next.
  await sessions.forget(app.clock.now());
  const back = backPath(context.req.query('back'));
  await sessions.attempts.add(hashOfSecret(state), { browser: hashOfSecret(browser), back, until });
  writeAttempt(context, outside(), browser);
  const challenge = createHash('sha256').update(verifierOf(browser, state)).digest('base64url');
  const redirect = `${outside().origin}${CALLBACK_PATH}`;
  return context.redirect(forge.authorizeUrl({ state, challenge, redirect }), 303);
}

/** Takes the browser back from the forge. */
export async function endAtForge(entrance: Entrance, forge: ForgeSignIn, context: Context): Promise<Response> {
  const { app, outside, log } = entrance;
  const [state, code] = [context.req.query('state') ?? '', context.req.query('code') ?? ''];
  const browser = readAttempt(context.req.raw.headers, outside());
  clearCookie(context, outside(), 'attempt');
  const refused = (text: string): Response =>
    entrance.show(context, failedDoc(text, 'An attempt is good once, for ten minutes, in one browser.'), 400);
  if (browser === null || !STATE.test(state)) return refused('No attempt to sign in was begun in this browser.');
  // Taken out before anything else is looked at: whatever comes of it, it is not good again.
  const attempt = await (await app.sessions()).attempts.take(hashOfSecret(state), app.clock.now());
  if (attempt === null) return refused('This attempt to sign in is over, or was used before.');
  if (!isSame(attempt.browser, hashOfSecret(browser))) return refused('This attempt was begun in another browser.');
  if (context.req.query('error') !== undefined) return refused('At the forge it was not agreed to.');
  if (!CODE.test(code)) return refused('The forge sent no code.');
  const redirect = `${outside().origin}${CALLBACK_PATH}`;
  try {
    const login = await forge.loginOf({ code, verifier: verifierOf(browser, state), redirect });
    return await entrance.letIn(context, { login, how: 'forge', back: attempt.back });
  } catch (error) {
    const kind = failureCode(error);
    if (kind === null || !(error instanceof Error)) throw error;
    log('sign-in-failed', { reason: error.message });
    if (kind === 'not-signed-in') return refused('The forge did not take its own code back.');
    const doc = failedDoc('The forge could not be asked who you are.', 'Try again in a minute.');
    return entrance.show(context, doc, 502);
  }
}
