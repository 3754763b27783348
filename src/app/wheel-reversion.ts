import { join } from 'node:path';
import { ByteSourceError, type ByteSource, type Splice } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { Train } from '../domain/train/train.ts';
import {
  explain,
  reversionOf,
  type Reversion,
  type ReversionChange,
  type ReversionOrder,
} from '../wheel/reversion/index.ts';

export type { ReversionChange, ReversionOrder };

/** A file that others are made from; compose-sources.ts has the real one. */
export interface ReversionFile {
  readonly source: ByteSource;
  make(
    splice: Splice,
    target: string,
  ): Promise<
    | { readonly outcome: 'written' | 'adopted'; readonly input: Digest; readonly output: Digest }
    | { readonly outcome: 'refused'; readonly code: string; readonly text: string }
  >;
  close(): Promise<void>;
}

/** A wheel that another was made of, with the lineage: which bytes became which. */
export interface MadeWheel {
  readonly outcome: 'written' | 'adopted';
  readonly path: string;
  readonly from: Reversion['from'];
  readonly to: Reversion['to'];
  readonly size: number;
  readonly input: Digest;
  readonly output: Digest;
  /** Empty: copied unchanged. */
  readonly changes: readonly ReversionChange[];
}

export interface ReversionedWheel {
  /** As it was asked for. */
  readonly asked: string;
  /** Null when none was made. */
  readonly made: MadeWheel | null;
  /** Why none was made: codes, and what to do. `isRead` is false where the file could not be read at all. */
  readonly problems: readonly { readonly code: string; readonly text: string; readonly isRead: boolean }[];
}

export interface ReversionRequest {
  readonly asked: readonly string[];
  /** The folder for the new wheels. */
  readonly out: string;
  readonly order: ReversionOrder;
  readonly open: (asked: string) => Promise<ReversionFile>;
  /** Told before each file. */
  readonly onBegin?: (asked: string, number: number) => void;
}

/** What the train adds to an order: its packages are siblings, and what its index does not know goes. */
export function orderOf(train: Train | null, order: ReversionOrder): ReversionOrder {
  const packages = Object.values(train?.repos ?? {}).flatMap((repo) => repo.packages);
  return {
    ...order,
    siblings: [...new Set([...order.siblings, ...packages])],
    dropClassifiers: [...order.dropClassifiers, ...(train?.wheels.unknownClassifiers ?? [])],
  };
}

/** Makes of each wheel one with another local version, or none. One that is refused does not keep the others from it. */
export async function reversionWheels(request: ReversionRequest): Promise<readonly ReversionedWheel[]> {
  const wheels: ReversionedWheel[] = [];
  for (const [index, asked] of request.asked.entries()) {
    request.onBegin?.(asked, index + 1);
    wheels.push(await reversionOne(asked, request));
  }
  return wheels;
}

async function reversionOne(asked: string, request: ReversionRequest): Promise<ReversionedWheel> {
  try {
    const file = await request.open(asked);
    try {
      return await makeOne(asked, file, request);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof ByteSourceError)) throw error;
    return { asked, made: null, problems: [{ code: error.code, text: error.message, isRead: false }] };
  }
}

async function makeOne(asked: string, file: ReversionFile, request: ReversionRequest): Promise<ReversionedWheel> {
  const fileName = asked.slice(asked.lastIndexOf('/') + 1);
  const planned = await reversionOf(file.source, fileName, request.order);
  if (!planned.ok) {
    const problems = planned.problems.map((problem) => ({ code: problem.code, text: explain(problem), isRead: true }));
    return { asked, made: null, problems };
  }
  const { from, to, changes, splice } = planned.value;
  const path = join(request.out, to.fileName);
  const result = await file.make(splice, path);
  if (result.outcome === 'refused') {
    return { asked, made: null, problems: [{ code: result.code, text: result.text, isRead: true }] };
  }
  return { asked, made: { path, from, to, size: splice.size, changes, ...result }, problems: [] };
}
