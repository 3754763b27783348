import type { Role } from '../domain/train/train.ts';
import type { Guard, Identity } from './guard.ts';

/** Whether a request is gone on with. */
export type Admission =
  | { readonly kind: 'let-in'; readonly identity: Identity | null }
  /** A browser: it is sent there. */
  | { readonly kind: 'sign-in'; readonly to: string }
  /** 401: by nobody; 403: by somebody who may not. */
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly text: string };

type Asking = Pick<Guard, 'identify' | 'mayRead' | 'isOwnForm' | 'signInPath'>;

const WHO = 'It is not known who you are: sign in, or send a token as Authorization: Bearer.';

/** Whether a request was made by a person who looks at pages, and not by a program. */
function isBrowsing({ method, headers }: Request): boolean {
  const wantsPage = headers.get('accept')?.includes('text/html') === true;
  return (method === 'GET' || method === 'HEAD') && wantsPage && headers.get('authorization') === null;
}

function refused(status: 401 | 403, text: string): Admission {
  return { kind: 'refused', status, text };
}

/** Whether whoever asks may see a page, in whatever form: HTML, text, JSON, live rows. */
export async function admitToPage(guard: Asking, request: Request): Promise<Admission> {
  const identity = await guard.identify(request);
  if (guard.mayRead(identity)) return { kind: 'let-in', identity };
  if (identity !== null)
    return refused(403, `The train gives ${identity.login} no role, which it asks of its readers.`);
  if (!isBrowsing(request)) return refused(401, WHO);
  const { pathname, search } = new URL(request.url);
  return { kind: 'sign-in', to: guard.signInPath(`${pathname}${search}`) };
}

/** Something that is to be done. */
export interface Acting {
  /** Any of them; none: whoever may read. */
  readonly roles: readonly Role[];
  /** What the form carries; a token needs none. */
  readonly formToken: string | undefined;
}

/** Whether whoever asks may do something. The use case looks again at the roles, and at everything else. */
export async function admitToAction(guard: Asking, request: Request, { roles, formToken }: Acting): Promise<Admission> {
  const identity = await guard.identify(request);
  if (identity === null) return refused(401, WHO);
  if (identity.how === 'session' && !(await guard.isOwnForm(request, formToken)))
    return refused(403, 'This form is not of your session, or does not come from a page of ours. Load the page again.');
  if (identity.scope !== 'write') return refused(403, 'This token only reads.');
  if (!guard.mayRead(identity))
    return refused(403, `The train gives ${identity.login} no role, which it asks of its readers.`);
  if (roles.length > 0 && !roles.some((role) => identity.roles.includes(role)))
    return refused(403, `This needs the role ${roles.join(' or ')}, and ${identity.login} does not have it.`);
  return { kind: 'let-in', identity };
}
