/** Turns an element into another one, keeping the nodes: focus, what is written, what is open and how far it is scrolled stay. */

/** State of the reader on this element, which the server does not know. */
function isReaders(element: Element, attribute: string): boolean {
  switch (attribute) {
    case 'open':
      return element.nodeName === 'DETAILS';
    case 'hidden':
      return element.classList.contains('more');
    case 'aria-expanded':
    case 'href':
      return element.classList.contains('opens');
    case 'tabindex':
      return element.closest('.grid') !== null || element.classList.contains('scroll');
    default:
      return false;
  }
}

function morphAttributes(from: Element, to: Element): void {
  for (const { name } of Array.from(from.attributes)) {
    if (!to.hasAttribute(name) && !isReaders(from, name)) from.removeAttribute(name);
  }
  for (const { name, value } of Array.from(to.attributes)) {
    if (from.getAttribute(name) !== value && !(isReaders(from, name) && from.isConnected))
      from.setAttribute(name, value);
  }
}

function idOf(node: Node): string {
  return node instanceof Element ? node.id : '';
}

/** The child that becomes this one: the one of the same id, else the one in its place if it is of its kind and has no id either. */
function matchOf(wanted: Node, here: Node | null, known: ReadonlyMap<string, Node>): Node | null {
  const id = idOf(wanted);
  if (id !== '') return known.get(id) ?? null;
  return here !== null && here.nodeName === wanted.nodeName && idOf(here) === '' ? here : null;
}

function morphChildren(from: Element, to: Element): void {
  const known = new Map(Array.from(from.children, (child) => [child.id, child] as const).filter(([id]) => id !== ''));
  let here: ChildNode | null = from.firstChild;
  for (const wanted of Array.from(to.childNodes)) {
    const match = matchOf(wanted, here, known);
    if (match === null) {
      from.insertBefore(wanted, here);
      continue;
    }
    if (match !== here) from.insertBefore(match, here);
    here = match.nextSibling;
    morphNode(match, wanted);
  }
  while (here !== null) {
    const gone: ChildNode = here;
    here = here.nextSibling;
    gone.remove();
  }
}

function morphNode(from: Node, to: Node): void {
  if (from instanceof Element && to instanceof Element) morph(from, to);
  else if (from instanceof CharacterData && to instanceof CharacterData && from.data !== to.data)
    from.replaceData(0, from.length, to.data);
}

export function morph(from: Element, to: Element): void {
  if (from.nodeName !== to.nodeName) {
    from.replaceWith(to);
    return;
  }
  if (from.isEqualNode(to)) return;
  morphAttributes(from, to);
  morphChildren(from, to);
}
