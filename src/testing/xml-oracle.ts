import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { DEBIAN_PYTHON } from './debian-tools.ts';

/** An element as a foreign parser reads it: its name with its namespace in braces. */
export interface ReadElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly ReadElement[];
}

const ReadElement: z.ZodType<ReadElement> = z.lazy(() =>
  z.object({
    name: z.string(),
    attributes: z.record(z.string(), z.string()),
    text: z.string(),
    children: z.array(ReadElement),
  }),
);

const PROGRAM = `
import json, sys
import xml.etree.ElementTree as tree

def read(element):
    return {'name': element.tag, 'attributes': element.attrib, 'text': element.text or '', 'children': [read(each) for each in element]}

json.dump([read(tree.fromstring(text.encode('utf-8'))) for text in json.load(sys.stdin)], sys.stdout)
`;

/** What Python's XML parser (expat) reads out of documents; throws its complaint where one is not well-formed. */
export function readXml(documents: readonly string[]): readonly ReadElement[] {
  const { status, stdout, stderr } = spawnSync(DEBIAN_PYTHON, ['-I', '-c', PROGRAM], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) ?? 'the parser failed');
  return z.array(ReadElement).parse(JSON.parse(stdout));
}

/** The children of an element with this name, whatever its namespace. */
export function childrenNamed({ children }: ReadElement, name: string): readonly ReadElement[] {
  return children.filter((child) => child.name.replace(/^\{[^}]*\}/u, '') === name);
}
