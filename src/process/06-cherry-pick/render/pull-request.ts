import { shortId, type ObjectId } from '../../../domain/git-names.ts';
import type { RepoSlug } from '../../../domain/repo.ts';
import { pickName } from '../../../domain/pick.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { PickAnswer } from '../../../ports/git.ts';
import type { ChangeHistory } from '../facts.ts';
import type { PickTarget } from '../target.ts';
import { code, inline, plainLine } from './escape.ts';

export interface PullText {
  readonly train: Train;
  readonly target: PickTarget;
  readonly request: { readonly pr: number; readonly class: string; readonly fixes: string | null; readonly by: string };
  readonly change: { readonly title: string; readonly author: string };
  readonly does: 'pick' | 'revert';
  readonly commits: readonly ObjectId[];
  readonly made: Extract<PickAnswer, { readonly picked: true }>;
  readonly history: ChangeHistory;
}

/** `[release/2.14] [MPS] Fix x (#1234)`: the line first, then the title on main with its number (ENG-10). Titles are plain text on the forge. */
export function pullTitle({ target, request, change, does }: PullText): string {
  const own = plainLine(change.title, 200).replace(new RegExp(`\\s*\\(#${request.pr}\\)$`), '');
  const title = `${own} (#${request.pr})`;
  return `[${target.branch}] ${does === 'revert' ? `Revert "${title}"` : title}`;
}

/**
 * The first line links the change and its commit; the last lines are the trailers of the commits, which the forge takes into a squash: they are
 * what proves later that the line has the change.
 */
export function pullBody(text: PullText): string {
  const { train, target, request, change, does, made } = text;
  const { slug } = target.repo.entry;
  const rule = train.picks.classes[request.class];
  const fixes = request.fixes === null ? '' : `, fixes ${fixesText(request.fixes)}`;
  const conflicts = made.conflicts.map(({ path, kind }) => `- ${code(path)} (${inline(kind)})`);
  const trailers =
    does === 'pick'
      ? made.made.map(({ of }) => `(cherry picked from commit ${of})`)
      : made.made.map(({ of }) => `This reverts commit ${of}.`);
  return [
    firstLine(text, slug),
    '',
    `Class: ${rule?.title ?? inline(request.class)}${fixes}. Author: ${inline(change.author)}; asked for by ${inline(request.by)}.`,
    ...(made.empty.length === 0
      ? []
      : ['', `Left out, their change is there already: ${made.empty.map(shortId).join(', ')}.`]),
    ...made.regenerated.map(
      ({ of, rule, paths }) =>
        `\nMade again for ${shortId(of)} by ${code(rule.command.join(' '))}, where it conflicted: ${paths.map((path) => code(path)).join(', ')}.`,
    ),
    ...(conflicts.length === 0
      ? []
      : [
          '',
          '**This draft holds a conflict with its markers.** Resolve it here before it is reviewed:',
          '',
          ...conflicts,
        ]),
    '',
    `<!-- signalbox:pick ${pickName({ repo: target.repo.key, pr: request.pr, onto: target.branch })} -->`,
    '',
    ...trailers,
    '',
  ].join('\n');
}

function firstLine({ target, request, does, commits, history }: PullText, slug: RepoSlug | undefined): string {
  const number = slug === undefined ? `#${request.pr}` : `${slug}#${request.pr}`;
  const ids = commits.join(', ');
  if (does === 'pick') return `Cherry-pick of ${number}, ${ids}, onto ${code(target.branch)}.`;
  return `Revert of ${number} on ${code(target.branch)}, ${ids}: main took it back by ${history.revertedOnMain?.by ?? 'a revert'}.`;
}

/** A link is left a link, as it was typed; anything else is shown as text. */
function fixesText(fixes: string): string {
  return /^(?:https?:\/\/[^\s<>()[\]"'\\`|]+|(?:[\w.-]+\/[\w.-]+)?#\d+)$/i.test(fixes) ? fixes : inline(fixes);
}
