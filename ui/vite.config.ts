import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  build: {
    // The oldest web view that we run on: WebKitGTK of Debian 12.
    target: 'safari16',
    chunkSizeWarningLimit: 2000,
  },
  test: {
    environment: 'happy-dom',
    globalSetup: 'src/testing/serveDoor.ts',
    setupFiles: ['src/testing/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    maxWorkers: 2,
    testTimeout: 120_000,
    // The real host may answer late on a busy machine. A second try is counted in the report.
    retry: 1,
  },
});
