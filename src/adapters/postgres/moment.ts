import { z } from 'zod';
import { instantOf, type Instant } from '../../domain/instant.ts';

/** A moment as PostgreSQL gives it. */
export const Moment = z.date().transform((date): Instant => instantOf(date.getTime()));
