import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { isList, isRecord, textOf } from './value.ts';
import type {
  PushTrigger,
  UsedReference,
  Workflow,
  WorkflowJob,
  WorkflowPlace,
  WorkflowProblem,
  WorkflowValue,
} from './workflow.ts';

/** Bytes; GitHub takes no larger ones (the largest of PyTorch has a quarter). */
const LARGEST = 1024 * 1024;
const MOST_ALIASES = 100;

interface Reading {
  readonly path: string;
  readonly lines: LineCounter;
  readonly problems: WorkflowProblem[];
  readonly resolve: (node: unknown) => Node | null;
}

/** Reads a workflow file. Every mistake that makes it unusable is told, with its line; keys that a release does not ask about are left alone. */
export function readWorkflow(path: string, text: string): Result<Workflow, WorkflowProblem> {
  if (text.length > LARGEST) return refuse({ at: { path, line: 1 }, text: `is larger than ${LARGEST / 1024} KiB` });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  const [first] = document.errors;
  if (first !== undefined)
    return refuse({
      at: { path, line: lines.linePos(first.pos[0]).line },
      text: `is no YAML: ${firstLine(first.message)}`,
    });
  if (aliasesIn(text) > MOST_ALIASES)
    return refuse({ at: { path, line: 1 }, text: `has more than ${MOST_ALIASES} aliases` });
  const resolve = (node: unknown): Node | null => {
    const real = isAlias(node) ? node.resolve(document) : node;
    return isNode(real) ? real : null;
  };
  const reading: Reading = { path, lines, problems: [], resolve };
  const root = resolve(document.contents);
  if (!isMap(root)) return refuse({ at: { path, line: 1 }, text: 'is no workflow: it holds no keys' });
  const workflow = workflowOf(reading, root);
  const [problem, ...more] = reading.problems;
  return problem === undefined ? succeed(workflow) : refuse(problem, ...more);
}

