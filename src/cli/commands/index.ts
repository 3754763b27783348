import type { CommandSpec } from '../command-spec.ts';
import { ARTIFACTS } from './artifacts.ts';
import { ASKING } from './asking.ts';
import { DAY } from './day.ts';
import { DECIDING } from './deciding.ts';
import { EVERYDAY } from './everyday.ts';
import { FINALIZING } from './finalizing.ts';
import { NOTIFYING } from './notifying.ts';
import { PATCHING } from './patching.ts';
import { PEOPLE } from './people.ts';
import { PLANNING } from './planning.ts';
import { PICKING } from './picking.ts';
import { PROMOTION } from './promotion.ts';
import { RELEASES } from './release.ts';
import { PARTNER_WEBHOOKS } from './partner-webhooks.ts';
import { SIGNING_IN } from './signing-in.ts';
import { SYSTEM } from './system.ts';
import { WHEELS } from './wheels.ts';

/** Every command there is, in the order of the help text. Data only: what does a command is loaded when it is called. */
export const COMMANDS: readonly CommandSpec[] = [
  ...EVERYDAY,
  ...RELEASES,
  ...PLANNING,
  ...DECIDING,
  ...ASKING,
  ...FINALIZING,
  ...PICKING,
  ...ARTIFACTS,
  ...PROMOTION,
  ...PATCHING,
  ...PEOPLE,
  ...DAY,
  ...WHEELS,
  ...SYSTEM,
  ...SIGNING_IN,
  ...NOTIFYING,
  ...PARTNER_WEBHOOKS,
];
