// Records which controls of the window are seen and which are used, in the page's tests and, injected, in the real window.
//
// A control is `[where, role, name]`: `where` is the dialog around it, else empty. `cargo xtask controls` unites
// what all tests recorded. `window.recordedControls()` returns what was recorded since it was called last.
(() => {
  if (window.recordedControls) return;
  const controls =
    'button,summary,a[href],input:not([type=hidden]):not([type=file]),textarea,select,[role=button],[role=link],' +
    '[role=menuitem],[role=tab],[role=switch],[role=separator][tabindex]';
  const inputs = { checkbox: 'checkbox', radio: 'radio', range: 'slider', search: 'searchbox' };
  const tags = { A: 'link', BUTTON: 'button', SUMMARY: 'button', TEXTAREA: 'textbox', SELECT: 'combobox' };
  /** How keys are written where the window lists them. */
  const keys = {
    ArrowUp: '↑ ↓',
    ArrowDown: '↑ ↓',
    Escape: 'Esc',
    Enter: 'Enter',
    F8: 'F8',
    '/': '/',
    '?': '?',
  };
  const withControl = { k: 'Ctrl K', '+': 'Ctrl + / −', '=': 'Ctrl + / −', '-': 'Ctrl + / −', 0: 'Ctrl 0' };

  const UNNAMED = 'a dialog';

  let seen = new Set();
  let used = new Set();
  /** What the last look of the clock's has found. Whatever is gone by the next one, nobody could have used. */
  let standing = new Set();
  let isGoing = false;

  const text = (node) => node.textContent.replace(/\s+/g, ' ').trim();
  const words = (node) =>
    [...node.childNodes]
      .map((one) => {
        if (one.nodeType !== Node.ELEMENT_NODE) return one.nodeType === Node.TEXT_NODE ? one.data : '';
        return one.getAttribute('aria-hidden') === 'true' ? '' : words(one);
      })
      .join('');
  // Without what is only drawn, such as the asterisk of what is required or the arrow of a sorted column.
  const spoken = (node) => words(node).replace(/\s+/g, ' ').trim();
  const named = (node, attribute) =>
    (node.getAttribute(attribute) ?? '')
      .split(' ')
      .map((id) => id && document.getElementById(id))
      .filter(Boolean)
      .map(text)
      .join(' ');

  function nameOf(node) {
    const label = node.getAttribute('aria-label')?.trim() || named(node, 'aria-labelledby');
    if (label) return label;
    if (!node.matches('input,textarea,select')) return spoken(node) || node.title || '';
    if (node.labels?.length) return [...node.labels].map(spoken).join(' ');
    return node.placeholder || node.title || '';
  }

  function roleOf(node) {
    const role = node.getAttribute('role');
    if (role) return role;
    if (node.tagName === 'INPUT') return inputs[node.type] ?? 'textbox';
    return tags[node.tagName] ?? node.tagName.toLowerCase();
  }

  /** The dialog around it. What isn't in one is known by its name alone, on whichever screen it is. */
  function whereIs(node) {
    const dialog = node.closest('[role=dialog]');
    if (!dialog) return '';
    return dialog.getAttribute('aria-label') ?? (named(dialog, 'aria-labelledby') || UNNAMED);
  }

  /** Names of rows, and of what is listed as the workspace or the org has it, are data, whichever words they have in them. */
  const isData = (node) => node.closest('[data-opens],[data-listed]') !== null;
  const control = (node) => JSON.stringify([whereIs(node), roleOf(node), isData(node) ? '…' : nameOf(node)]);

  /** A dialog gets its name a moment after it is there. */
  const isNamed = (node) => whereIs(node) !== UNNAMED;

  /** Whether nobody can use it, nor what is in it. */
  const isOut = (node) =>
    ['aria-disabled', 'aria-hidden'].some((name) => node.getAttribute(name) === 'true') ||
    node.hasAttribute('hidden');

  // Walked by hand, because a simulated page is slow to search for so many selectors.
  function findIn(parent, found) {
    for (const node of parent.children) {
      if (isOut(node)) continue;
      const mayBe = node.tagName in tags || node.tagName === 'INPUT' || node.hasAttribute('role');
      if (mayBe && node.matches(controls) && isNamed(node) && !node.disabled) found.add(control(node));
      if (node.tagName === 'KBD' && node.closest('dt')) found.add(JSON.stringify(['', 'key', text(node)]));
      findIn(node, found);
    }
    return found;
  }

  const found = () => findIn(document.body, new Set());

  function look() {
    const now = found();
    for (const one of now) if (standing.has(one)) seen.add(one);
    return now;
  }

  function use(node) {
    const element = node instanceof Element ? node.closest(controls) : null;
    if (element && !element.disabled) used.add(control(element));
  }

  function press(event) {
    const key = event.key ?? '';
    const isTyping =
      event.target instanceof Element && event.target.matches('input,textarea,[contenteditable]');
    const withoutControl = event.altKey && keys[key] === '↑ ↓' ? 'Alt ↑ ↓' : keys[key];
    const pressed = event.ctrlKey || event.metaKey ? withControl[key.toLowerCase()] : withoutControl;
    const isLetter = key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (pressed && !(isLetter && isTyping)) used.add(JSON.stringify(['', 'key', pressed]));
    if (isGoing && isLetter) used.add(JSON.stringify(['', 'key', `G ${key.toUpperCase()}`]));
    isGoing = key === 'g' && isLetter && !isTyping && !isGoing;
    // A field is used by typing into it, anything else by the keys that press it or move within it.
    if (!isTyping && ['Enter', ' ', 'ArrowLeft', 'ArrowRight', 'Delete'].includes(key)) use(event.target);
  }

  // Before it changes what is there.
  document.addEventListener('click', look, true);
  for (const kind of ['click', 'input', 'change']) {
    document.addEventListener(kind, (event) => use(event.target), true);
  }
  document.addEventListener('keydown', press, true);
  // What nothing touches is seen as well.
  const looking = setInterval(() => {
    // A test's page is gone before its timers are.
    if (globalThis.document) standing = look();
    else clearInterval(looking);
  }, 500);

  window.nameOfControl = nameOf;
  window.recordedControls = () => {
    look();
    const recorded = { seen: [...seen], used: [...used] };
    seen = new Set();
    used = new Set();
    return recorded;
  };
})();
