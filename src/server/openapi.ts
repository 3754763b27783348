import { z } from 'zod';
import { PARTNER_PAYLOADS } from '../app/partners/payload.ts';
import { envelopeOf, Refusal } from '../api/envelope.ts';
import type { Doc } from '../web/doc.ts';
import type { AnyAction, Page } from './page.ts';

/** A description of the API as OpenAPI 3.1 has it. */
export interface ApiDescription {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What partners are sent. */
  readonly webhooks: Readonly<Record<string, unknown>>;
  readonly components: Readonly<Record<string, unknown>>;
  readonly security: readonly unknown[];
}

/** `/r/:release` to `/r/{release}`. */
function pathOf(pattern: string): string {
  return `/api/v1${pattern.replaceAll(/:([a-zA-Z]+)/gu, '{$1}')}`;
}

function parametersOf(pattern: string, query: readonly string[]): readonly unknown[] {
  const names = [...pattern.matchAll(/:([a-zA-Z]+)/gu)].map((match) => match[1] ?? '');
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...query.map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
  ];
}

/** Of the schemas that the server itself checks with; what JSON Schema cannot say is left open. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
}

const REFUSED = {
  description: 'a no, with its reason and what to do next',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
};

function answers(description: string, schema: unknown, statuses: readonly string[]): unknown {
  return {
    200: { description, content: { 'application/json': { schema } } },
    ...Object.fromEntries(statuses.map((status) => [status, REFUSED])),
  };
}

function operationOf(page: Page): unknown {
  return {
    operationId: page.name,
    summary: page.summary,
    tags: ['pages'],
    parameters: parametersOf(page.path, [...page.reads, 'at']),
    responses: answers('the same facts as the page', schemaOf(envelopeOf(page.name, page.schema), 'output'), [
      '400',
      '401',
      '404',
      '503',
    ]),
  };
}

function actionOperation(action: AnyAction): unknown {
  return {
    operationId: action.name,
    summary: action.summary,
    tags: ['actions'],
    ...(action.roles.length === 0
      ? {}
      : { description: `Needs the role ${action.roles.join(' or ')}, and a token with the scope write.` }),
    parameters: parametersOf(action.path, []),
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(action.schema, 'input') } } },
    responses: answers(
      'what was done',
      { type: 'object', properties: { said: { type: 'string' }, see: { type: 'string' } } },
      ['400', '401', '403', '404', '409', '422', '503'],
    ),
  };
}

/** A message to a partner; docs/webhooks.md says how its signature is checked. */
function webhookOf(type: string, schema: z.ZodType): unknown {
  return {
    post: {
      operationId: `webhook-${type}`,
      summary: `Told to partners whose webhook names ${type}`,
      tags: ['webhooks'],
      security: [],
      parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({
        name,
        in: 'header',
        required: true,
        schema: { type: 'string' },
      })),
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(schema, 'output') } } },
      responses: {
        '2XX': { description: 'taken; anything else is tried again, later each time, and redirects are not followed' },
        410: { description: 'the message is not wanted; it is not tried again' },
      },
    },
  };
}

/** Made from the pages and actions themselves, so that it cannot say anything else than they do. */
export function apiDescription(
  pages: readonly Page[],
  actions: readonly AnyAction[],
  product: { readonly title: string; readonly version: string },
): ApiDescription {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const page of pages) paths[pathOf(page.path)] = { ...paths[pathOf(page.path)], get: operationOf(page) };
  for (const action of actions)
    paths[pathOf(action.path)] = { ...paths[pathOf(action.path)], post: actionOperation(action) };
  return {
    openapi: '3.1.1',
    info: {
      ...product,
      description:
        'Every page as JSON, and everything that can be done on one. Members are only ever added; one that changes its meaning changes the number in `schema`.',
    },
    paths,
    webhooks: Object.fromEntries(
      Object.entries(PARTNER_PAYLOADS).map(([type, schema]) => [type, webhookOf(type, schema)]),
    ),
    components: {
      schemas: { Refusal: schemaOf(Refusal, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'made with: signalbox token create' } },
    },
    security: [{ token: [] }],
  };
}

/** The description to be read by people. */
export function apiDoc(pages: readonly Page[], actions: readonly AnyAction[]): Doc {
  const columns = [
    { key: 'path', name: 'Path', mono: true },
    { key: 'is', name: 'What' },
    { key: 'needs', name: 'Needs' },
  ];
  const table = (
    id: string,
    caption: string,
    rows: readonly { readonly key: string; readonly cells: readonly string[] }[],
  ) =>
    ({
      kind: 'table',
      id,
      caption,
      columns,
      groups: [{ name: null, rows }],
      empty: 'There is nothing. That is a bug: say so.',
    }) as const;
  return {
    title: 'API',
    heading: 'API',
    tab: 'system',
    release: null,
    command: null,
    blocks: [
      {
        kind: 'paragraph',
        text: [
          'Every page is also JSON: at the path below, or with ',
          { kind: 'code', text: '.json' },
          ' behind its own. The whole description, for programs: ',
          { kind: 'link', href: '/api/v1/openapi.json', text: 'OpenAPI 3.1' },
          '.',
        ],
      },
      {
        kind: 'code',
        label: 'An example',
        text: 'curl -H "Authorization: Bearer $SIGNALBOX_TOKEN" https://signalbox.example/api/v1/todo',
      },
      table(
        'reads',
        'What can be read (GET)',
        pages.map((page) => ({
          key: page.name,
          cells: [pathOf(page.path), page.summary, [...page.reads, 'at'].map((name) => `?${name}=`).join(' ')],
        })),
      ),
      table(
        'acts',
        'What can be done (POST, JSON)',
        actions.map((action) => ({
          key: action.name,
          cells: [pathOf(action.path), action.summary, action.roles.join(' or ') || 'anybody signed in'],
        })),
      ),
    ],
  };
}
