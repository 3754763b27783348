import type { PlanPageView } from '../../api/views/plan.ts';
import { planHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type PageRoom } from '../doc.ts';
import { reasonField } from './fields.ts';
import { isOver } from './plan-parts.ts';

const MANAGER = ['release-manager'];
const APPROVING = ['release-manager', 'approver'];

/** What can be done with a plan as it stands. */
export function planActions(view: PlanPageView, room: PageRoom): readonly Action[] {
  const { state, approvalsNeeded, applying } = view;
  const isOpen = state === 'made' || state === 'partial';
  return [
    ...(isOpen && approvalsNeeded > 0 ? [approve(view, room), ...revoke(view, room)] : []),
    ...(isOpen ? [apply(view, room)] : []),
    ...(isOpen && applying !== null ? [stop(view, room)] : []),
    ...(state === 'made' ? [drop(view, room)] : []),
    ...(view.done > 0 ? [undo(view, room)] : []),
  ];
}

function approve(view: PlanPageView, room: PageRoom): Action {
  const { id, digest, author, approvedBy } = view;
  const login = room.viewer?.login;
  const own = approvedBy.some(({ by }) => by === login)
    ? `${login ?? ''} has approved it already; somebody else must be the next`
    : null;
  const isAuthor = login === author ? `${author} made plan ${id} and cannot approve it. Other people must` : null;
  return {
    id: 'approve',
    label: 'Approve plan',
    href: `${planHref(id)}/approve`,
    fields: [],
    command: `signalbox plan approve ${id}`,
    undo: 'full',
    barred: barredFrom(room, APPROVING) ?? isAuthor ?? own,
    tells: `You agree to exactly this plan, ${digest}. It starts nothing.`,
  };
}

function revoke({ id, approvedBy }: PlanPageView, room: PageRoom): readonly Action[] {
  if (!approvedBy.some(({ by }) => by === room.viewer?.login)) return [];
  return [
    {
      id: 'revoke',
      label: 'Revoke approval',
      href: `${planHref(id)}/revoke`,
      fields: [reasonField()],
      command: `signalbox plan revoke ${id} -m REASON`,
      undo: 'full',
      barred: barredFrom(room, []),
    },
  ];
}

function apply(view: PlanPageView, room: PageRoom): Action {
  const { id, phrase, permanent, state, counts } = view;
  const confirm = phrase === null ? '' : ` --confirm "${phrase}"`;
  return {
    id: 'apply',
    label: state === 'partial' ? 'Resume plan' : 'Apply plan',
    href: `${planHref(id)}/apply`,
    fields: [],
    command: `signalbox apply ${id}${confirm}`,
    ...(phrase === null ? {} : { phrase }),
    undo: permanent ? 'none' : view.shown.every((step) => step.undo === 'full') ? 'full' : 'partial',
    barred: whyNotApply(view, room),
    tells: `${counts} The world is looked at again first; it is refused where it is not as planned. It goes on whatever becomes of this page.`,
  };
}

/** Why it cannot be carried out now by whoever looks; the use case looks again. */
function whyNotApply(view: PlanPageView, room: PageRoom): string | null {
  const { owners, approvals, approvalsNeeded, freeze, abandoned, applying, asked } = view;
  const isOwner = room.viewer !== null && room.past === null && owners.includes(room.viewer.login);
  const barred = isOwner ? null : barredFrom(room, MANAGER);
  if (barred !== null) return barred;
  if (abandoned !== null) return `${abandoned.what} was abandoned: nothing is carried out with it`;
  if (freeze !== null) return `The train is frozen by @${freeze.by}: ${freeze.reason}`;
  if (applying !== null) return `@${applying.holder} is changing ${view.release} now`;
  if (asked) return 'It was asked for, and begins as soon as a worker is free';
  if (isOver(view, room)) return 'It is too old to be begun: make it again';
  const missing = approvalsNeeded - approvals;
  if (missing <= 0) return null;
  const may =
    view.mayApprove.length === 0
      ? 'nobody: name people under `roles`'
      : view.mayApprove.map((who) => `@${who}`).join(', ');
  return `${missing} more must approve it first: ${may}`;
}

function stop({ id, author }: PlanPageView, room: PageRoom): Action {
  return {
    id: 'stop',
    label: 'Stop plan',
    href: `${planHref(id)}/stop`,
    fields: [reasonField()],
    command: `signalbox plan stop ${id} -m REASON`,
    undo: 'full',
    barred: byAuthorOr(room, author, APPROVING),
    tells: 'The running step is finished, no other is started. It can be gone on with.',
  };
}

function drop({ id, author }: PlanPageView, room: PageRoom): Action {
  return {
    id: 'drop',
    label: 'Drop plan',
    href: `${planHref(id)}/drop`,
    fields: [reasonField()],
    command: `signalbox plan drop ${id} -m REASON`,
    undo: 'partial',
    barred: byAuthorOr(room, author, MANAGER),
    tells: 'Nobody can carry it out any more. The same world gives the same plan again.',
  };
}

function undo({ id, author, permanent }: PlanPageView, room: PageRoom): Action {
  return {
    id: 'undo',
    label: 'Plan undo',
    href: `${planHref(id)}/undo`,
    fields: [],
    command: `signalbox undo ${id}`,
    undo: 'full',
    barred: byAuthorOr(room, author, MANAGER),
    tells: `Writes down a plan that takes back what this one did${permanent ? ', as far as it can be' : ''}. Nothing is carried out yet.`,
  };
}

function byAuthorOr(room: PageRoom, author: string, roles: readonly string[]): string | null {
  return room.past === null && room.viewer?.login === author ? null : barredFrom(room, roles);
}
