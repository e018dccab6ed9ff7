/**
 * Writes out letters that do something without being seen, wherever the window shows text.
 *
 * A name out of a file may hold an override of direction that makes it look like another one. Whichever screen shows it, it
 * is written out after the screen has put it there. What is typed into a field stays as it is.
 */
import { visible } from '../components/visible';

const NAMES = ['aria-label', 'title', 'placeholder', 'alt'];

/** Begins to watch over a part of the page; returns what ends it. */
export function showHiddenLetters(root: Node): () => void {
  clean(root);
  const observer = new MutationObserver((changes) => {
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (type === 'characterData') cleanText(target);
      if (type === 'attributes' && attributeName) cleanName(target as Element, attributeName);
      for (const node of addedNodes) clean(node);
    }
  });
  observer.observe(root, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: NAMES,
  });
  return () => observer.disconnect();
}

function clean(root: Node): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node: Node | null = root; node; node = walker.nextNode()) {
    if (node instanceof Element) for (const name of NAMES) cleanName(node, name);
    else cleanText(node);
  }
}

function cleanText(node: Node): void {
  if (node.nodeType !== Node.TEXT_NODE || node.nodeValue === null) return;
  // Line breaks and tabs lay a text out.
  const shown = node.nodeValue.replace(/[^\n\r\t]+/g, visible);
  if (shown !== node.nodeValue) node.nodeValue = shown;
}

function cleanName(element: Element, name: string): void {
  const value = element.getAttribute(name);
  if (value === null) return;
  const shown = value.replace(/[^\n\r\t]+/g, visible);
  if (shown !== value) element.setAttribute(name, shown);
}
