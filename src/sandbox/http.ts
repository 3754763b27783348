import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { z } from 'zod';

const documentation = 'https://docs.github.com/rest';

/** A refusal with GitHub's status and body; thrown by handlers, answered by the server. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, errors?: readonly unknown[], headers = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
  body() {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      documentation_url: documentation,
      status: String(this.status),
    };
  }
}

export const notFound = () => new HttpError(404, 'Not Found');

/** GitHub's 422 with one entry per field. */
export function invalid(resource: string, field: string, code: string, message?: string): HttpError {
  const entry = message === undefined ? { resource, field, code } : { resource, field, code, message };
  return new HttpError(422, 'Validation Failed', [entry]);
}

/** What a handler answers; a Buffer or string body goes out as it is, all else as JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });

/** Reads a body up to a limit in bytes; over it, the rest is drained unread and 413 thrown. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size <= limit) chunks.push(bytes);
  }
  if (size > limit) throw new HttpError(413, `Payload too large: the limit is ${limit} bytes`);
  return Buffer.concat(chunks);
}

/** The JSON of a body; an absent body is an empty object. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new HttpError(400, 'Body should be a JSON object');
    }
    return value;
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, 'Problems parsing JSON');
  }
}

/** Takes a body by its schema, or answers 422 naming each field. */
export function take<T>(schema: z.ZodType<T>, body: unknown, resource: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => {
    const missing = issue.code === 'invalid_type' && /received undefined/u.test(issue.message);
    const field = issue.path.map(String).join('.');
    return { resource, field, code: missing ? 'missing_field' : 'invalid', message: issue.message };
  });
  throw new HttpError(422, 'Validation Failed', errors);
}

export interface Page {
  readonly number: number;
  readonly size: number;
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

/** Which page a request asks for: 30 a page unless told, 100 at most. */
export function pageOf(url: URL): Page {
  return {
    number: positive(url.searchParams.get('page'), 1),
    size: Math.min(100, positive(url.searchParams.get('per_page'), 30)),
  };
}

/** The Link header of a page, absent when all fits on one. */
export function linkHeader(url: URL, page: Page, total: number): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / page.size));
  const link = (number: number, rel: string) => {
    const target = new URL(url);
    target.searchParams.set('page', String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page.number > 1) links.push(link(Math.min(page.number - 1, last), 'prev'));
  if (page.number < last) links.push(link(page.number + 1, 'next'), link(last, 'last'));
  if (page.number > 1) links.push(link(1, 'first'));
  return links.length === 0 ? {} : { link: links.join(', ') };
}

/** One page of a list held in memory; only what is on the page is shaped. */
export function paged<T>(url: URL, items: readonly T[], shape: (item: T) => unknown): Reply {
  const page = pageOf(url);
  const start = (page.number - 1) * page.size;
  const body = items.slice(start, start + page.size).map(shape);
  return { status: 200, body, headers: linkHeader(url, page, items.length) };
}

/** One page of a list that GitHub wraps in an object with its total. */
export function pagedIn<T>(url: URL, name: string, items: readonly T[], shape: (item: T) => unknown): Reply {
  const { body, headers = {} } = paged(url, items, shape);
  return { status: 200, body: { total_count: items.length, [name]: body }, headers };
}

/** GitHub's weak validator of an answer. */
export function etagOf(bytes: Buffer): string {
  return `W/"${createHash('sha256').update(bytes).digest('hex')}"`;
}
