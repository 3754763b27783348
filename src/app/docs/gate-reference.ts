import { GATE_STAGES } from '../../domain/gate-families.ts';
import { markdownTable } from '../../process/01-plan/index.ts';
import { fenced, renderDocument } from './document.ts';
import { RENDERED_NOTE } from './release-document.ts';

/** Every gate there is, by stage, and what has to be so for it to be open. */
export function gateReference(): string {
  return renderDocument('Gates', RENDERED_NOTE, [
    {
      title: 'How gates are read',
      body: [
        'A gate is open when what it asks for was seen to be so: *pass*, or *waived* by a person with reason and end. *Unknown* is never open. Where a train has no such thing, the gate says *skipped*.',
        fenced(['signalbox gate list X.Y.Z', 'signalbox gate show X.Y.Z GATE', 'signalbox gate waive X.Y.Z GATE']),
      ],
    },
    ...GATE_STAGES.map(({ name, gates }) => ({
      title: name,
      body: [
        markdownTable(
          ['Gate', 'Open when'],
          gates.map(({ family, asks }) => [`\`${family}\``, asks]),
        ),
      ],
    })),
  ]);
}
