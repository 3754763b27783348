/** Elements by selector, typed by what they have to be. */

export function all(selector: string, within: ParentNode = document): readonly HTMLElement[] {
  return Array.from(within.querySelectorAll(selector)).filter((each) => each instanceof HTMLElement);
}

export function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

/** The element that an event came from or through, within the selector. */
export function through(event: Event, selector: string): HTMLElement | null {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}

/** Whether somebody writes there: single keys are letters then. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, select, textarea') || target.isContentEditable);
}
