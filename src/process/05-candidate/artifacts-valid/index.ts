import { GateId, withWaiver, type Gate, type Waiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import type { RepoKey } from '../../../domain/repo.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Finding } from '../../../wheel/check/checks.ts';

/** A wheel of the release in the candidates' channel, and what was found in it. */
export interface JudgedWheel {
  readonly fileName: string;
  /** The repository that builds it; null where the train does not say. */
  readonly repo: RepoKey | null;
  /** Why it cannot be read as a wheel; null where it can. */
  readonly refused: string | null;
  readonly findings: readonly Finding[];
  /** Whether every byte was read; otherwise names and sizes only, and hashes may lie. */
  readonly whole: boolean;
}

/** What is judged. */
export interface WheelsToJudge {
  readonly release: ReleaseVersion;
  readonly channel: string;
  /** Null where the train puts no wheels of the release there. */
  readonly wheels: Observed<readonly JudgedWheel[]> | null;
}

export interface WheelJudging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const ARTIFACTS_VALID = GateId.parse('artifacts-valid');
const SHOWN = 20;

type KnownWheels = Extract<Observed<readonly JudgedWheel[]>, { readonly known: true }>;

/** The gate `artifacts-valid`: every wheel of the release is right, inside and out, and they go together. Waivers applied. */
export function decideArtifactsValid({ release, channel, wheels }: WheelsToJudge, judging: WheelJudging): Gate {
  const { train, waivers, now } = judging;
  const rerun = `signalbox gate run ${release} ${ARTIFACTS_VALID}`;
  const gate: Gate = {
    id: ARTIFACTS_VALID,
    verdict: 'no-data',
    summary: '',
    evidence: [],
    owners: [...train.roles['release-manager']],
    since: null,
    fix: null,
    waiver: null,
  };
  if (wheels === null)
    return { ...gate, verdict: 'skipped', summary: `the train names no wheels of ${release} in channel ${channel}` };
  if (!wheels.known) {
    const unread = { ...gate, summary: `could not be read: ${wheels.reason}`, fix: `make it readable, then ${rerun}` };
    return withWaiver(unread, waivers, now);
  }
  return withWaiver(judgeWheels(gate, wheels, train, rerun), waivers, now);
}

function judgeWheels(gate: Gate, wheels: KnownWheels, train: Train, rerun: string): Gate {
  const { value, at, source } = wheels;
  const seen = (text: string): Evidence => ({ text, source, at });
  if (value.length === 0)
    return { ...gate, summary: 'no wheel of the release lies in the channel', fix: `once they are there, ${rerun}` };
  const wrong = value.filter(isWrong);
  if (wrong.length > 0)
    return {
      ...gate,
      verdict: 'failing',
      summary: `${wrong.length} of ${many(value.length, 'wheel')} wrong: ${countsOf(wrong)}`,
      evidence: shortened(wrong.flatMap(textsOf)).map(seen),
      owners: ownersOf(wrong, train, gate.owners),
      fix: `build the cells again, upload them, then ${rerun}`,
    };
  const warnings = value.flatMap(({ findings }) => findings).length;
  const partly = value.filter(({ whole }) => !whole).length;
  const noted = warnings > 0 ? `; ${many(warnings, 'warning')}` : '';
  if (partly > 0)
    return {
      ...gate,
      summary: `${many(value.length, 'wheel')} right by names and sizes; of ${partly} no hash was read yet${noted}`,
      evidence: shortened(value.flatMap(textsOf)).map(seen),
      fix: rerun,
    };
  const text = `${many(value.length, 'wheel')} right, every byte held to RECORD${noted}`;
  return {
    ...gate,
    verdict: 'pass',
    summary: text,
    evidence: [seen(text), ...shortened(value.flatMap(textsOf)).map(seen)],
  };
}

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function isWrong({ refused, findings }: JudgedWheel): boolean {
  return refused !== null || findings.some(({ severity }) => severity === 'error');
}

/** `record-hash in torch-….whl; accelerator in 3 wheels`. */
function countsOf(wheels: readonly JudgedWheel[]): string {
  const told = wheels.flatMap(({ fileName, refused, findings }) => [
    ...(refused === null ? [] : [{ check: 'not readable', fileName }]),
    ...findings.filter(({ severity }) => severity === 'error').map(({ check }) => ({ check, fileName })),
  ]);
  return [...Map.groupBy(told, ({ check }) => check)]
    .map(([check, some]) => {
      const names = [...new Set(some.map(({ fileName }) => fileName))];
      return `${check} in ${names.length === 1 ? names[0] : `${names.length} wheels`}`;
    })
    .join('; ');
}

function textsOf({ fileName, refused, findings }: JudgedWheel): readonly string[] {
  return [
    ...(refused === null ? [] : [refused]),
    ...findings.map(({ check, entry, line, text }) => {
      const place = entry === null ? '' : ` (${entry}${line === null ? '' : `:${line}`})`;
      return `${fileName}: ${check}${place}: ${text}`;
    }),
  ];
}

function shortened(texts: readonly string[]): readonly string[] {
  return texts.length <= SHOWN ? texts : [...texts.slice(0, SHOWN), `and ${texts.length - SHOWN} more`];
}

/** Who answers for the repositories whose wheels are wrong, first; the release managers after them. */
function ownersOf(wrong: readonly JudgedWheel[], { repos }: Train, managers: readonly string[]): readonly string[] {
  const owners = wrong.flatMap(({ repo }) => (repo === null ? [] : (repos[repo]?.owners ?? [])));
  return [...new Set([...owners, ...managers])];
}
