import type { Context } from 'hono';
import { ZodError } from 'zod';
import { appAs } from '../app/app-as.ts';
import type { AppProblem } from '../app/problem.ts';
import { FORM_FIELD } from '../api/form.ts';
import { pageFinder } from './address.ts';
import { admitToAction, type Admission } from './admission.ts';
import { notAdmitted, refusalOf, refuse, type Place, type SiteParts } from './answer.ts';
import type { Identity } from './guard.ts';
import type { ActionInput, AnyAction, Done } from './page.ts';
import { statusOf } from './problems.ts';

type Acted =
  | { readonly ok: true; readonly value: Done }
  | { readonly ok: false; readonly problems: readonly [AppProblem, ...AppProblem[]] };

/** Who acts is who the server made sure of; the use case looks at everything once more. */
async function act(
  parts: SiteParts,
  action: AnyAction,
  given: { readonly who: string; readonly params: ActionInput<unknown>['params']; readonly input: unknown },
): Promise<Acted> {
  const { who, params, input } = given;
  const app = await appAs(parts.app, who, 'write');
  try {
    const done = await action.run({ app, params, input });
    if (done.ok) parts.changed();
    return done;
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const wrong = error.issues.map(({ path, message }) => `${path.join('.') || 'the input'}: ${message}`);
    const text = `This is not as it must be: ${wrong.join('; ')}.`;
    return { ok: false, problems: [{ kind: 'usage', code: 'bad-input', text }] };
  }
}

function paramsOf(context: Context): Readonly<Record<string, string>> {
  const params: Readonly<Record<string, string>> = context.req.param();
  return params;
}

/** An action by the API: JSON, and a token. */
export async function actByApi(context: Context, parts: SiteParts, action: AnyAction): Promise<Response> {
  const request = context.req.raw;
  const identity = await parts.guard.identify(request);
  // A browser's session acts by forms alone: those carry their token.
  if (identity?.how === 'session') {
    const text = 'The API takes a token: Authorization: Bearer.';
    return context.json(refusalOf(context, { code: 'token-needed', text }), 403);
  }
  const admitted = await admitToAction(parts.guard, request, { roles: action.roles, formToken: undefined });
  if (admitted.kind !== 'let-in' || admitted.identity === null) return notAdmitted(context, admitted);
  let input: unknown;
  try {
    input = await context.req.json();
  } catch {
    return context.json(refusalOf(context, { code: 'not-json', text: 'The body is not JSON.' }), 400);
  }
  const { login } = admitted.identity;
  const done = await act(parts, action, { who: login, params: paramsOf(context), input });
  tell(parts, action, login, done);
  if (!done.ok) return context.json(refusalOf(context, done.problems[0]), statusOf(done.problems[0]));
  const { data, said, to } = done.value;
  return context.json({ schema: `signalbox.${action.name}/1`, asOf: null, stale: false, data, said, see: to });
}

/** An action by a form of a page: goes on to the page that shows its effect. */
export async function actByForm(context: Context, parts: SiteParts, action: AnyAction): Promise<Response> {
  const fields = await context.req.parseBody();
  const texts = Object.entries(fields).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const { [FORM_FIELD]: formToken, ...input }: Record<string, string | undefined> = Object.fromEntries(texts);
  const admitted = await admitToAction(parts.guard, context.req.raw, { roles: action.roles, formToken });
  if (admitted.kind !== 'let-in' || admitted.identity === null) {
    const { guard } = parts;
    return refuseForm(context, parts, await guard.identify(context.req.raw), admitted);
  }
  const { identity } = admitted;
  const done = await act(parts, action, { who: identity.login, params: paramsOf(context), input });
  tell(parts, action, identity.login, done);
  if (!done.ok) return refuse(context, parts, aside(identity), { ...done, back: pageAbove(context, parts) });
  const to = new URL(done.value.to, 'http://page.invalid');
  to.searchParams.set('said', done.value.said);
  return context.redirect(`${to.pathname}${to.search}`, 303);
}

function tell({ log }: SiteParts, { name }: AnyAction, who: string, done: Acted): void {
  log('acted', { action: name, who, ok: done.ok, ...(done.ok ? {} : { refused: done.problems[0].code }) });
}

/** Where the no of a form is shown: at no page in particular. */
function aside(identity: Identity | null): Place {
  return { path: '/', form: 'html', identity };
}

/** The page that the action is of: `/plans/p1` of `/plans/p1/apply`. */
function pageAbove(context: Context, { pages }: SiteParts): string {
  const find = pageFinder(pages);
  const segments = new URL(context.req.url).pathname.split('/');
  while (segments.length > 2) {
    segments.pop();
    const path = segments.join('/');
    if (find(path, new URLSearchParams()) !== null) return path;
  }
  return '/';
}

/** A page that says why; the status is that of the admission. */
function refuseForm(
  context: Context,
  parts: SiteParts,
  identity: Identity | null,
  admitted: Admission,
): Promise<Response> {
  const text = admitted.kind === 'refused' ? admitted.text : 'Sign in first.';
  const status = admitted.kind === 'refused' ? admitted.status : 401;
  return refuse(context, parts, aside(identity), {
    problems: [{ kind: 'not-allowed', code: 'not-admitted', text }],
    status,
    back: pageAbove(context, parts),
  });
}
