import { cleanup } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';

// happy-dom has no layout: lists need a size, and Mantine asks for these two.
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
});

afterEach(cleanup);
