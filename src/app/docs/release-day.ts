import type { Ask } from '../../domain/train/asks.ts';
import type { DayStep } from '../../domain/train/day-step.ts';
import { many } from '../../domain/words.ts';
import type { Train } from '../../domain/train/train.ts';
import { markdownTable } from '../../process/01-plan/index.ts';
import { bullets, code, fenced, enumerated, type Section } from './document.ts';
import { repoCalled, repoLink, spanText } from './repos.ts';

/** What the day needs, and its list. Seed: "Additional Steps to prepare for release day". */
export function releaseDay(train: Train): Section {
  const { getStarted, steps } = train.releaseDay;
  const page = getStarted === undefined ? null : repoCalled(train, getStarted.repo);
  return {
    title: 'Additional Steps to prepare for release day',
    body:
      steps.length === 0
        ? []
        : [
            'The day is a list in strict order: a step waits for every step before it. Steps of kind auto and gate are seen, manual ones are said by a person.',
            markdownTable(
              ['Step', 'Kind', 'Day', 'Who', 'Way back'],
              steps.map((step) => [
                `${step.title}${spanText(step)}`,
                kindText(step),
                dayText(step),
                ownerText(train, step.owner),
                step.undo,
              ]),
            ),
            fenced(['signalbox day check X.Y.Z', 'signalbox day run X.Y.Z STEP']),
          ],
    parts: [
      {
        title: 'Modify release matrix',
        body:
          getStarted === undefined || page === null
            ? []
            : [
                `The files of the get-started page lie in ${repoLink(train, page)}. They are written by a pull request, ${code(getStarted.title)}, from the support matrix; its commands are tried against the candidate before, and against the release after. It is merged on the day itself (\`get-started-matrix\`).`,
              ],
      },
    ],
  };
}

function kindText(step: DayStep): string {
  switch (step.kind) {
    case 'auto':
      return `auto: ${code(step.does)}`;
    case 'gate':
      return `gate: ${enumerated(step.gates.map(code))}`;
    case 'manual':
      return step.evidence ? 'manual, with a link' : 'manual';
  }
}

function dayText({ days, at }: DayStep): string {
  const day =
    days === 0
      ? 'release day'
      : `${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'} ${days < 0 ? 'before' : 'after'}`;
  return at === undefined ? day : `${day}, ${at} UTC`;
}

/** The workstream's title, or a login as it is. */
function ownerText(train: Train, owner: string | undefined): string {
  if (owner === undefined) return 'release managers';
  return train.workstreams[owner]?.title ?? owner;
}

/** What is asked of people outside of the train: a part each. Seed: "Open Google Colab issue", the ask for Triton. */
export function asked(train: Train): Section {
  const asks = Object.entries(train.asks);
  return {
    title: 'What is asked of others',
    body:
      asks.length === 0
        ? []
        : [
            'Done is seen, not remembered; its owner is reminded.',
            fenced(['signalbox ask list X.Y.Z', 'signalbox ask show X.Y.Z NAME', 'signalbox ask send X.Y.Z NAME']),
          ],
    parts: asks.map(([name, ask]) => ({
      title: `Ask ${ask.to}: ${ask.title}`,
      body: [
        ...bullets([
          `Gate: \`ask:${name}\``,
          `For ${ask.releases === 'every' ? 'every release' : `${ask.releases} releases`}${spanText(ask)}, by ${ownerText(train, ask.owner)}`,
          `Asked ${whenText(ask)}, ${ask.sent.way === 'issue' ? `as an issue in ${code(ask.sent.repo)}` : 'by a person, who records where'}`,
          `Due ${ask.due.days === 0 ? 'on the day of' : `${many(ask.due.days, 'day')} before`} the ${ask.due.before}`,
          ...(ask.permanent ? ['Cannot be taken back: two others approve it'] : []),
          ...(ask.checkLinks ? ['Its links are looked at before it is sent'] : []),
          ...(ask.holds === null ? [] : [`Holds up: ${ask.holds}`]),
        ]),
        ...quoted(train.texts[ask.text]),
      ],
    })),
  };
}

function whenText({ after }: Ask): string {
  switch (after) {
    case 'at-once':
      return 'at once';
    case 'cut':
      return 'once the release branch is cut';
    case 'final':
      return 'once a candidate is final';
    case 'released':
      return 'once the release is out';
  }
}

function quoted(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [fenced(text.trimEnd().split('\n'))];
}

/** Seed: "Submitting Tutorials". */
export function tutorials(train: Train): Section | null {
  const policy = train.tutorials;
  if (policy === undefined) return null;
  const repo = repoCalled(train, policy.repo);
  return {
    title: 'Submitting Tutorials',
    body: [
      ...bullets([
        `Where: ${repo === null ? code(policy.repo) : repoLink(train, repo)}`,
        `Until: ${policy.daysBeforeRelease} days before the release`,
        policy.picks ? 'They can be cherry-picked.' : 'They are not cherry-picked.',
      ]),
      ...(train.texts['tutorials'] === undefined ? [] : [train.texts['tutorials'].trim()]),
    ],
  };
}
