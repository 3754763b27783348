import { fits } from '../check/policy.ts';
import { normalizeName } from '../../domain/package-name.ts';
import type { ReversionChange, ReversionOrder } from './types.ts';

/** METADATA with other values. */
export interface MetadataEdit {
  readonly text: string;
  readonly changes: readonly ReversionChange[];
  /** Values of the fields Name and Version as they were. */
  readonly names: readonly string[];
  readonly versions: readonly string[];
  /** Requirements that name a local version of something that does not release together with this. */
  readonly foreign: readonly { readonly requirement: string; readonly package: string }[];
}

/** The version with another local part; written otherwise as it was. */
export function withLocal(version: string, local: string | null): string {
  const [bare = ''] = version.split('+');
  return local === null ? bare : `${bare}+${local}`;
}

// An operator, a version, and its local part.
const LOCAL_PIN = /([=!~<>]=?=?\s*)([^\s,;()+=!~<>]+)\+([a-z0-9]+(?:[._-][a-z0-9]+)*)/gi;
const REQUIRED_NAME = /^\s*([a-z0-9][a-z0-9._-]*)/i;

/** A header with the lines that go on with it, and the line end of the last. */
interface Header {
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

/** Cuts off the headers; the empty line and what follows it are the body. */
function split(text: string): { readonly headers: readonly Header[]; readonly body: string } {
  const headers: Header[] = [];
  let at = 0;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$/g)) {
    if (/^[\r\n]/.test(line)) break;
    at = index + line.length;
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      headers[headers.length - 1] = { ...last, value: last.value + line, text: last.text + line };
    } else {
      const colon = line.indexOf(':');
      headers.push({
        name: line.slice(0, Math.max(colon, 0)).trim().toLowerCase(),
        value: line.slice(colon + 1),
        text: line,
      });
    }
  }
  return { headers, body: text.slice(at) };
}

function reversionedRequirement(value: string, local: string | null): string {
  const semicolon = value.indexOf(';');
  const end = semicolon === -1 ? value.length : semicolon;
  const pinned = value
    .slice(0, end)
    .replace(LOCAL_PIN, (_, operator: string, version: string) => `${operator}${withLocal(version, local)}`);
  return pinned + value.slice(end);
}

/**
 * METADATA for another local version: its own version, the requirements on packages that release together, and the classifiers that are to go.
 * Everything else stays byte for byte.
 */
export function editMetadata(text: string, own: string, order: ReversionOrder): MetadataEdit {
  const together = new Set([own, ...order.siblings].map(normalizeName));
  const changes: ReversionChange[] = [];
  const foreign: { requirement: string; package: string }[] = [];
  const { headers, body } = split(text);
  const edited = headers.map(({ name, value, text: written }) => {
    const trimmed = value.trim();
    if (name === 'classifier' && order.dropClassifiers.some((pattern) => fits(pattern, trimmed))) {
      changes.push({ kind: 'classifier', dropped: trimmed });
      return '';
    }
    if (name !== 'version' && name !== 'requires-dist') return written;
    const to = name === 'version' ? withLocal(trimmed, order.local) : reversionedRequirement(trimmed, order.local);
    if (to === trimmed) return written;
    const required = name === 'version' ? own : normalizeName(REQUIRED_NAME.exec(trimmed)?.[1] ?? '');
    if (!together.has(required)) {
      foreign.push({ requirement: trimmed, package: required });
      return written;
    }
    changes.push({ kind: name === 'version' ? 'version' : 'requirement', from: trimmed, to });
    return written.replace(trimmed, () => to);
  });
  const valuesOf = (wanted: string) => headers.filter(({ name }) => name === wanted).map(({ value }) => value.trim());
  return { text: edited.join('') + body, changes, foreign, names: valuesOf('name'), versions: valuesOf('version') };
}
