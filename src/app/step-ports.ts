import type { StepPorts } from '../engine/driver.ts';
import type { App } from './app.ts';

/** The ports through which the steps of the app's plans are looked at and carried out. */
export function stepPorts(app: App): StepPorts {
  return { git: app.git, forge: app.forge, pages: app.pages, files: app.files, packages: app.packages };
}
