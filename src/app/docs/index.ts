import type { Train } from '../../domain/train/train.ts';
import { gateReference } from './gate-reference.ts';
import { releaseDocument } from './release-document.ts';
import { runbooks } from './runbooks.ts';

/** A document as it is rendered, with its path below the folder it is written to. */
export interface RenderedDocument {
  readonly path: string;
  readonly text: string;
}

/** The documents of a train: RELEASE.md, the reference of gates, a runbook for each kind of reader. Made from the train file alone. */
export function trainDocuments(train: Train): readonly RenderedDocument[] {
  return [
    { path: 'RELEASE.md', text: releaseDocument(train) },
    { path: 'GATES.md', text: gateReference() },
    ...runbooks(train).map(({ name, text }) => ({ path: `runbooks/${name}`, text })),
  ];
}
