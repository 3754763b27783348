import type { Environment } from '../../config/environment.ts';
import type { PartnerHooks } from '../../ports/partner-hooks.ts';

type Secrets = NonNullable<ReturnType<Environment['partnerSecrets']['get']>>;

/** How partners are reached. */
export interface Partners {
  readonly hooks: PartnerHooks;
  /** The newest first; none where the environment has none. */
  secretsOf(partner: string): Secrets;
}
