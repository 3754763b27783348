import { fillText } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf } from '../../domain/version.ts';
import type { CutFacts } from './read.ts';
import { trackerMarker } from './tracker-marker.ts';

/** The body of the tracker issue: the branches, how to ask for a pick, what is taken. Everything of it may be edited by people but the marker. */
export function trackerBody(facts: CutFacts, train: Train): string {
  const { release, repos } = facts;
  const rows = repos.map(({ repo }) => {
    const name = repo.entry.slug ?? repo.key;
    const when = repo.entry.role === 'domain' ? 'after the first candidate of core' : 'with this issue';
    return `| ${name} | \`${repo.branch}\` | ${repo.release} | ${when} |`;
  });
  const managers = train.roles['release-manager'].map((login) => `@${login}`).join(', ');
  return [
    `<!-- ${trackerMarker(release)} -->`,
    `This issue tracks what goes into ${train.title} ${release} after the branch cut.`,
    '',
    '| repository | branch | version | cut |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## How to ask for a cherry-pick',
    '',
    '1. Land the change on the default branch first.',
    `2. Open a pull request with the same change against the release branch (${fillText(train.branches.release, { release })}).`,
    '3. Comment here in this form:',
    '',
    '```text',
    'Link to landed trunk PR (if applicable):',
    '* ',
    '',
    'Link to release branch PR:',
    '* ',
    '',
    'Criteria Category:',
    '* ',
    '```',
    '',
    '## What is taken',
    '',
    `1. Fixes of regressions against the release before ${lineOf(release)}.`,
    '2. Critical fixes of low risk: silently wrong results, broken compatibility, crashes, deadlocks, large memory leaks.',
    '3. Fixes of features that are new in this release.',
    '4. Documentation.',
    '5. Changes that only the release branch needs.',
    '',
    `A release manager decides: ${managers === '' ? 'the train file names none yet' : managers}.`,
    '',
  ].join('\n');
}
