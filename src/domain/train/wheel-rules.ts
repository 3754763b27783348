import { z } from 'zod';
import { lineSpan } from './span.ts';

const Pattern = z.string().min(1).max(200);
const PackageName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/, {
  error: 'not the name of a package',
});

/** How wheels for an accelerator are told by what is in them. */
const AcceleratorSigns = z.strictObject({
  packages: z.array(PackageName).min(1).describe('Packages whose wheels are told by it.'),
  requires: z
    .array(Pattern)
    .default([])
    .describe('Requirements of which such a wheel has at least one, unless it has one of `files`: nvidia-*.'),
  files: z
    .array(Pattern)
    .default([])
    .describe('Names of files of which it has at least one, unless it has one of `requires`: libtorch_cuda.so.'),
});

/** A package of the train that must require another at exactly its version. */
const Companion = z.strictObject({
  package: PackageName.describe('Package that requires: torchvision.'),
  requires: PackageName.describe('Package that it requires: torch.'),
  ...lineSpan,
});

/** What the train asks of its wheels beyond their format; * stands for any text. Gate artifacts-valid, `signalbox wheel check`. */
export const WheelRules = z.strictObject({
  signs: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/), AcceleratorSigns)
    .default({})
    .describe(
      'By accelerator of `artifacts.accelerators`: what its wheels have and those of others have not. One without requirements and files has nothing of the others.',
    ),
  topLevel: z
    .record(PackageName, z.array(z.string().min(1)).min(1))
    .default({})
    .describe('By package: the names that may lie at the top of its wheels. Packages that are not here may have any.'),
  companions: z
    .array(Companion)
    .default([])
    .describe('Which packages require which, at exactly the version of the train.'),
  varying: z
    .array(Pattern)
    .default([])
    .describe('Requirements that may differ between the wheels of one package: nvidia-*.'),
  unknownClassifiers: z
    .array(Pattern)
    .default([])
    .describe('Classifiers that the package index does not know: it refuses a file that has one.'),
});
export type WheelRules = z.infer<typeof WheelRules>;
