import { cleanup } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';

// happy-dom has no layout: lists need a size, and Mantine asks for these.
beforeAll(() => {
  window.matchMedia ??= (query) =>
    ({
      matches: false,
      media: query,
      addEventListener() {},
      removeEventListener() {},
    }) as unknown as MediaQueryList;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView ??= () => {};
  // A text box that grows measures itself anew when a font has come.
  if (!document.fonts) Object.defineProperty(document, 'fonts', { value: new EventTarget() });
});

afterEach(cleanup);
