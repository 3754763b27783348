import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { StartFacts } from './offers.ts';
import type { StartProblem } from './problem.ts';
import { scriptFile } from './script-file.ts';
import { slotsOf, type Slot } from './slots.ts';
import { versionsFile } from './versions-file.ts';

/** The two files of the page, as their texts. */
export interface StartTexts {
  readonly versions: string;
  readonly script: string;
}

/** The files as they are to be for a release. */
export interface StartFiles extends StartTexts {
  readonly slots: readonly Slot[];
  readonly isLatest: boolean;
  /** What of the old texts was not taken over into the entry, for people. */
  readonly left: readonly string[];
}

/** Makes the files of the get-started page for a release. Made again from what came of it, nothing changes. */
export function startFiles(facts: StartFacts, before: StartTexts): Result<StartFiles, StartProblem> {
  if (facts.addresses.wheel === null) return refuse({ code: 'no-address', channel: 'stable', holds: 'wheels' });
  const slots = slotsOf(facts.train, facts.settings, facts);
  if (!slots.ok) return slots;
  const versions = versionsFile(before.versions, facts, slots.value);
  if (!versions.ok) return versions;
  const { text, entry, isLatest, left } = versions.value;
  const script = isLatest ? scriptFile(before.script, { entry, slots: slots.value, facts }) : succeed(before.script);
  if (!script.ok) return script;
  return succeed({ versions: text, script: script.value, slots: slots.value, isLatest, left });
}
