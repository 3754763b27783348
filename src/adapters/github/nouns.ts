import { Octokit, RequestError } from 'octokit';
import type { Forge } from '../../ports/forge.ts';
import { changes } from './changes.ts';
import { checks } from './checks.ts';
import { makeClient } from './client.ts';
import { comments } from './comments.ts';
import { issues } from './issues.ts';
import { labels } from './labels.ts';
import { milestones } from './milestones.ts';
import { people } from './people.ts';
import { pulls } from './pulls.ts';
import { releases } from './releases.ts';
import { repositories } from './repositories.ts';
import { reviews } from './reviews.ts';
import { transport, type TransportOptions } from './transport.ts';
import { uploader } from './upload.ts';
import { webhooks } from './webhooks.ts';
import { workItems } from './work-items.ts';

// Octokit would write warnings to the console, which belongs to the command line.
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): undefined {
  return undefined;
}

/** The forge over Octokit. Its own retries and throttling are off: there is one place that repeats, and it knows what is safe. */
export function nouns(options: TransportOptions & { readonly userAgent: string; readonly isApp: boolean }): Forge {
  const octokit = new Octokit({
    baseUrl: options.apiUrl.href.replace(/\/$/, ''),
    userAgent: options.userAgent,
    log: silent,
    retry: { enabled: false },
    throttle: { enabled: false },
    request: { fetch: transport(options) },
  });
  const client = makeClient(octokit, (error) => error instanceof RequestError, options.now);
  return {
    people: people(client, options.isApp),
    issues: issues(client),
    milestones: milestones(client),
    labels: labels(client),
    pulls: pulls(client),
    checks: checks(client),
    comments: comments(client),
    items: workItems(client),
    reviews: reviews(client),
    changes: changes(client),
    releases: releases(client, uploader(options)),
    repos: repositories(client),
    webhooks: webhooks(client, options.isApp),
  };
}
