import { z } from 'zod';
import type { Delivery } from '../domain/delivery.ts';
import { ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import { RepoSlug } from '../domain/repo.ts';

// What the forge sends, of which only the fields that are used.

const Login = z
  .object({ login: z.string().min(1) })
  .nullish()
  .transform((account) => account?.login ?? 'ghost');
const Common = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: RepoSlug }),
  sender: Login,
});
const Num = z.int().positive();
const Issue = z.object({ number: Num, pull_request: z.looseObject({}).nullish() });
const NONE = '0'.repeat(40);
const Commit = z.union([z.literal(NONE).transform(() => null), ObjectId]);

const CommentPayload = Common.extend({
  issue: Issue,
  comment: z.object({ id: Num, body: z.string().nullish(), user: Login }),
});
const IssuePayload = Common.extend({ issue: Issue });
const PullPayload = Common.extend({
  pull_request: z.object({
    number: Num,
    merged: z.boolean().nullish(),
    merge_commit_sha: ObjectId.nullish(),
    base: z.object({ ref: z.string() }),
  }),
});
const ReviewPayload = Common.extend({ pull_request: z.object({ number: Num }) });
const PushPayload = Common.extend({ ref: z.string(), before: Commit, after: Commit });
const CheckPayload = Common.extend({ check_run: z.object({ head_sha: ObjectId }) });
const StatusPayload = Common.extend({ sha: ObjectId });
const RunPayload = Common.extend({ workflow_run: z.object({ head_sha: ObjectId }) });

/** What came of reading a payload. `ignored`: nothing here is done about such an event. `invalid`: it is not as documented. */
export type ReadPayload =
  | { readonly kind: 'taken'; readonly delivery: Delivery; readonly keys: readonly [string, ...string[]] }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'invalid'; readonly why: string };

/** The name of a delivery, the moment it came, and what it says. */
export interface Arrived {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  readonly at: Instant;
}

type Head = Pick<Delivery, 'id' | 'repo' | 'by' | 'at'>;

function headOf({ id, at }: Arrived, { repository, sender }: z.infer<typeof Common>): Head {
  return { id, at, repo: repository.full_name, by: sender };
}

function taken(delivery: Delivery, ...more: readonly string[]): ReadPayload {
  return { kind: 'taken', delivery, keys: [`delivery ${delivery.id}`, ...more] };
}

const ignored = (why: string): ReadPayload => ({ kind: 'ignored', why });

function parse<Body>(schema: z.ZodType<Body>, arrived: Arrived, read: (body: Body) => ReadPayload): ReadPayload {
  const result = schema.safeParse(arrived.payload);
  if (result.success) return read(result.data);
  const [first] = result.error.issues;
  const place = first === undefined || first.path.length === 0 ? 'the payload' : first.path.map(String).join('.');
  return { kind: 'invalid', why: `${place} is not as documented for ${arrived.event}` };
}

function comment(arrived: Arrived): ReadPayload {
  return parse(CommentPayload, arrived, (body) => {
    // An edit or a deletion is no command.
    if (body.action !== 'created') return ignored('only written comments count');
    const { id, body: text, user } = body.comment;
    const item = { item: body.issue.number, isPullRequest: (body.issue.pull_request ?? null) !== null };
    const delivery: Delivery = {
      ...headOf(arrived, body),
      by: user,
      event: 'comment-written',
      ...item,
      comment: id,
      body: text ?? '',
    };
    // Two webhooks, of an app and of a repository, tell of one comment under two names.
    return taken(delivery, `comment ${delivery.repo} ${id}`);
  });
}

const ITEM_ACTIONS = new Set([
  'opened',
  'closed',
  'reopened',
  'edited',
  'labeled',
  'unlabeled',
  'milestoned',
  'demilestoned',
  'synchronize',
  'ready_for_review',
  'converted_to_draft',
  'deleted',
  'transferred',
]);

function issue(arrived: Arrived): ReadPayload {
  return parse(IssuePayload, arrived, (body) => {
    const what = body.action ?? '';
    if (!ITEM_ACTIONS.has(what)) return ignored(`nothing is done about "${what}"`);
    return taken({
      ...headOf(arrived, body),
      event: 'item-changed',
      what,
      item: body.issue.number,
      isPullRequest: false,
    });
  });
}

function pull(arrived: Arrived): ReadPayload {
  return parse(PullPayload, arrived, (body) => {
    const what = body.action ?? '';
    const { number: item, merged, merge_commit_sha: commit, base } = body.pull_request;
    const head = headOf(arrived, body);
    if (what === 'closed' && merged === true) {
      return taken({ ...head, event: 'pull-merged', item, base: base.ref, commit: commit ?? null });
    }
    if (!ITEM_ACTIONS.has(what)) return ignored(`nothing is done about "${what}"`);
    return taken({ ...head, event: 'item-changed', what, item, isPullRequest: true });
  });
}

const READERS: Readonly<Record<string, (arrived: Arrived) => ReadPayload>> = {
  issue_comment: comment,
  issues: issue,
  pull_request: pull,
  pull_request_review: (arrived) =>
    parse(ReviewPayload, arrived, (body) =>
      taken({ ...headOf(arrived, body), event: 'reviewed', item: body.pull_request.number }),
    ),
  push: (arrived) =>
    parse(PushPayload, arrived, (body) =>
      taken({ ...headOf(arrived, body), event: 'pushed', ref: body.ref, from: body.before, to: body.after }),
    ),
  check_run: (arrived) =>
    parse(CheckPayload, arrived, (body) => {
      if (body.action !== 'completed') return ignored('only the end of a check counts');
      return taken({ ...headOf(arrived, body), event: 'checks-changed', commit: body.check_run.head_sha });
    }),
  status: (arrived) =>
    parse(StatusPayload, arrived, (body) =>
      taken({ ...headOf(arrived, body), event: 'checks-changed', commit: body.sha }),
    ),
  workflow_run: (arrived) =>
    parse(RunPayload, arrived, (body) => {
      if (body.action !== 'completed') return ignored('only the end of a run counts');
      return taken({ ...headOf(arrived, body), event: 'checks-changed', commit: body.workflow_run.head_sha });
    }),
};

/** Events of a webhook that something is done about; a webhook set up for others too is fine. */
export const HEEDED_EVENTS: readonly string[] = Object.keys(READERS);

/** Reads what the forge sent. What is not heeded is ignored whatever it looks like. */
export function readPayload(arrived: Arrived): ReadPayload {
  const reader = Object.hasOwn(READERS, arrived.event) ? READERS[arrived.event] : undefined;
  return reader === undefined ? ignored(`nothing is done about the event ${arrived.event}`) : reader(arrived);
}
