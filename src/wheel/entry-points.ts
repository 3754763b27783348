/** One entry point: `console_scripts`, `torchrun`, `torch.distributed.run:main`. */
export interface EntryPoint {
  readonly group: string;
  readonly name: string;
  /** The module; null where the value is none. */
  readonly module: string | null;
  /** What of the module; null for the module itself. */
  readonly object: string | null;
  readonly line: number;
}

/** What is wrong in entry_points.txt. */
export interface EntryPointProblem {
  readonly code: 'outside-group' | 'not-a-line' | 'bad-group' | 'bad-value' | 'twice' | 'no-object';
  readonly line: number;
  readonly text: string;
}

export interface EntryPoints {
  readonly points: readonly EntryPoint[];
  readonly problems: readonly EntryPointProblem[];
}

/** Groups whose entry points become commands, which must name a function. */
const COMMANDS = new Set(['console_scripts', 'gui_scripts']);
const VALUE =
  /^([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)\s*(?::\s*([\p{L}_][\p{L}\p{N}_.]*))?\s*(?:\[[^\]]*\])?$/u;
/** In characters; what lies behind is not read. */
const LONGEST = 4_000_000;
const LONGEST_LINE = 2_000;

/** Reads entry_points.txt. */
export function parseEntryPoints(text: string): EntryPoints {
  const points: EntryPoint[] = [];
  const problems: EntryPointProblem[] = [];
  const seen = new Set<string>();
  let group: string | null = null;
  for (const [index, raw] of text
    .slice(0, LONGEST)
    .split(/\r\n?|\n/)
    .entries()) {
    const place = { line: index + 1, text: raw.trim().slice(0, 200) };
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[')) {
      group = line.endsWith(']') ? line.slice(1, -1).trim() : null;
      if (group === null || !/^\w+(\.\w+)*$/.test(group)) problems.push({ code: 'bad-group', ...place });
      continue;
    }
    const point = group === null ? null : readPoint(line, group, place.line);
    if (group === null) problems.push({ code: 'outside-group', ...place });
    else if (point === null) problems.push({ code: 'not-a-line', ...place });
    else {
      problems.push(...mistakesOf(point, seen).map((code) => ({ code, ...place })));
      points.push(point);
    }
  }
  return { points, problems };
}

function readPoint(line: string, group: string, number: number): EntryPoint | null {
  const equals = line.indexOf('=');
  const name = line.slice(0, Math.max(0, equals)).trim();
  if (equals === -1 || name === '' || line.length > LONGEST_LINE) return null;
  const match = VALUE.exec(line.slice(equals + 1).trim());
  return { group, name, module: match?.[1] ?? null, object: match?.[2] ?? null, line: number };
}

function mistakesOf(point: EntryPoint, seen: Set<string>): readonly EntryPointProblem['code'][] {
  const key = `${point.group}\n${point.name}`;
  const isTwice = seen.has(key);
  seen.add(key);
  if (isTwice) return ['twice'];
  if (point.module === null) return ['bad-value'];
  return point.object === null && COMMANDS.has(point.group) ? ['no-object'] : [];
}

/** What is wrong with a line, and what to do. */
export function explainEntryPoint(problem: EntryPointProblem): string {
  const text = JSON.stringify(problem.text);
  switch (problem.code) {
    case 'outside-group':
      return `${text} stands before any group. Write [console_scripts] or another group above it.`;
    case 'not-a-line':
      return `${text} is no entry point. Write name = module:object.`;
    case 'bad-group':
      return `${text} is no group. Write words with dots between them in brackets, as [console_scripts].`;
    case 'bad-value':
      return `${text} does not name a module and an object of it. Write name = module:object.`;
    case 'twice':
      return `${text} names an entry point that its group already has. Remove one of them.`;
    case 'no-object':
      return `${text} is a command and names no function. Write name = module:function.`;
  }
}
