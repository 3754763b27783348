import type { App } from '../app/app.ts';
import { listReleases } from '../app/releases.ts';
import { GateId } from '../domain/gate.ts';
import { changeHref, gateHref, planHref, releaseHref } from '../domain/page-path.ts';
import { PlanId } from '../domain/plan/plan.ts';

const RELEASE = /^v?(\d+\.\d+\.\d+)$/u;
const CANDIDATE = /^v?(\d+\.\d+\.\d+)-?rc\d+$/u;
const CHANGE = /^(?:([A-Za-z0-9._-]{1,100})?#|)(\d{1,9})$/u;
const PULL = /\/([A-Za-z0-9._-]{1,100})\/pull\/(\d{1,9})(?:[/?#].*)?$/u;

/** Where what was typed into Find leads; null when it names nothing that has a page. */
export async function findPlace(app: App, typed: string): Promise<string | null> {
  const text = typed.trim();
  const release = (RELEASE.exec(text) ?? CANDIDATE.exec(text))?.[1];
  if (release !== undefined) return releaseHref(release);
  const { repos } = app.loaded.train;
  const core = Object.entries(repos).find(([, repo]) => repo.role === 'core')?.[0];
  const repoNamed = (name: string | undefined): string | null => {
    if (name === undefined) return core ?? null;
    const found = Object.entries(repos).find(([key, repo]) => key === name || repo.slug?.endsWith(`/${name}`) === true);
    return found?.[0] ?? null;
  };
  const change = PULL.exec(text) ?? CHANGE.exec(text);
  const repo = change === null ? null : repoNamed(change[1]);
  if (change?.[2] !== undefined && repo !== null) return changeHref({ repo, pr: Number(change[2]) });
  const isGate = GateId.safeParse(text).success && text.includes('-');
  if (isGate) {
    const newest = (await listReleases(app)).findLast(({ closed }) => closed === null);
    if (newest !== undefined) return gateHref(newest.release, text);
  }
  return PlanId.safeParse(text).success ? planHref(text) : null;
}
