import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { channelFolder } from '../../../sandbox/index.ts';
import { ask } from './ask.ts';
import { BASELINE } from './final-checks.ts';
import { worldFolder, type Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

/** What is asked of the final candidate by people and machines, until nothing keeps the promotion back. */
export async function playFinalGates(theatre: Theatre, candidate: string): Promise<void> {
  const { types, tell, sandbox } = theatre;
  tell('What people and machines have to say of it. The benchmarks first, whose machine has measured both versions:');
  await measure(theatre, BASELINE, 1);
  await measure(theatre, candidate, 1.01);
  await types('ada-rm', ['perf', 'compare', BASELINE, candidate]);
  tell('What is validated by hand has an issue; whoever has done a part says so under it:');
  await types('ada-rm', ['validation', 'open', RELEASE, '--yes']);
  const number = await validationIssue(theatre);
  for (const [who, item] of [
    ['ines-infra', 'smoke'],
    ['mina-s', 'pages'],
  ] as const)
    await say(sandbox, { who, number, text: `Done ${item} on ${candidate}` });
  await types('ada-rm', ['validation', 'sync', RELEASE, '--yes']);
  tell('Two more sign with their names. A partner without a link to what was seen signs nothing:');
  await types('mina-s', ['gate', 'sign', RELEASE, 'docs-ready', '--yes']);
  await types('jonas-b', ['gate', 'sign', RELEASE, 'cloud-partner', '--yes'], 2);
  const evidence = 'https://partner.example/runs/2718';
  await types('jonas-b', ['gate', 'sign', RELEASE, 'cloud-partner', '--evidence', evidence, '--yes']);
}

/** Twelve repetitions of three benchmarks, a little apart as those of a quiet machine are. */
async function measure({ folder }: Theatre, version: string, factor: number): Promise<void> {
  const place = channelFolder(worldFolder(folder), join('results', 'torchbench', `v${version}`));
  await mkdir(place, { recursive: true });
  const samples = (middle: number): readonly number[] =>
    Array.from({ length: 12 }, (_none, index) => middle * factor * (0.995 + (index % 11) / 1100));
  const benchmarks = [
    ['resnet50-eval_latency', 469.5],
    ['hf_Bert_large-train_latency', 295],
    ['hf_GPT2-eval_latency', 185.7],
  ] as const;
  const results = {
    schema: 'signalbox.benchmarks/1',
    suite: 'torchbench',
    measured: { version, machine: 'bench-1' },
    benchmarks: benchmarks.map(([benchmark, middle]) => ({
      benchmark,
      unit: 'ms',
      better: 'lower',
      samples: samples(middle),
    })),
  };
  await writeFile(join(place, 'run-1.json'), JSON.stringify(results));
}

const Issues = z.array(z.object({ number: z.number(), body: z.string().nullable() }));
const CORE = '/repos/pytorch/pytorch';

async function validationIssue({ sandbox }: Theatre): Promise<number> {
  const issues = Issues.parse(await ask(sandbox, { by: 'ada-rm', path: `${CORE}/issues?state=open&per_page=100` }));
  const found = issues.find(({ body }) => body?.includes(`signalbox:validation ${RELEASE}`));
  if (found === undefined) throw new Error('the validation issue is not in the sandbox');
  return found.number;
}

async function say(
  sandbox: Theatre['sandbox'],
  { who, number, text }: { readonly who: string; readonly number: number; readonly text: string },
): Promise<void> {
  const path = `${CORE}/issues/${number}/comments`;
  await ask(sandbox, { by: who, method: 'POST', path, body: { body: text } });
}
