import { z } from 'zod';
import { approveAndMergePull, proposeChange } from '../../../sandbox/index.ts';
import { labelItem } from './issues.ts';
import { fileAt, reviewAndMerge, type SandboxRepo } from './neighbours.ts';
import { index, installed, stable } from './promotion-story.ts';
import type { Theatre } from './theatre.ts';
import { LINE, RELEASE } from './train-file.ts';

const WEBSITE: SandboxRepo = { owner: 'pytorch', name: 'pytorch.github.io' };
const DOCS: SandboxRepo = { owner: 'pytorch', name: 'docs' };
const TUTORIALS: SandboxRepo = { owner: 'pytorch', name: 'tutorials' };
const MENU = 'pytorch-versions.json';
const EVIDENCE = 'https://example.com/2-8';

const run = (step: string, ...more: readonly string[]): readonly string[] => ['day', 'run', RELEASE, step, ...more];

/** Two tutorials are submitted in time; answers the numbers of their pull requests. */
export async function submitTutorials({ sandbox, tell }: Theatre): Promise<void> {
  const numbers: number[] = [];
  for (const [by, branch, title] of [
    ['mina-s', 'regional-compilation', 'Compile a model part by part'],
    ['kemi-a', 'export-recipe', 'A recipe for export'],
  ] as const) {
    const files = { [`recipes_source/${branch}.py`]: `"""${title}."""\n` };
    const number = await proposeChange(sandbox, { ...TUTORIALS, by, branch, title, body: `For ${LINE}.`, files });
    await labelItem(sandbox, TUTORIALS, { by, number, labels: [LINE] });
    numbers.push(number);
  }
  tell(`mina-s and kemi-a submit the tutorials of ${LINE}: ${numbers.map((number) => `#${number}`).join(' and ')}.`);
}

/** The day before: the page's pull request, tried against the candidate, and the notes. */
export async function playEve(theatre: Theatre): Promise<void> {
  const { chapter, types, tell } = theatre;
  await chapter('The day before the release: the page, and the notes');
  await types('ada-rm', ['day', 'check', RELEASE], 3);
  tell('The list is in order. Publishing today is refused, and written down:');
  await types('ada-rm', run('pypi', '--yes'), 5);
  await types('ada-rm', run('get-started-proposed', '--yes'));
  await tried(theatre, 'get-started-tested', 'get-started-matrix:tested');
  tell('What nobody can see is said by whoever answers for it, with a link:');
  await types('kemi-a', run('notes', '--yes'), 2);
  await types('kemi-a', run('notes', '--evidence', `${EVIDENCE}/notes`, '--yes'), 3);
}

/** The day, step by step, until the files are public. */
export async function playDay(theatre: Theatre): Promise<void> {
  const { chapter, types } = theatre;
  await chapter('The release day: stable, then the package index');
  await types('ada-rm', run('go', '-m', 'all said go in the sync', '--yes'), 3);
  await types('ada-rm', run('stage', '--yes'));
  await types('ada-rm', ['gate', 'run', RELEASE, 'staged-valid']);
  await stable(theatre, run('stable'));
  await index(theatre, run('pypi'));
  await installed(theatre);
}

/** What comes after the files: page, documentation, tutorials, and telling everybody, to the last step of the day. */
export async function playTelling(theatre: Theatre): Promise<void> {
  const { chapter, types, tell } = theatre;
  await chapter('The release day: page, documentation, tutorials, and telling everybody');
  await tried(theatre, 'get-started-works', 'get-started-matrix:works');
  await theyMerge(theatre);
  await types('cleo-core', run('blog', '--evidence', `${EVIDENCE}/blog`, '--yes'), 3);
  tell('The announcement cannot be taken back, so it is recorded with the place where everybody reads it:');
  await types('cleo-core', ['ask', 'show', RELEASE, 'announcement']);
  await types('cleo-core', ['ask', 'record', RELEASE, 'announcement', '--link', `${EVIDENCE}/announcement`, '--yes']);
  await types('ada-rm', ['ask', 'show', RELEASE, 'colab']);
  await types('ada-rm', ['ask', 'record', RELEASE, 'colab', '--link', `${EVIDENCE}/colab`, '--yes']);
  await types('ada-rm', ['day', 'check', RELEASE]);
  await types('ada-rm', ['release', 'close', RELEASE, '-m', 'it is out', '--yes']);
}

/** A step that tries the page's commands: by pip where it is there, by decision of a person where not. */
async function tried({ types, tell, hasPip }: Theatre, step: string, gate: string): Promise<void> {
  if (hasPip) {
    await types('ada-rm', run(step));
    return;
  }
  tell('pip is not installed on this machine, so nobody can see whether the commands install it: a person decides.');
  const waiver = ['gate', 'waive', RELEASE, gate, '--until', '30d', '--yes'];
  await types('bruno-rm', [...waiver, '--reason', 'no pip here; tried by hand on another machine']);
}

/** What people do elsewhere is seen, and nobody has to say it: each step tells whom it waits for, until it does not. */
async function theyMerge(theatre: Theatre): Promise<void> {
  const { types, tell, sandbox } = theatre;
  await types('ada-rm', run('get-started'), 3);
  const pages = await reviewAndMerge(sandbox, WEBSITE, 'bruno-rm');
  tell(`bruno-rm merges ${pages.map(({ number, title }) => `#${number} ${title}`).join(', ')} of the website.`);
  await types('ada-rm', run('docs'), 3);
  const number = await pointToLine(theatre);
  tell(`mina-s points the documentation to ${LINE} by #${number}, and bruno-rm merges it.`);
  await types('ada-rm', run('tutorials'), 3);
  const tutorials = await reviewAndMerge(sandbox, TUTORIALS, 'bruno-rm');
  tell(`bruno-rm merges the tutorials ${tutorials.map(({ number: one }) => `#${one}`).join(' and ')}.`);
}

/** `stable` leads to the line, and the menu has it first; answers the number of the pull request. */
async function pointToLine({ sandbox }: Theatre): Promise<number> {
  const menu = await fileAt(sandbox, DOCS, { path: MENU, branch: 'site' });
  const url = `https://docs.pytorch.org/docs/${LINE}/`;
  const entry = { name: `v${RELEASE} (stable)`, version: LINE, url };
  const rest = z.array(z.object({ name: z.string() }).loose()).parse(JSON.parse(menu));
  const before = rest.map((one) => ({ ...one, name: one.name.replace(' (stable)', '') }));
  const number = await proposeChange(sandbox, {
    ...DOCS,
    by: 'mina-s',
    branch: `stable-${LINE}`,
    base: 'site',
    title: `stable is ${LINE}`,
    body: 'The release is out.',
    files: {
      [`${LINE}/index.html`]: `<title>PyTorch ${LINE} documentation</title>\n`,
      [MENU]: `${JSON.stringify([entry, ...before], undefined, 2)}\n`,
    },
    symlinks: { stable: LINE },
  });
  await approveAndMergePull(sandbox, { ...DOCS, number, by: 'bruno-rm' });
  return number;
}
