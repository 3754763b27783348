import { filled } from '../../../domain/expected/names.ts';
import { membersOf, type JsonNode, type NewJson } from './json-text.ts';
import { downloadsFor, installFor, type StartFacts } from './offers.ts';
import { plainSlot, type Slot } from './slots.ts';

/** The kinds of a system in the page's file that a train knows how to fill. */
type Kind = 'pip' | 'libtorch';
const KINDS: readonly Kind[] = ['pip', 'libtorch'];

type Entry = Map<string, NewJson>;

/** An entry of a release, and what of the old text was not taken over into it, for people. */
export interface NewEntry {
  readonly entry: Entry;
  readonly left: readonly string[];
}

export interface EntryInput {
  readonly facts: StartFacts;
  readonly slots: readonly Slot[];
  /** The entry that is refreshed, or the one that a new release's is shaped after. */
  readonly base: JsonNode | undefined;
  /** Whether the entry is there already: then what the train does not know in it stays. */
  readonly isRefresh: boolean;
}

/**
 * The entry of a release in the page's file: systems, kinds, buttons, each as it was in order and notes, with the commands and links of this release. In a
 * refresh what the train does not know stays; a new entry has nothing that still speaks of the release it was shaped after.
 */
export function entryOf(input: EntryInput): NewEntry {
  const { facts, base, isRefresh } = input;
  const systems = membersOf(base) ?? new Map<string, JsonNode>();
  const entry: Entry = new Map();
  const left: string[] = [];
  for (const name of new Set([...systems.keys(), ...Object.keys(facts.settings.systems)])) {
    const known = Object.hasOwn(facts.settings.systems, name);
    const old = systems.get(name);
    if (known) entry.set(name, systemOf(input, { name, old, left }));
    else if (isRefresh && old !== undefined) entry.set(name, old);
    else left.push(`${name}: the train names no platform for this system`);
  }
  return { entry, left };
}

interface Part {
  readonly name: string;
  readonly old: JsonNode | undefined;
  readonly left: string[];
}

function systemOf(input: EntryInput, { name, old, left }: Part): Entry {
  const kinds = membersOf(old) ?? new Map<string, JsonNode>();
  const system: Entry = new Map();
  for (const kind of new Set([...kinds.keys(), ...KINDS])) {
    const before = kinds.get(kind);
    const known = KINDS.find((one) => one === kind);
    if (known !== undefined) {
      const built = kindOf(input, { system: name, kind: known, old: before, left });
      if (built.size > 0) system.set(kind, built);
    } else if (input.isRefresh && before !== undefined) system.set(kind, before);
    else left.push(`${name}/${kind}: the train does not say how this kind is installed`);
  }
  return system;
}

interface KindPart {
  readonly system: string;
  readonly kind: Kind;
  readonly old: JsonNode | undefined;
  readonly left: string[];
}

function kindOf(input: EntryInput, part: KindPart): Entry {
  const { slots, facts, isRefresh } = input;
  const buttons = membersOf(part.old) ?? new Map<string, JsonNode>();
  const ours = new Set(facts.settings.accelerators.flatMap((each) => each.slots));
  const entry: Entry = new Map();
  for (const label of inOrder(input, [...buttons.keys()])) {
    const slot = slots.find((one) => one.label === label);
    const old = buttons.get(label);
    if (slot !== undefined) {
      const made = buttonOf(input, part, { slot, old: old ?? siblingOf(input, buttons, label) });
      if (made !== null) entry.set(label, made);
    } else if (!ours.has(label) && isRefresh && old !== undefined) entry.set(label, old);
    else part.left.push(`${part.system}/${part.kind}/${label}: the release has nothing for this button`);
  }
  return entry;
}

/** What a new button is shaped after: the last one of its accelerator. */
function siblingOf({ facts }: EntryInput, buttons: ReadonlyMap<string, JsonNode>, label: string): JsonNode | undefined {
  const own = facts.settings.accelerators.find(({ slots }) => slots.includes(label))?.slots ?? [];
  return [...buttons].findLast(([other]) => own.includes(other))?.[1];
}

/** The buttons as they stand, each new one behind the last of its accelerator. */
function inOrder({ facts, slots }: EntryInput, labels: readonly string[]): readonly string[] {
  return facts.settings.accelerators.reduce((order, { slots: own }) => {
    const added = slots.map(({ label }) => label).filter((label) => own.includes(label) && !order.includes(label));
    const last = order.findLastIndex((label) => own.includes(label));
    return last === -1 ? [...order, ...added] : order.toSpliced(last + 1, 0, ...added);
  }, labels);
}

interface Button {
  readonly slot: Slot;
  readonly old: JsonNode | undefined;
}

/** Null where there is nothing to say: no file of the release, and no button before. */
function buttonOf(input: EntryInput, part: KindPart, { slot, old }: Button): Entry | null {
  const before = membersOf(old);
  const plain = before?.has('default') === true ? (plainSlot(input.slots) ?? slot) : slot;
  const entry: Entry = new Map(before ?? []);
  const [key, value] =
    part.kind === 'pip'
      ? (['command', installFor(input.facts, part.system, plain)?.command ?? null] as const)
      : (['versions', linksOf(input, part, { slot: plain, old })] as const);
  if (before === null && value === null && part.kind === 'libtorch') return null;
  entry.set('note', noteOf(input, part, { before, slot, value }));
  entry.set(key, value);
  return entry;
}

function linksOf(input: EntryInput, part: KindPart, { slot, old }: Button): Entry | null {
  const { facts, isRefresh } = input;
  const found = downloadsFor(facts, part.system, slot);
  const before = membersOf(membersOf(old)?.get('versions')) ?? new Map<string, JsonNode>();
  const ours = new Set(facts.settings.downloads.map(({ text }) => text));
  const links: Entry = new Map();
  for (const text of new Set([...before.keys(), ...found.keys()])) {
    const url = found.get(text);
    const was = before.get(text);
    if (url !== undefined) links.set(text, url);
    else if (!ours.has(text) && isRefresh && was !== undefined) links.set(text, was);
    else part.left.push(`${part.system}/${part.kind}/${slot.label} "${text}": the release has no such file`);
  }
  return links.size === 0 ? null : links;
}

interface Noted {
  readonly before: ReadonlyMap<string, JsonNode> | null;
  readonly slot: Slot;
  readonly value: NewJson;
}

/** The note stays as people wrote it, unless it would be wrong: none where there is nothing, or one that says so where there is something. */
function noteOf({ facts }: EntryInput, { system, kind }: KindPart, { before, slot, value }: Noted): NewJson {
  const note = before?.get('note');
  const was = before?.get(kind === 'pip' ? 'command' : 'versions');
  const hadNothing = was?.kind === 'word' && was.word === 'null';
  if (value === null && (note === undefined || note.kind !== 'text')) {
    const platform = facts.train.artifacts.platforms[facts.settings.systems[system] ?? ''];
    return filled(facts.settings.unavailable, {
      accelerator: slot.build.title,
      system: platform?.system ?? system,
    });
  }
  return value !== null && (hadNothing || note === undefined) ? null : (note ?? null);
}
