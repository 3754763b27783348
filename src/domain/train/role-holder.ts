import { z } from 'zod';

const TEAM = /^@([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/;

/** Who has a role: a login, or everybody in a team of the forge, as `@org/team`. */
export const RoleHolder = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith('@') || TEAM.test(text), {
    error: 'neither a login nor a team: write a team as @org/team, and a login without @',
  });
