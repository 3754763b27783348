import { z } from 'zod';
import type { App } from '../../app/app.ts';
import { requestPick, requestReverts, showPick, type PickAnswer, type RequestInput } from '../../app/picks.ts';
import type { AppProblem } from '../../app/problem.ts';
import { parseRelease } from '../../app/releases.ts';
import { planHref } from '../../domain/page-path.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { many } from '../../domain/words.ts';
import { actionOf, type AnyAction, type Done } from '../page.ts';
import { changeNamed, changeOf, doneTo } from './pick-name.ts';

const Onto = z.string().min(1).max(240);
const Request = z.object({
  onto: Onto,
  class: z.string().min(1).max(40),
  fixes: z.string().trim().max(300).default(''),
});

type Asked = Omit<RequestInput, 'dryRun' | 'onto'> & { readonly repo: string; readonly onto: string };

/** Asks for one pick; what has to be pushed is planned, and waits to be applied. */
async function ask(app: App, { onto, ...asked }: Asked): Promise<Result<Done, AppProblem>> {
  const answers = await requestPick(app, { ...asked, onto: [onto], dryRun: false });
  if (!answers.ok) return answers;
  const [answer] = answers.value;
  if (answer === undefined) throw new Error('a request for one branch had no answer');
  return doneOf(asked, answer);
}

function doneOf(asked: { readonly repo: string; readonly pr: number }, answer: PickAnswer): Result<Done, AppProblem> {
  const { onto, outcome } = answer;
  if (!outcome.ok) return outcome;
  const name = `${asked.repo} #${asked.pr} onto ${onto}`;
  const { value } = outcome;
  switch (value.kind) {
    case 'waits-for-merge':
      return succeed(doneTo(asked, `Asked for ${name}; it is picked once it is merged on main.`, { kind: value.kind }));
    case 'underway':
      return succeed(
        doneTo(asked, `${name} is under way: #${value.pull}.`, {
          kind: value.kind,
          pull: value.pull,
          link: value.link,
        }),
      );
    case 'planned': {
      const { planned, does } = value;
      if (planned.kind !== 'planned') return succeed(doneTo(asked, planned.why, { kind: planned.kind }));
      const { id } = planned.view.plan;
      const what = does === 'pick' ? 'Asked for' : 'Asked for the revert of';
      const said = `${what} ${name}. Plan ${id} makes it; nothing is pushed before it is applied.`;
      return succeed({ to: planHref(id), said, data: { kind: 'planned', plan: id, does } });
    }
  }
}

const requestOf = actionOf<z.infer<typeof Request>>({
  name: 'pick-request',
  path: '/pr/:repo/:number/request',
  summary: 'Ask for a change to be picked onto a release branch',
  roles: [],
  schema: Request,
  run: async ({ app, params, input }) => {
    const change = changeOf(params);
    if (!change.ok) return change;
    return ask(app, { ...change.value, onto: input.onto, class: input.class, fixes: issueOf(input.fixes) });
  },
});

const requestNamed = actionOf<z.infer<typeof Request> & { readonly repo: string; readonly pr: string }>({
  name: 'pick-request-named',
  path: '/r/:release/picks/request',
  summary: 'Ask for a change that is named in the form to be picked onto a release branch',
  roles: [],
  schema: Request.extend({ repo: z.string().min(1).max(40), pr: z.string().min(1).max(20) }),
  run: async ({ app, input }) => {
    const change = changeNamed(input.repo, input.pr);
    if (!change.ok) return change;
    return ask(app, { ...change.value, onto: input.onto, class: input.class, fixes: issueOf(input.fixes) });
  },
});

function issueOf(fixes: string): string | null {
  return fixes === '' ? null : fixes;
}

const retry = actionOf<{ readonly onto: string }>({
  name: 'pick-retry',
  path: '/pr/:repo/:number/retry',
  summary: 'Try a pick again, as it was asked for',
  roles: [],
  schema: z.object({ onto: Onto }),
  run: async ({ app, params, input: { onto } }) => {
    const change = changeOf(params);
    if (!change.ok) return change;
    const pick = await showPick(app, { ...change.value, onto });
    if (!pick.ok) return pick;
    return ask(app, { ...change.value, onto, class: pick.value.record.class, fixes: pick.value.record.fixes });
  },
});

const reverts = actionOf<Record<string, never>>({
  name: 'reverts-request',
  path: '/r/:release/reverts/request',
  summary: 'Ask for the revert of everything that main took back and the branches of a release still have',
  roles: [],
  schema: z.object({}),
  run: async ({ app, params }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const requests = await requestReverts(app, { release: release.value, dryRun: false });
    if (!requests.ok) return requests;
    const outcomes = requests.value.flatMap((each) => (each.asked ? [doneOf(each.request, each.answer)] : []));
    const done = outcomes.flatMap((each) => (each.ok ? [each.value] : []));
    const refused = outcomes.flatMap((each) => (each.ok ? [] : each.problems));
    const [first, second] = done;
    if (first === undefined) {
      const [problem, ...rest] = refused;
      if (problem !== undefined) return refuse(problem, ...rest);
      const text = `${release.value} has no revert to make: each is undecided, waits for a reland, or is not proven. See: signalbox pick reverts ${release.value}`;
      return refuse({ kind: 'refused', code: 'no-revert-to-make', text });
    }
    const not = refused.length === 0 ? '' : ` ${refused.length} refused: ${refused.map(({ text }) => text).join(' ')}`;
    return succeed({
      to: second === undefined ? first.to : '/plans',
      said:
        second === undefined
          ? `${first.said}${not}`
          : `Asked for ${many(done.length, 'revert')}, each with a plan.${not}`,
      data: { done: done.map(({ data }) => data), refused: refused.map(({ code, text }) => ({ code, text })) },
    });
  },
});

export const PICK_REQUESTS: readonly AnyAction[] = [requestOf, requestNamed, retry, reverts];
