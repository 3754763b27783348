import { expect, it } from 'vitest';
import { smallTrain } from '../testing/small-train.ts';
import { releaseDayContradictions } from './release-day-checks.ts';
import { keyText } from './tree.ts';

const MORE = {
  artifacts: {
    accelerators: { cpu: { title: 'CPU', name: 'cpu' } },
    platforms: { linux: { system: 'Linux', architecture: 'x86_64' } },
  },
  workstreams: { releng: { title: 'Release Eng' } },
};
const PAGE = { repo: 'core', systems: { linux: 'linux' }, accelerators: [{ accelerator: 'cpu', slots: ['accnone'] }] };
const step = (more: object) => ({ id: 'a', title: 'A', kind: 'manual', ...more });

function told(releaseDay: object): readonly string[] {
  return releaseDayContradictions(smallTrain({}, { ...MORE, releaseDay })).map(
    ({ path, text }) => `${keyText(path)}: ${text}`,
  );
}

it.each<readonly [string, object, readonly string[]]>([
  ['nothing', { getStarted: PAGE, steps: [step({ owner: 'releng' })] }, []],
  [
    'a repository',
    { getStarted: { ...PAGE, repo: 'site' } },
    ['releaseDay.getStarted.repo: site is none that the train has'],
  ],
  [
    'a platform',
    { getStarted: { ...PAGE, systems: { linux: 'linus' } } },
    ['releaseDay.getStarted.systems.linux: linus is none that the train has'],
  ],
  [
    'an accelerator, and a button that stands for two',
    { getStarted: { ...PAGE, accelerators: [...PAGE.accelerators, { accelerator: 'gpu', slots: ['accnone'] }] } },
    [
      'releaseDay.getStarted.accelerators[1].accelerator: gpu is none that the train has',
      'releaseDay.getStarted.accelerators: the button accnone stands for two builds',
    ],
  ],
  [
    'a workstream',
    { steps: [step({ owner: 'marketing' })] },
    ['releaseDay.steps[0].owner: marketing is none that the train has'],
  ],
  [
    'gates of what is not there',
    { steps: [step({ kind: 'gate', gates: ['docs-pointer', 'tutorials', 'ask:hosts'] })] },
    [
      'releaseDay.steps[0].gates: it is about where the documentation is shown from, and releaseDay.docs is not there',
      'releaseDay.steps[0].gates: it is about tutorials by their label or milestone, and tutorials.label is not there',
      'releaseDay.steps[0].gates: the train has no ask hosts',
    ],
  ],
  [
    'a repository of the documentation, and who sees to it',
    { docs: { repo: 'site', owner: 'docs' } },
    ['releaseDay.docs.repo: site is none that the train has', 'releaseDay.docs.owner: docs is none that the train has'],
  ],
  [
    'a page that is not there',
    { steps: [step({ kind: 'gate', gates: ['get-started-matrix:merged'] })] },
    ['releaseDay.steps[0].gates: it is about the get-started page, and releaseDay.getStarted is not there'],
  ],
])('tells what of the release day leads nowhere: %s', (_name, releaseDay, expected) => {
  expect(told(releaseDay)).toEqual(expected);
});