/** A star at the beginning of a value: at most so many aliases. */
function aliasesIn(text: string): number {
  return text.match(/[\s:[,-]\*[A-Za-z0-9_-]+/g)?.length ?? 0;
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? text;
}

function placeOf({ path, lines }: Reading, node: Node | null): WorkflowPlace {
  const from = node?.range?.[0];
  return { path, line: from === undefined ? 1 : lines.linePos(from).line };
}

function tell(reading: Reading, node: Node | null, text: string): void {
  reading.problems.push({ at: placeOf(reading, node), text });
}

interface Entry {
  readonly key: string;
  readonly keyNode: Node | null;
  readonly value: Node | null;
}

function entriesOf(reading: Reading, map: YAMLMap): readonly Entry[] {
  return map.items.map(({ key, value }) => ({
    key: isScalar(key) ? String(key.value) : '',
    keyNode: reading.resolve(key),
    value: reading.resolve(value),
  }));
}

function valueIn(reading: Reading, map: YAMLMap, key: string): Node | null {
  return entriesOf(reading, map).find((entry) => entry.key === key)?.value ?? null;
}

function textIn(reading: Reading, map: YAMLMap, key: string): string | null {
  const node = valueIn(reading, map, key);
  const value = plain(reading, node);
  return isScalar(node) && value !== null ? textOf(value) : null;
}

function plain(reading: Reading, node: Node | null): WorkflowValue {
  if (node === null) return null;
  if (isScalar(node)) {
    const { value } = node;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }
  if (isSeq(node)) return node.items.map((item) => plain(reading, reading.resolve(item)));
  if (!isMap(node)) return null;
  return Object.fromEntries(entriesOf(reading, node).map(({ key, value }) => [key, plain(reading, value)]));
}

function workflowOf(reading: Reading, root: YAMLMap): Workflow {
  const on = valueIn(reading, root, 'on');
  if (on === null) tell(reading, root, 'says with no `on` when it runs');
  const jobs = valueIn(reading, root, 'jobs');
  if (!isMap(jobs)) tell(reading, jobs ?? root, 'has no jobs');
  return {
    path: reading.path,
    name: textIn(reading, root, 'name'),
    ...triggersOf(reading, on),
    jobs: isMap(jobs) ? entriesOf(reading, jobs).map((entry) => jobOf(reading, entry)) : [],
  };
}

function triggersOf(reading: Reading, on: Node | null): Pick<Workflow, 'push' | 'events' | 'inputs'> {
  const none = { branches: null, branchesIgnore: null, tags: null, tagsIgnore: null };
  if (isScalar(on) || isSeq(on)) {
    const events = isSeq(on)
      ? on.items.map((item) => textOf(plain(reading, reading.resolve(item))))
      : [textOf(plain(reading, on))];
    const push = events.includes('push') ? { at: placeOf(reading, on), ...none } : null;
    return { events, push, inputs: events.includes('workflow_call') ? {} : null };
  }
  if (!isMap(on)) return { events: [], push: null, inputs: null };
  const entries = entriesOf(reading, on);
  const push = entries.find(({ key }) => key === 'push');
  const call = entries.find(({ key }) => key === 'workflow_call');
  return {
    events: entries.map(({ key }) => key),
    push: push === undefined ? null : pushOf(reading, push),
    inputs: call === undefined ? null : inputsOf(reading, call.value),
  };
}

function pushOf(reading: Reading, { keyNode, value }: Entry): PushTrigger {
  const list = (key: string): readonly string[] | null => {
    const node = isMap(value) ? valueIn(reading, value, key) : null;
    if (node === null) return null;
    const items = plain(reading, node);
    if (typeof items === 'string') return [items];
    if (isList(items)) return items.map((item) => textOf(item));
    tell(reading, node, `on.push.${key} is no list of patterns`);
    return [];
  };
  const trigger = {
    at: placeOf(reading, keyNode),
    branches: list('branches'),
    branchesIgnore: list('branches-ignore'),
    tags: list('tags'),
    tagsIgnore: list('tags-ignore'),
  };
  if (trigger.tags !== null && trigger.tagsIgnore !== null)
    tell(reading, keyNode, 'on.push has tags and tags-ignore; GitHub takes one of them');
  return trigger;
}

function inputsOf(reading: Reading, call: Node | null): Workflow['inputs'] {
  const inputs = isMap(call) ? valueIn(reading, call, 'inputs') : null;
  if (!isMap(inputs)) return {};
  return Object.fromEntries(
    entriesOf(reading, inputs).map(({ key, value }) => [
      key,
      isMap(value) ? plain(reading, valueIn(reading, value, 'default')) : null,
    ]),
  );
}

function jobOf(reading: Reading, { key, keyNode, value }: Entry): WorkflowJob {
  const at = placeOf(reading, keyNode);
  const empty: WorkflowJob = { id: key, at, name: null, matrix: null, calls: null, uses: [] };
  if (!isMap(value)) {
    tell(reading, keyNode, `job ${key} says nothing`);
    return empty;
  }
  const strategy = valueIn(reading, value, 'strategy');
  const reference = textIn(reading, value, 'uses');
  const given = plain(reading, valueIn(reading, value, 'with'));
  return {
    ...empty,
    name: textIn(reading, value, 'name'),
    matrix: isMap(strategy) ? plain(reading, valueIn(reading, strategy, 'matrix')) : null,
    calls: reference === null ? null : { reference, with: isRecord(given) ? given : {} },
    uses: stepsOf(reading, value),
  };
}

function stepsOf(reading: Reading, job: YAMLMap): readonly UsedReference[] {
  const steps = valueIn(reading, job, 'steps');
  if (!isSeq(steps)) return [];
  return steps.items.flatMap((item): readonly UsedReference[] => {
    const step = reading.resolve(item);
    const uses = isMap(step) ? valueIn(reading, step, 'uses') : null;
    return isScalar(uses) ? [{ reference: textOf(plain(reading, uses)), at: placeOf(reading, uses) }] : [];
  });
}
