import { editLines, splitLines, type EditedText, type Replacement } from './lines.ts';
import { scanYaml, type YamlEntry } from './yaml-scan.ts';

/** An input of an action or workflow that is to have another value. */
export interface InputChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Gives `NAME: FROM` (what an action or workflow is called with) and the `default:` right under a declared input NAME another value. Quotes stay
 * as they are; a bare value that YAML would read as something else than text gets them.
 */
export function editInput(content: string, change: InputChange): EditedText {
  const scanned = scanYaml(splitLines(content).lines.map(({ text }) => text));
  return editLines(content, (text, index) => {
    const line = scanned[index];
    const ours = (line?.entries ?? []).filter((entry) => isTheInput(entry, change.name));
    const replacements = ours.flatMap((entry) => (entry.value === change.from ? [replacement(entry, change.to)] : []));
    const already = ours.filter(({ value }) => value === change.to).length;
    const isMentioned = replacements.length === 0 && already === 0 && mentions(text, change);
    return {
      replacements,
      already,
      unmanaged: isMentioned ? [`names ${change.name} and ${change.from} in another way`] : [],
    };
  });
}

function isTheInput({ key, parent, value }: YamlEntry, name: string): boolean {
  return value !== null && (key === name || (key === 'default' && parent === name));
}

function replacement({ start, end, quote }: YamlEntry, to: string): Replacement {
  return { start, end, to: quoteLike(quote, to) };
}

function quoteLike(quote: YamlEntry['quote'], text: string): string {
  if (quote === "'") return text.replaceAll("'", "''");
  if (quote === '"') return text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`);
  // Bare 2.10 is the number 2.1 to YAML; a word of letters, digits, slashes and dashes that starts with a letter is text.
  const isBare = /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isBare ? text : `'${text.replaceAll("'", "''")}'`;
}

/** `ref: ${{ inputs.NAME || 'FROM' }}`, a script, a comment: not ours to change, but to be known. */
function mentions(text: string, { name, from }: InputChange): boolean {
  const rest = text.replaceAll(name, ' ');
  return rest !== text && rest.split(/[^\w./-]+/).includes(from);
}
