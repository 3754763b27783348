import { z } from 'zod';
import { Digest, digestOf } from '../../../domain/canonical-json.ts';
import { Pep440Version } from '../../../domain/pep440.ts';
import { CHECKS, type CheckId, type Finding } from '../../../wheel/check/checks.ts';
import type { TogetherFacts } from '../../../wheel/check/check-together.ts';
import type { WheelFacts } from '../../../wheel/check/facts.ts';
import type { WheelPolicy } from '../../../wheel/check/policy.ts';
import { parseRequirement } from '../../../wheel/requirement.ts';

const isCheck = (text: string): text is CheckId => text in CHECKS;

/** What reading a whole wheel came to: kept by the digest of the wheel and of what was asked of it. */
export const WheelReading = z.strictObject({
  /** Of the bytes that were read; another one than was promised is a finding of its own. */
  digest: Digest,
  findings: z.array(
    z.strictObject({
      check: z.string().refine(isCheck),
      severity: z.enum(['error', 'warning']),
      wheel: z.string(),
      entry: z.string().nullable(),
      line: z.int().nullable(),
      text: z.string(),
    }),
  ),
  /** Why it is no wheel at all; null where it is one. */
  broken: z.string().nullable(),
  /** What is held against the other wheels of the train; null where METADATA could not be read. */
  metadata: z
    .strictObject({
      path: z.string(),
      normalName: z.string(),
      version: Pep440Version,
      requiresDist: z.array(z.strictObject({ text: z.string(), line: z.int() })),
    })
    .nullable(),
});
export type WheelReading = z.infer<typeof WheelReading>;

/** Another number when the checks come to something else for the same bytes and the same policy. */
const EDITION = 1;

/** What a reading rests on: the bytes, the name they have, what is asked of them, and the checks as they are. */
export function readingKey(wheel: Digest, fileName: string, policy: WheelPolicy): Digest {
  const topLevel = Object.fromEntries(policy.topLevel);
  return digestOf({
    edition: EDITION,
    wheel,
    fileName,
    policy: {
      ...policy,
      topLevel,
      platforms: policy.platforms.map(({ newest, ...platform }) => ({
        ...platform,
        newest: newest === null ? null : { ...newest },
      })),
      accelerators: policy.accelerators.map((each) => ({ ...each })),
      companions: policy.companions.map((each) => ({ ...each })),
    },
  });
}

/** The reading of a wheel that could be read. */
export function readingOf(digest: Digest, facts: WheelFacts, findings: readonly Finding[]): WheelReading {
  const { metadata } = facts;
  const { normalName = null, version = null, requiresDist = [] } = metadata?.value ?? {};
  return {
    digest,
    findings: findings.map((each) => ({ ...each })),
    broken: null,
    metadata:
      metadata === null || normalName === null || version === null
        ? null
        : {
            path: metadata.path,
            normalName,
            version,
            requiresDist: requiresDist.map(({ text, line }) => ({ text, line })),
          },
  };
}

/** What a reading says to the checks over several wheels. */
export function togetherFacts(fileName: string, { metadata }: WheelReading): TogetherFacts {
  if (metadata === null) return { fileName, metadata: null };
  const { path, normalName, version, requiresDist } = metadata;
  const parsed = requiresDist.flatMap(({ text, line }) => {
    const requirement = parseRequirement(text);
    return requirement.ok ? [{ requirement: requirement.value, text, line }] : [];
  });
  return { fileName, metadata: { path, value: { normalName, version, requiresDist: parsed } } };
}
