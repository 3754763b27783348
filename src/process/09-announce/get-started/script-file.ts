import { filled } from '../../../domain/expected/names.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { NewEntry } from './entry.ts';
import { membersOf, readJson, rewritten, type JsonNode, type NewJson } from './json-text.ts';
import type { StartFacts } from './offers.ts';
import type { StartProblem } from './problem.ts';
import type { Slot } from './slots.ts';

/** What stands before the three values of the script that speak of releases. */
const TABLE = 'version_map=';
const NAME = 'stable_version=';
const COMMANDS = 'var object = ';

/**
 * The script of the page with the stable release's commands, its name and its versions of accelerators; what it says of nightlies, and everything else, keeps
 * its very characters.
 */
export function scriptFile(
  text: string,
  {
    entry,
    slots,
    facts,
  }: { readonly entry: NewEntry['entry']; readonly slots: readonly Slot[]; readonly facts: StartFacts },
): Result<string, StartProblem> {
  const file = facts.settings.script;
  const found = [TABLE, NAME, COMMANDS].map((sign) => valueAfter(text, sign, file));
  const values: JsonNode[] = [];
  for (const one of found) {
    if (!one.ok) return one;
    values.push(one.value);
  }
  const [table, name, commands] = values;
  const channels = membersOf(table);
  const shown = membersOf(commands);
  if (table === undefined || name?.kind !== 'text' || commands === undefined || channels === null || shown === null)
    return refuse({
      code: 'not-the-shape',
      file,
      what: `${TABLE}, ${NAME} and ${COMMANDS.trim()} are not an object, a text and an object`,
    });
  const edits: readonly (readonly [JsonNode, NewJson])[] = [
    [table, new Map<string, NewJson>([...channels, ['release', tableOf(slots)]])],
    [name, stableName(facts.release)],
    [commands, commandsOf(shown, entry, facts)],
  ];
  return succeed(
    edits
      .toSorted(([left], [right]) => right.from - left.from)
      .reduce(
        (all, [node, value]) => `${all.slice(0, node.from)}${rewritten(text, node, value)}${all.slice(node.to)}`,
        text,
      ),
  );
}

function stableName(release: ReleaseVersion): string {
  return `Stable (${release})`;
}

function valueAfter(text: string, sign: string, file: string): Result<JsonNode, StartProblem> {
  const at = text.indexOf(sign);
  if (at === -1 || text.includes(sign, at + sign.length))
    return refuse({ code: 'not-the-shape', file, what: `"${sign.trim()}" does not stand in it exactly once` });
  const read = readJson(text, at + sign.length);
  return read.ok ? read : refuse({ code: 'not-json', file, ...read.problems[0] });
}

/** By button: the accelerator and its version, as the script asks for them. */
function tableOf(slots: readonly Slot[]): ReadonlyMap<string, NewJson> {
  return new Map(slots.map(({ label, build }) => [label, [build.accelerator, build.version ?? '']]));
}

/** `stable,pip,linux,cuda.x,python`, and what is shown for it. */
function commandsOf(
  shown: ReadonlyMap<string, JsonNode>,
  entry: NewEntry['entry'],
  facts: StartFacts,
): ReadonlyMap<string, NewJson> {
  const ours = new Map(stableCommands(entry, facts));
  const next = new Map<string, NewJson>();
  for (const [key, node] of shown) {
    const fresh = ours.get(key);
    if (!key.startsWith('stable,')) next.set(key, node);
    else if (fresh !== undefined) next.set(key, fresh);
  }
  for (const [key, text] of ours) if (!next.has(key)) next.set(key, text);
  return next;
}

function stableCommands(entry: NewJson, facts: StartFacts): readonly (readonly [string, string])[] {
  return pairsOf(entry).flatMap(([system, kinds]) =>
    pairsOf(kinds).flatMap(([kind, buttons]) =>
      pairsOf(buttons).map(([label, button]): readonly [string, string] => [
        `stable,${kind},${system},${label},${kind === 'libtorch' ? 'cplusplus' : 'python'}`,
        shownText(new Map(pairsOf(button)), facts),
      ]),
    ),
  );
}

function shownText(button: ReadonlyMap<string, NewJson>, { settings }: StartFacts): string {
  const links = pairsOf(button.get('versions') ?? null).map(([text, url]) =>
    filled(settings.link, { text, url: textOf(url) ?? '' }),
  );
  return [textOf(button.get('note')), textOf(button.get('command')), ...links]
    .filter((line) => line !== null)
    .join('<br />');
}

/** The members of what is an object, of the old text or new. */
function pairsOf(value: NewJson): readonly (readonly [string, NewJson])[] {
  if (value instanceof Map) return [...value];
  if (typeof value === 'object' && value !== null && 'kind' in value) return [...(membersOf(value) ?? [])];
  return [];
}

function textOf(value: NewJson | undefined): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'text') return value.value;
  return null;
}
